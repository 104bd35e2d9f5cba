import { FifoTable } from './fifo-table.ts'

/** Most values whose places are known; the oldest go first. */
export const MAX_SIGHTINGS = 8_192

/** Records in which a value was seen besides requests, -1 for none. Two tell that it is common. */
export interface Sighting {
  readonly field: number
  readonly otherField: number
  readonly prose: number
  readonly otherProse: number
}

/** Where values stand outside requests: what also stands in other records is no secret order. */
export interface Sightings {
  see(value: number, record: number, isField: boolean): void
  get(value: number): Sighting | undefined
  put(value: number, sighting: Sighting): void
  entries(): Iterable<readonly [value: number, sighting: Sighting]>
  readonly size: number
}

/** Columns of a sighting, side by side. */
const FIELD = 0
const OTHER_FIELD = 1
const PROSE = 2
const OTHER_PROSE = 3
const BITS = 2

export function createSightings(): Sightings {
  const table = new FifoTable(MAX_SIGHTINGS)
  let cells = new Int32Array(table.capacity << BITS)
  /** Where the cells of a new value begin. */
  const push = (value: number): number => {
    const cell = table.push(value) << BITS
    if (table.capacity << BITS > cells.length) {
      const grown = new Int32Array(table.capacity << BITS)
      grown.set(cells)
      cells = grown
    }
    return cell
  }
  const write = (cell: number, field: number, prose: number): void => {
    cells[cell + FIELD] = field
    cells[cell + OTHER_FIELD] = -1
    cells[cell + PROSE] = prose
    cells[cell + OTHER_PROSE] = -1
  }
  const addRecord = (first: number, record: number): void => {
    const known = cells[first] ?? -1
    if (known < 0) cells[first] = record
    else if (known !== record) cells[first + 1] = record
  }
  const sightingAt = (cell: number): Sighting => ({
    field: cells[cell + FIELD] ?? -1,
    otherField: cells[cell + OTHER_FIELD] ?? -1,
    prose: cells[cell + PROSE] ?? -1,
    otherProse: cells[cell + OTHER_PROSE] ?? -1,
  })
  return {
    see: (value, record, isField) => {
      const place = table.find(value)
      if (place >= 0) addRecord((place << BITS) + (isField ? FIELD : PROSE), record)
      else if (isField) write(push(value), record, -1)
      else write(push(value), -1, record)
    },
    get: (value) => {
      const place = table.find(value)
      return place < 0 ? undefined : sightingAt(place << BITS)
    },
    put: (value, sighting) => {
      const place = table.find(value | 0)
      const cell = place < 0 ? push(value | 0) : place << BITS
      cells[cell + FIELD] = sighting.field
      cells[cell + OTHER_FIELD] = sighting.otherField
      cells[cell + PROSE] = sighting.prose
      cells[cell + OTHER_PROSE] = sighting.otherProse
    },
    *entries() {
      for (let index = 0; index < table.size; index += 1) {
        const place = table.placeOf(index)
        yield [table.keyAt(place), sightingAt(place << BITS)] as const
      }
    },
    get size() {
      return table.size
    },
  }
}
