import type { AuditRecord } from '../../core/model/audit-record.ts'
import { seal } from '../ledger/seal.ts'
import type { Timers } from '../timers.ts'
import type { NotDelivered } from './deliver.ts'
import type { WebhookSettings } from './options.ts'

/** One write, until it is answered. */
export interface Waiting {
  readonly records: readonly AuditRecord[]
  readonly deadline: number
  isOver: boolean
  settle(failure?: NotDelivered): void
}

/** Refuses itself when its time is over. */
export function waitingWrite(
  records: readonly AuditRecord[],
  limits: { readonly timeoutMs: number; readonly timers: Timers },
  onEnd: (failure: NotDelivered | undefined) => void,
): Waiting {
  const { timeoutMs, timers } = limits
  const cancel = timers.after(timeoutMs, () =>
    write.settle({ why: `not accepted within ${timeoutMs} ms` }),
  )
  const write: Waiting = {
    records,
    deadline: timers.now() + timeoutMs,
    isOver: false,
    settle(failure) {
      if (write.isOver) return
      write.isOver = true
      cancel()
      onEnd(failure)
    },
  }
  return write
}

/** What the next record names as the one before. */
export interface Chain {
  prev: string | null
}

export interface Batch {
  readonly writes: readonly Waiting[]
  /** Those that are sent: a write whose time is over, or that cannot be sealed, is not. */
  readonly sent: readonly Waiting[]
  readonly lines: readonly string[]
}

/** Whole writes from the head of the queue. What is over is taken too, and left out. */
export function takeBatch(
  queue: readonly Waiting[],
  settings: WebhookSettings,
  chain: Chain,
): Batch {
  const { maxRecords, maxBytes } = settings.batch
  const sent: Waiting[] = []
  const lines: string[] = []
  let taken = 0
  let bytes = 0
  for (const write of queue) {
    const isFull = lines.length + write.records.length > maxRecords || bytes >= maxBytes
    if (sent.length > 0 && isFull) break
    taken += 1
    if (write.isOver) continue
    const sealed = sealAll(write, chain)
    if (sealed === undefined) continue
    sent.push(write)
    lines.push(...sealed)
    for (const line of sealed) bytes += Buffer.byteLength(line)
  }
  return { writes: queue.slice(0, taken), sent, lines }
}

/** Moves the chain only where every record of the write has a canonical form. */
function sealAll(write: Waiting, chain: Chain): readonly string[] | undefined {
  try {
    let { prev } = chain
    const lines = write.records.map((record) => {
      const sealed = seal(record, prev)
      prev = sealed.hash
      return sealed.line
    })
    chain.prev = prev
    return lines
  } catch (cause) {
    write.settle({ why: 'a record has no canonical form', cause })
    return undefined
  }
}
