import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import type { RequestInfo } from '../http/handler.ts'
import { errorBody } from '../openai/answer/error-response.ts'
import { ANONYMOUS, credentialsOf } from './caller.ts'

/** The names under which requests are judged and recorded that nobody answers. Nothing is behind them. */
export const OTHER_PATH = 'router.other_path'
export const UNKNOWN_KEY = 'router.unknown_key'

interface TurnedAway {
  readonly request: Request
  readonly info: RequestInfo | undefined
  readonly resource: typeof OTHER_PATH | typeof UNKNOWN_KEY
}

/** The engine is told, so that `scanner` of the policy sees who looks for holes, and his pace. */
export async function turnAway(
  engine: PolicyEngine,
  { request, info, resource }: TurnedAway,
): Promise<Response> {
  const ticket = await engine.begin({
    session: resource,
    resource,
    verb: 'discover',
    arguments: {},
    credentials: credentialsOf(request.headers, info),
    ...(engine.context().identifies ? {} : { subject: ANONYMOUS }),
    origin: { source: 'router' },
  })
  if (ticket.permitted) await ticket.finish({ ok: true, value: null })
  const { reason, retry_after_ms: waitMs } = ticket.decision
  if (!ticket.permitted && reason === 'scanner_detected')
    return Response.json(errorBody('refused', 'policy_denied', 'policy_denied'), {
      status: 403,
      headers: {
        'x-should-retry': 'false',
        ...(waitMs === null ? {} : { 'retry-after': String(Math.ceil(waitMs / 1_000)) }),
      },
    })
  return resource === UNKNOWN_KEY ? unknownKey() : notThere(request)
}

/** As the API itself says it: clients know this one by its code. */
export function unknownKey(): Response {
  return Response.json(
    errorBody('the key is missing, or not known here', 'invalid_request_error', 'invalid_api_key'),
    { status: 401, headers: { 'www-authenticate': 'Bearer', 'x-should-retry': 'false' } },
  )
}

function notThere({ method }: Request): Response {
  return Response.json(
    errorBody(
      `nothing here answers ${method} at this path`,
      'invalid_request_error',
      'unknown_url',
    ),
    { status: 404 },
  )
}
