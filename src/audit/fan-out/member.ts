import type { AuditRecord } from '../../core/model/audit-record.ts'
import { isPromise, type MaybePromise } from '../../core/model/json.ts'
import type { AuditSink } from '../../core/model/ports.ts'
import type { SinkDiagnostic } from '../sink-options.ts'
import { settledWithin, type Timers } from '../timers.ts'

/** How one member is doing. */
export interface FanOutMember {
  readonly name: string
  readonly required: boolean
  /** Records that it has accepted in time. */
  readonly accepted: number
  /** Records that it refused, did not answer in time, or was not offered. */
  readonly refused: number
  /** Records that a best-effort member never got, because it was too slow. */
  readonly dropped: number
  /** Records that wait for it. */
  readonly waiting: number
  /** It has not answered in time, and is passed over until it does. */
  readonly hanging: boolean
}

/** Why a member has not kept a record. */
export interface Refusal {
  readonly name: string
  readonly why: string
  readonly cause?: unknown
}

export interface MemberOptions {
  readonly sink: AuditSink
  readonly name: string
  readonly timeoutMs: number
  readonly maxQueue: number
  readonly timers: Timers
  readonly report: (diagnostic: SinkDiagnostic) => void
}

/** A member whose answer counts. */
export interface RequiredMember {
  offer(records: readonly AuditRecord[]): MaybePromise<Refusal | undefined>
  state(): FanOutMember
  close(): Promise<Refusal | undefined>
}

export function requiredMember(options: MemberOptions): RequiredMember {
  const { sink, name, timeoutMs, timers } = options
  const health = healthOf(options)
  const pending = new Set<Promise<unknown>>()
  let [accepted, refused, waiting, overdue] = [0, 0, 0, 0]

  const refuse = (count: number, why: string, cause?: unknown): Refusal => {
    refused += count
    health.failed(why, cause)
    return { name, why, cause }
  }
  const accept = (count: number): undefined => {
    accepted += count
    health.works()
  }
  const awaitAnswer = (count: number, answer: PromiseLike<void>): Promise<Refusal | undefined> => {
    waiting += count
    return new Promise((resolve) => {
      let isLate = false
      const cancel = timers.after(timeoutMs, () => {
        isLate = true
        overdue += 1
        resolve(refuse(count, `did not answer within ${timeoutMs} ms`))
      })
      const settle = (judge: () => Refusal | undefined): void => {
        cancel()
        waiting -= count
        if (isLate) overdue -= 1
        else resolve(judge())
      }
      const settled = Promise.resolve(answer).then(
        () => settle(() => accept(count)),
        (cause: unknown) => settle(() => refuse(count, 'refused the records', cause)),
      )
      pending.add(settled)
      void settled.finally(() => pending.delete(settled))
    })
  }
  return {
    offer(records) {
      const count = records.length
      if (overdue > 0) return refuse(count, 'still has not answered an earlier write')
      if (waiting > 0 && waiting + count > options.maxQueue)
        return refuse(count, `has ${waiting} records unanswered, and takes ${options.maxQueue}`)
      try {
        const answer = sink.write(records)
        return isPromise(answer) ? awaitAnswer(count, answer) : accept(count)
      } catch (cause) {
        return refuse(count, 'refused the records', cause)
      }
    },
    state: () => ({
      ...{ name, required: true, accepted, refused, dropped: 0, waiting },
      hanging: overdue > 0,
    }),
    async close() {
      await settledWithin(Promise.allSettled(pending), timeoutMs / 2, timers)
      return closeMember(options)
    },
  }
}

/** Says that a member fails when it begins to, and when it is over: not with every record. */
export function healthOf({ name, report }: Pick<MemberOptions, 'name' | 'report'>) {
  let isFailing = false
  return {
    failed(why: string, cause?: unknown): void {
      if (isFailing) return
      isFailing = true
      report({ code: 'audit_sink_failed', message: `sink \`${name}\` ${why}`, cause })
    },
    works(): void {
      if (!isFailing) return
      isFailing = false
      report({ code: 'audit_sink_recovered', message: `sink \`${name}\` takes records again` })
    },
  }
}

/** Half of the limit is for what is under way, half for this. */
export async function closeMember(options: MemberOptions): Promise<Refusal | undefined> {
  const { sink, name, timeoutMs, timers } = options
  try {
    const closing = sink.close?.()
    if (closing === undefined || !isPromise(closing)) return undefined
    if (await settledWithin(closing, timeoutMs / 2, timers)) {
      await closing
      return undefined
    }
    return { name, why: `did not close within ${timeoutMs / 2} ms` }
  } catch (cause) {
    return { name, why: 'failed to close', cause }
  }
}
