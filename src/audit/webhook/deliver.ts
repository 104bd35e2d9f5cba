import { randomUUID } from 'node:crypto'
import type { Timers } from '../timers.ts'
import { attempt } from './attempt.ts'
import type { WebhookSettings } from './options.ts'
import { signedHeaders } from './signature.ts'

/** Why a batch was not accepted; undefined: it was. */
export interface NotDelivered {
  readonly why: string
  readonly cause?: unknown
  /** How long the receiver has asked to be left alone, in milliseconds. */
  readonly waitMs?: number
}

/**
 * Sends one batch until it is accepted, refused, or there is no time left. Every attempt has the same
 * `webhook-id`, so that a receiver keeps it once, and a signature of its own time. Never rejects.
 */
export async function deliver(
  body: Uint8Array<ArrayBuffer>,
  settings: WebhookSettings,
  limits: { readonly deadline: number; readonly signal: AbortSignal },
): Promise<NotDelivered | undefined> {
  const { retry, timers, url, fetch, keys } = settings
  const { deadline, signal } = limits
  const id = `msg_${randomUUID()}`
  const type = settings.batch.format === 'lines' ? 'application/x-ndjson' : 'application/json'
  for (let tried = 1; ; tried++) {
    const timestamp = Math.floor(timers.now() / 1_000)
    const signed = signedHeaders({ id, timestamp, body }, keys)
    const headers = { 'content-type': type, 'user-agent': 'callgate', ...signed }
    const leftMs = Math.max(1, deadline - timers.now())
    const timeoutMs = Math.min(retry.attemptTimeoutMs, leftMs)
    const result = await attempt({ url, headers, body, timeoutMs, signal, fetch, timers })
    if (result.kind === 'accepted') return undefined
    if (result.kind === 'refused') return { why: result.why }
    const { why, cause } = result
    if (signal.aborted || tried === retry.attempts)
      return { why: `${why} (${tried} tries)`, cause, waitMs: result.waitMs }
    const waitMs = Math.max(result.waitMs, backOffMs(tried, settings))
    if (timers.now() + waitMs >= deadline)
      return {
        ...{ why: `${why}; trying again after ${Math.ceil(waitMs)} ms would be too late`, cause },
        waitMs: result.waitMs,
      }
    await pause(waitMs, signal, timers)
  }
}

/** Doubled each time, and half of it by chance, so that many senders do not come back at once. */
function backOffMs(tried: number, { retry, random }: WebhookSettings): number {
  const full = Math.min(retry.maxDelayMs, retry.minDelayMs * 2 ** (tried - 1))
  return full / 2 + (full / 2) * random()
}

/** Ends early where the signal says so. */
export function pause(delayMs: number, signal: AbortSignal, timers: Timers): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const cancel = timers.after(delayMs, end)
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) end()
  })
}
