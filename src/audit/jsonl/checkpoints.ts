import { isPromise } from '../../core/model/json.ts'
import type { Checkpoint } from '../ledger/checkpoint.ts'
import { settledWithin, systemTimers } from '../timers.ts'
import type { Journal } from './journal.ts'
import type { CheckpointOptions, Report } from './options.ts'

/** How long a closing sink waits for a checkpoint to be kept. */
const LAST_MS = 4_000

export interface Checkpoints {
  /** Told of records that were written. */
  add(records: number, place: Journal['place']): void
  /** Makes the last one. */
  close(place: Journal['place']): Promise<void>
}

/** One at a time: one that is due while another is under way is made with the next records. */
export function createCheckpoints(
  options: CheckpointOptions | undefined,
  report: Report,
): Checkpoints {
  let since = 0
  let writing: Promise<void> | undefined
  const make = (place: Journal['place']): void => {
    if (options === undefined || place === undefined || since === 0 || writing !== undefined) return
    since = 0
    const failed = (cause: unknown): void =>
      report('audit_checkpoint_failed', 'a checkpoint could not be kept', cause)
    const { last, lines: count, file } = place
    const plain: Checkpoint = { schema: 1, ...last, count, file }
    try {
      const answer = options.write(options.sign?.(plain) ?? plain)
      if (!isPromise(answer)) return
      writing = Promise.resolve(answer)
        .catch(failed)
        .finally(() => {
          writing = undefined
        })
    } catch (cause) {
      failed(cause)
    }
  }
  const settled = async (): Promise<void> => {
    if (writing === undefined || (await settledWithin(writing, LAST_MS, systemTimers))) return
    report('audit_checkpoint_failed', `a checkpoint was not kept within ${LAST_MS} ms`)
  }
  return {
    add(records, place) {
      since += records
      if (since >= (options?.every ?? Number.POSITIVE_INFINITY)) make(place)
    },
    async close(place) {
      await settled()
      make(place)
      await settled()
    },
  }
}
