import type { Call } from '../core/model/call.ts'
import type { Decision } from '../core/model/decision.ts'
import type { JsonObject } from '../core/model/json.ts'
import { isPromise } from '../core/model/json.ts'
import type { Approval, Approvals } from '../core/model/ports.ts'
import { within } from './wait.ts'

const DEFAULT_APPROVAL_TIMEOUT_MS = 300_000

/** What became of asking a person. */
export type Answer =
  | { readonly kind: 'approved'; readonly by: string }
  | {
      readonly kind: 'denied'
      readonly reason: 'approval_denied' | 'approval_expired' | 'gate_failed'
      readonly detail: string
      /** Who said no; undefined where nobody did. */
      readonly by: string | undefined
    }

/** What is asked: bound to this call, its frozen arguments and a time after which no answer counts. */
export interface Question {
  readonly approvals: Approvals
  readonly call: Call
  readonly decision: Decision
  readonly arguments: JsonObject
  readonly signal: AbortSignal | undefined
}

/** Asks, and waits no longer than the limit. Anything but a clear yes of somebody else is a no. */
export async function ask(question: Question): Promise<Answer> {
  const { approvals, call, decision, signal } = question
  const timeoutMs = approvals.timeoutMs ?? DEFAULT_APPROVAL_TIMEOUT_MS
  const over = new AbortController()
  const approval: Approval = Object.freeze({
    id: decision.id,
    call,
    decision,
    arguments: question.arguments,
    expires_at: call.at + timeoutMs,
  })
  try {
    const stopped = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal])
    const asking = approvals.ask(approval, stopped)
    if (!isPromise(asking)) return read(asking, call)
    const race: Promise<Said | typeof EXPIRED | typeof GIVEN_UP> = Promise.race([
      asking,
      whenAborted(signal, over.signal),
    ])
    const answer = await within(race, timeoutMs, (): typeof EXPIRED => EXPIRED)
    if (answer === EXPIRED)
      return refuse('approval_expired', `nobody answered within ${timeoutMs} ms`)
    if (answer === GIVEN_UP)
      return refuse('approval_expired', 'the caller gave up before anybody answered')
    return read(answer, call)
  } catch {
    return refuse('gate_failed', 'asking for approval failed')
  } finally {
    over.abort()
  }
}

type Said = Awaited<ReturnType<Approvals['ask']>>

function read(said: Said | undefined, call: Call): Answer {
  const by = typeof said?.by === 'string' && said.by !== '' ? said.by : undefined
  if (said?.outcome !== 'approved')
    return refuse('approval_denied', 'a person refused this call', by)
  if (by === undefined) return refuse('approval_denied', 'the approval does not say who gave it')
  const { agent, user } = call.subject
  if ([agent, user].some((one) => one !== undefined && isSameName(one, by)))
    return refuse('approval_denied', 'the one who asks cannot approve', by)
  return { kind: 'approved', by }
}

/** Four eyes must not be cheated by another spelling of one's own name. */
function isSameName(one: string, other: string): boolean {
  const fold = (name: string): string => name.normalize('NFKC').trim().toLowerCase()
  return fold(one) === fold(other)
}

const EXPIRED: unique symbol = Symbol('expired')
const GIVEN_UP: unique symbol = Symbol('given up')

/** Resolves when the caller gives up; its listener goes when the asking is over. */
function whenAborted(signal: AbortSignal | undefined, over: AbortSignal): Promise<typeof GIVEN_UP> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve(GIVEN_UP)
    else signal?.addEventListener('abort', () => resolve(GIVEN_UP), { once: true, signal: over })
  })
}

function refuse(
  reason: 'approval_denied' | 'approval_expired' | 'gate_failed',
  detail: string,
  by?: string,
): Answer {
  return { kind: 'denied', reason, detail, by }
}
