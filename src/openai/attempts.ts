import { sha256Hex } from '../core/hash.ts'
import type { Outcome } from '../engine/ticket.ts'
import type { Incoming } from './incoming.ts'
import { finishAll, type Judged } from './judge.ts'

/** Requests that have failed and may be tried again by their client: one call each, whatever the attempts. */
export interface Attempts {
  /** The call whose next attempt this is. */
  take(key: string): Judged | undefined
  /** Keeps a call open for its next attempt; it is closed with the outcome where none comes. */
  hold(key: string, judged: Judged, outcome: Outcome, waitMs: number): void
}

const MOST_HELD = 1_000

interface Held {
  readonly judged: Judged
  readonly outcome: Outcome
  readonly timer: NodeJS.Timeout
}

export function createAttempts(): Attempts {
  const held = new Map<string, Held[]>()
  let size = 0
  const remove = (key: string, one: Held): void => {
    clearTimeout(one.timer)
    const left = held.get(key)?.filter((other) => other !== one) ?? []
    size--
    if (left.length === 0) held.delete(key)
    else held.set(key, left)
  }
  const close = (key: string, one: Held): void => {
    remove(key, one)
    const { ticket, besides } = one.judged
    // Nobody waits for it; what a record could not say is reported by the log.
    finishAll([ticket, ...besides], one.outcome).catch(() => undefined)
  }
  return {
    take(key) {
      const [first] = held.get(key) ?? []
      if (first === undefined) return undefined
      remove(key, first)
      return first.judged
    },
    hold(key, judged, outcome, waitMs) {
      const oldest = held.entries().next()
      if (size >= MOST_HELD && oldest.done !== true) {
        const [oldKey, [first]] = oldest.value
        if (first !== undefined) close(oldKey, first)
      }
      const timer = setTimeout(() => close(key, one), waitMs)
      timer.unref()
      const one: Held = { judged, outcome, timer }
      held.set(key, [...(held.get(key) ?? []), one])
      size++
    },
  }
}

/** The same for each attempt of one call, and for no call of anybody else. */
export function attemptKey({ context, body }: Incoming, head: Judged['head']): string {
  const sent = body.kind === 'json' ? body.text : body.kind === 'form' ? body.value : null
  const { session, subject, credentials } = head
  return sha256Hex(
    JSON.stringify([session, subject, credentials, context.method, context.url, sent]),
  )
}

/** Clients try again after these, unless the answer says otherwise. */
export function isRetried(response: Response): boolean {
  const said = response.headers.get('x-should-retry')
  if (said === 'true' || said === 'false') return said === 'true'
  const { status } = response
  return status === 408 || status === 409 || status === 429 || status >= 500
}

/** How long the client may wait before it tries again: what the answer says, within its own bounds. */
export function retryWaitMs(headers: Headers): number {
  const seconds = Number(headers.get('retry-after') ?? 0)
  const asked = Number.isFinite(seconds) ? seconds * 1_000 : 0
  return SLACK_MS + Math.min(Math.max(asked, 0), LONGEST_ASKED_MS)
}

// The official clients wait for 8 s at most by themselves, for a minute where they are told to.
const SLACK_MS = 10_000
const LONGEST_ASKED_MS = 60_000
