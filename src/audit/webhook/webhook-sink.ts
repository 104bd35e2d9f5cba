import type { AuditRecord } from '../../core/model/audit-record.ts'
import { CallgateError } from '../../core/model/errors.ts'
import type { AuditSink } from '../../core/model/ports.ts'
import { settledWithin } from '../timers.ts'
import { type Batch, type Chain, takeBatch, type Waiting, waitingWrite } from './batch.ts'
import { deliver, type NotDelivered, pause } from './deliver.ts'
import { settingsOf, type WebhookSettings, type WebhookSinkOptions } from './options.ts'

export interface WebhookSink extends AuditSink {
  write(records: readonly AuditRecord[]): Promise<void>
  stats(): WebhookStats
  close(): Promise<void>
}

export interface WebhookStats {
  /** Records that the receiver has accepted in time. */
  readonly accepted: number
  readonly refused: number
  readonly waiting: number
}

/**
 * Posts records to a receiver that keeps them, signed as Standard Webhooks has it. A write resolves
 * once they are accepted, and rejects at its limit. One request at a time: records that come meanwhile
 * are the next batch, so that they arrive in order, and each names the one before.
 *
 * At least once: a receiver that has kept a batch whose answer was lost is sent it again, with the
 * same `webhook-id`. The chain is that of what was sent: a batch that never arrived is a gap in it.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 * @see https://www.standardwebhooks.com
 */
export function webhookSink(options: WebhookSinkOptions): WebhookSink {
  const settings = settingsOf(options)
  const { timers, timeoutMs, maxQueue } = settings
  const ended = new AbortController()
  const chain: Chain = { prev: null }
  let queue: Waiting[] = []
  let running: Promise<void> | undefined
  let closing: Promise<void> | undefined
  let [accepted, refused, waiting] = [0, 0, 0]
  let restsUntil = 0

  const fail = (why: string, cause?: unknown): CallgateError =>
    new CallgateError('ERR_AUDIT_UNAVAILABLE', `webhook to \`${settings.origin}\`: ${why}`, {
      cause,
    })
  const run = async (): Promise<void> => {
    while (queue.length > 0) {
      const restMs = restsUntil - timers.now()
      if (restMs > 0) await pause(restMs, ended.signal, timers)
      const batch = takeBatch(queue, settings, chain)
      queue = queue.slice(batch.writes.length)
      const failure = await send(batch, settings, ended.signal)
      restsUntil = timers.now() + Math.min(failure?.waitMs ?? 0, MAX_REST_MS)
    }
    running = undefined
  }
  const enqueue = (records: readonly AuditRecord[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const count = records.length
      const write = waitingWrite(records, settings, (failure) => {
        waiting -= count
        if (failure === undefined) accepted += count
        else refused += count
        if (failure === undefined) resolve()
        else reject(fail(failure.why, failure.cause))
      })
      waiting += count
      // Those whose time is over while a receiver rests would stay where nobody looks.
      if (queue.length >= 2 * maxQueue) queue = queue.filter(({ isOver }) => !isOver)
      queue.push(write)
      // In a later turn, so that what is written together is sent together.
      running ??= Promise.resolve().then(run)
    })
  const shut = async (): Promise<void> => {
    if (running !== undefined) await settledWithin(running, timeoutMs, timers)
    ended.abort()
    for (const write of queue) write.settle({ why: 'the sink was closed' })
    queue = []
  }
  return {
    name: 'webhook',
    async write(records) {
      if (closing !== undefined) throw fail('the sink was closed')
      if (records.length === 0) return
      if (waiting > 0 && waiting + records.length > maxQueue) {
        refused += records.length
        throw fail(`${waiting} records wait, and no more than ${maxQueue} may`)
      }
      if (restsUntil > timers.now() + timeoutMs) {
        refused += records.length
        throw fail('the receiver has asked to be left alone for longer than a write may wait')
      }
      await enqueue(records)
    },
    stats: () => ({ accepted, refused, waiting }),
    close() {
      closing ??= shut()
      return closing
    },
  }
}

/** A receiver that asks for more is asked again after this. */
const MAX_REST_MS = 60_000

async function send(
  batch: Batch,
  settings: WebhookSettings,
  signal: AbortSignal,
): Promise<NotDelivered | undefined> {
  const { lines, sent } = batch
  const last = sent.at(-1)
  if (last === undefined) return undefined
  const isArray = settings.batch.format === 'array'
  const text = isArray ? `[${lines.join(',')}]` : `${lines.join('\n')}\n`
  const limits = { deadline: last.deadline, signal }
  const failure = await deliver(new TextEncoder().encode(text), settings, limits)
  for (const write of sent) write.settle(failure)
  if (failure !== undefined)
    settings.report({
      code: 'audit_sink_failed',
      message: `webhook to \`${settings.origin}\` did not take ${lines.length} records: ${failure.why}`,
      cause: failure.cause,
    })
  return failure
}
