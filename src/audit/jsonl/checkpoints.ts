import type { Checkpoint } from '../ledger/checkpoint.ts'
import { settledWithin, systemTimers } from '../timers.ts'
import type { CheckpointOptions, Report } from './options.ts'
import type { Mark } from './tail.ts'

/** How long a closing sink waits for checkpoints to be kept. */
const LAST_MS = 4_000
/** Most that wait while one is under way. */
const MOST_WAITING = 100

/** Where a ledger has got to: its last record, and how many its file has. */
export interface CheckpointPlace {
  readonly last: Mark
  readonly lines: number
  readonly file: string
}

export interface Checkpoints {
  /** Told of records that were written. One that is due while another is under way is made with the next. */
  add(records: number, place: CheckpointPlace | undefined): void
  /** A file was closed: its last record is the last that a ledger without it could begin after. */
  closed(place: CheckpointPlace): void
  /** A file was deleted as `keep` asks: this was its last record. */
  deleted(place: CheckpointPlace): void
  /** Makes the last one. */
  close(place: CheckpointPlace | undefined): Promise<void>
}

/** Kept one at a time, in the order they were made. */
export function createCheckpoints(
  options: CheckpointOptions | undefined,
  report: Report,
): Checkpoints {
  let since = 0
  let waiting = 0
  let writing: Promise<void> = Promise.resolve()
  const keep = async (point: Checkpoint): Promise<void> => {
    try {
      await options?.write(options.sign?.(point) ?? point)
    } catch (cause) {
      report('audit_checkpoint_failed', 'a checkpoint could not be kept', cause)
    }
    waiting--
  }
  const make = ({ last, lines: count, file }: CheckpointPlace, more: Partial<Checkpoint>): void => {
    if (options === undefined) return
    if (waiting >= MOST_WAITING) {
      report('audit_checkpoint_failed', `${waiting} checkpoints wait: one more was not made`)
      return
    }
    waiting++
    const point: Checkpoint = { schema: 1, ...last, count, file, ...more }
    writing = writing.then(() => keep(point))
  }
  const makeLast = (place: CheckpointPlace | undefined): void => {
    if (place === undefined || since === 0) return
    since = 0
    make(place, {})
  }
  return {
    add(records, place) {
      since += records
      if (waiting === 0 && since >= (options?.every ?? Number.POSITIVE_INFINITY)) makeLast(place)
    },
    closed(place) {
      since = 0
      make(place, {})
    },
    deleted(place) {
      make(place, { deleted: true })
    },
    async close(place) {
      makeLast(place)
      if (await settledWithin(writing, LAST_MS, systemTimers)) return
      report('audit_checkpoint_failed', `a checkpoint was not kept within ${LAST_MS} ms`)
    },
  }
}
