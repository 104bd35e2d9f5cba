import type { Reason } from '../../core/model/decision.ts'
import { type Denial, denialText, told } from '../../engine/denial-text.ts'

/** The decision about a request that was denied. */
export const DECISION = 'x-callgate-decision'
const REASON = 'x-callgate-reason'

/** The official clients wait this long at most where they are told how long. */
const LONGEST_WAIT_MS = 60_000

/**
 * A denial as an answer of the API: 403, 402 where a budget is spent, 429 where it would be allowed
 * later. Never thrown: clients take a throw for a broken connection, and try again.
 */
export function deniedResponse(denial: Denial): Response {
  const { reason, retry_after_ms: waitMs } = denial
  const isLater = reason === 'rate_limited'
  const isSoon = isLater && waitMs !== null && waitMs <= LONGEST_WAIT_MS
  return Response.json(deniedBody(denial), {
    status: statusOf(reason),
    headers: {
      [DECISION]: denial.id,
      [REASON]: reason,
      ...(isSoon ? {} : { 'x-should-retry': 'false' }),
      ...(isLater && waitMs !== null
        ? { 'retry-after': String(Math.ceil(waitMs / 1_000)), 'retry-after-ms': String(waitMs) }
        : {}),
    },
  })
}

function statusOf(reason: Reason): number {
  if (reason === 'rate_limited') return 429
  return reason === 'budget_exceeded' ? 402 : 403
}

/** The body of a denial, for answers and for events of a stream. */
export function deniedBody(denial: Denial): object {
  const code = CODES[denial.reason] ?? 'policy_denied'
  return errorBody(denialText(denial), 'policy_denied', code, { decision: told(denial) })
}

const CODES: Partial<Record<Reason, string>> = {
  rate_limited: 'rate_limited',
  budget_exceeded: 'budget_exceeded',
  approval_required: 'approval_required',
}

/** What clients of the API read as an error. */
export function errorBody(message: string, type: string, code: string, more: object = {}): object {
  return { error: { message, type, param: null, code, ...more } }
}

/** A fault between the client and its model. `status` from 500 on is tried again by clients. */
export function faultResponse(status: number, code: string, message: string): Response {
  const retry = status === 503 ? { 'x-should-retry': 'false' } : {}
  return Response.json(errorBody(message, 'callgate_error', code), {
    status,
    headers: { ...retry },
  })
}

/** Another body behind the same head. What told of the bytes of the old one goes with it. */
export function withBody(
  response: Response,
  body: BodyOf,
  { status = response.status, isChanged }: { status?: number; isChanged: boolean },
): Response {
  const headers = new Headers(response.headers)
  if (isChanged) {
    headers.delete('content-length')
    headers.delete('content-encoding')
  }
  const made = new Response(body, { status, statusText: response.statusText, headers })
  Object.defineProperty(made, 'url', { value: response.url })
  return made
}

type BodyOf = ConstructorParameters<typeof Response>[0]
