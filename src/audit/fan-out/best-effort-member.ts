import type { AuditRecord } from '../../core/model/audit-record.ts'
import { isPromise } from '../../core/model/json.ts'
import { settledWithin } from '../timers.ts'
import {
  closeMember,
  type FanOutMember,
  healthOf,
  type MemberOptions,
  type Refusal,
} from './member.ts'

/** A member that is told, and not asked. */
export interface BestEffortMember {
  tell(records: readonly AuditRecord[]): void
  state(): FanOutMember
  close(): Promise<Refusal | undefined>
}

/** Records that one write hands over at most. */
const MAX_BATCH = 256

/**
 * Writes from a queue of its own, one write at a time and never in the turn of whoever tells, so that
 * its slowness is its own. The oldest records go where the queue is full.
 */
export function bestEffortMember(options: MemberOptions): BestEffortMember {
  const { sink, name, timeoutMs, maxQueue, timers } = options
  const health = healthOf(options)
  let queue: AuditRecord[] = []
  let [accepted, refused, dropped, inFlight] = [0, 0, 0, 0]
  let isHanging = false
  let running: Promise<void> | undefined
  let cancelRun: (() => void) | undefined

  const writeBatch = async (): Promise<void> => {
    const batch = queue.splice(0, MAX_BATCH)
    inFlight = batch.length
    const cancel = timers.after(timeoutMs, () => {
      isHanging = true
      health.failed(`did not answer within ${timeoutMs} ms`)
    })
    try {
      const answer = sink.write(batch)
      if (isPromise(answer)) await answer
      accepted += batch.length
      health.works()
    } catch (cause) {
      refused += batch.length
      health.failed('refused the records', cause)
    } finally {
      cancel()
      isHanging = false
      inFlight = 0
    }
  }
  const run = (): Promise<void> => {
    cancelRun?.()
    cancelRun = undefined
    running ??= writeBatch().finally(() => {
      running = undefined
      schedule()
    })
    return running
  }
  const schedule = (): void => {
    if (queue.length === 0 || running !== undefined || cancelRun !== undefined) return
    cancelRun = timers.after(0, () => void run())
  }
  const drain = async (): Promise<void> => {
    while (queue.length > 0 || running !== undefined) await run()
  }
  return {
    tell(records) {
      queue.push(...records)
      const excess = queue.length - maxQueue
      if (excess > 0) {
        queue.splice(0, excess)
        dropped += excess
        health.failed(`is too slow: of ${maxQueue} records that wait, the oldest go`)
      }
      schedule()
    },
    state: () => ({
      ...{ name, required: false, accepted, refused, dropped },
      waiting: queue.length + inFlight,
      hanging: isHanging,
    }),
    async close() {
      const isDrained = await settledWithin(drain(), timeoutMs / 2, timers)
      const left = queue.length
      queue = []
      dropped += left
      cancelRun?.()
      const refusal = await closeMember(options)
      if (isDrained || left === 0) return refusal
      return { name, why: `${left} records that waited for it were let go` }
    },
  }
}
