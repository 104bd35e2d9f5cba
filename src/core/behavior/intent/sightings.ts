/** Most values whose places are known; the oldest go first. */
export const MAX_SIGHTINGS = 8_192

/** Records in which a value was seen besides requests, -1 for none. Two tell that it is common. */
export interface Sighting {
  field: number
  otherField: number
  prose: number
  otherProse: number
}

/** Where values stand outside requests: what also stands in other records is no secret order. */
export interface Sightings {
  see(value: number, record: number, isField: boolean): void
  get(value: number): Sighting | undefined
  put(value: number, sighting: Sighting): void
  entries(): Iterable<readonly [value: number, sighting: Sighting]>
  readonly size: number
}

export function createSightings(): Sightings {
  const seen = new Map<number, Sighting>()
  const put = (value: number, sighting: Sighting): void => {
    if (seen.size >= MAX_SIGHTINGS) {
      const oldest = seen.keys().next().value
      if (oldest !== undefined) seen.delete(oldest)
    }
    seen.set(value, sighting)
  }
  return {
    see: (value, record, isField) => {
      const known = seen.get(value)
      if (known !== undefined) addRecord(known, record, isField)
      else if (isField) put(value, { field: record, otherField: -1, prose: -1, otherProse: -1 })
      else put(value, { field: -1, otherField: -1, prose: record, otherProse: -1 })
    },
    get: (value) => seen.get(value),
    put,
    entries: () => seen,
    get size() {
      return seen.size
    },
  }
}

function addRecord(known: Sighting, record: number, isField: boolean): void {
  if (isField) {
    if (known.field < 0) known.field = record
    else if (known.field !== record) known.otherField = record
  } else if (known.prose < 0) known.prose = record
  else if (known.prose !== record) known.otherProse = record
}
