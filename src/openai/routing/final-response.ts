import type { RouteDecision } from '../../engine/routing/route.ts'
import { errorBody } from '../answer/error-response.ts'

/** A model that has not answered, and why: words alone. */
export interface Tried {
  readonly model: string
  /** HTTP status that stands for it; null where nothing was sent. */
  readonly status: number | null
  /** Such as `rate_limit_exceeded`, or the reason of a denial. */
  readonly kind: string
  readonly attempts: number
}

const MOST_NAMED = 20

/** No model has answered. Clients are told not to begin anew: what may be tried was tried. */
export function unansweredResponse(
  tried: readonly Tried[],
  status: number,
  waitMs: number | null,
): Response {
  const named = tried.slice(0, MOST_NAMED)
  const list = named.map(({ model, kind, attempts }) =>
    attempts > 1 ? `\`${model}\`: ${kind} (${attempts} attempts)` : `\`${model}\`: ${kind}`,
  )
  const body = errorBody(
    `no model has answered: ${list.join('; ')}`,
    'callgate_error',
    'no_model_answered',
    { tried: named },
  )
  const wait = waitMs === null ? {} : { 'retry-after': String(Math.ceil(waitMs / 1_000)) }
  return Response.json(body, { status, headers: { 'x-should-retry': 'false', ...wait } })
}

/** The policy knows of no model that may answer. */
export function noRouteResponse({ id, detail }: RouteDecision): Response {
  const body = errorBody(
    `no model may answer this request: ${detail ?? 'the policy names none'}`,
    'policy_denied',
    'no_route',
  )
  return Response.json(body, {
    status: 403,
    headers: { 'x-callgate-decision': id, 'x-should-retry': 'false' },
  })
}

/** What is told of a request that was routed, whatever became of it. */
export interface Told {
  readonly route: string | null
  readonly model: string
  /** Of the decision about the model; undefined: that of the answer stays. */
  readonly decision?: string
}

/** Changes the head of a response that was made here. */
export function told(response: Response, { route, model, decision }: Told): Response {
  const { headers } = response
  headers.set('x-callgate-route', headerText(route ?? 'none'))
  headers.set('x-callgate-model', headerText(model))
  if (decision !== undefined) headers.set('x-callgate-decision', decision)
  if (!response.ok) headers.set('x-should-retry', 'false')
  return response
}

/** Names of routes may be of any script; headers may not. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (letter) => encodeURIComponent(letter)).slice(0, 256)
}
