import type { Subject } from '../core/model/call.ts'
import { readTraceparent } from '../core/trace-context.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import { type HttpHandler, plainResponse, type RequestInfo } from '../http/handler.ts'
import { EVENTS_PATH, type GatewayEvents } from './events.ts'

/** Where the gateway speaks MCP. */
export const MCP_PATH = '/mcp'

/** What answers MCP over HTTP. */
export type McpFetch = (request: Request, info: RequestInfo) => Promise<Response>

/**
 * The HTTP face of a gateway. Whatever else than `/mcp`, and `/events` if any, is asked for is not there; the engine is told
 * of it, so that `scanner` of the policy sees who looks for holes, and his pace.
 */
export function httpFront(
  engine: PolicyEngine,
  fetchMcp: McpFetch,
  events?: GatewayEvents,
): HttpHandler {
  return (request, info) => {
    const { pathname } = new URL(request.url)
    if (pathname === MCP_PATH) return fetchMcp(request, info)
    if (pathname === EVENTS_PATH && events !== undefined)
      return eventsOf(engine, events, request, info)
    return notThere(engine, request, info)
  }
}

const ANONYMOUS: Subject = Object.freeze({ agent: 'anonymous', tier: 'anonymous' })

/** The name under which requests for other paths are judged and recorded. Nothing is behind it. */
export const OTHER_PATH = 'gateway.other_path'

/** The name under which requests for live events are recorded whose caller is not known. */
export const EVENTS_NAME = 'gateway.events'

/** Who tries out tokens here is seen like who tries out paths. */
async function eventsOf(
  engine: PolicyEngine,
  events: GatewayEvents,
  request: Request,
  info: RequestInfo,
): Promise<Response> {
  const response = await events.fetch(request, info)
  if (response.status !== 401) return response
  return (await tell(engine, EVENTS_NAME, request, info)) ?? response
}

async function notThere(
  engine: PolicyEngine,
  request: Request,
  info: RequestInfo,
): Promise<Response> {
  const refused = await tell(engine, OTHER_PATH, request, info)
  return refused ?? plainResponse(404, `there is nothing here; MCP is at ${MCP_PATH}`)
}

/** The engine records it. The answer, where `scanner` has something against the caller. */
async function tell(
  engine: PolicyEngine,
  resource: string,
  request: Request,
  { peer, path }: RequestInfo,
): Promise<Response | undefined> {
  const trace = readTraceparent(request.headers.get('traceparent'))?.text
  const ticket = await engine.begin({
    session: 'http-other-paths',
    resource,
    verb: 'discover',
    arguments: {},
    credentials: { peer, path, headers: Object.fromEntries(request.headers) },
    ...(trace === undefined ? {} : { trace }),
    ...(engine.context().identifies ? {} : { subject: ANONYMOUS }),
    origin: { source: 'http' },
  })
  if (ticket.permitted) await ticket.finish({ ok: true, value: null })
  const { reason, retry_after_ms: waitMs } = ticket.decision
  if (ticket.permitted || reason !== 'scanner_detected') return undefined
  const response = plainResponse(403, 'refused')
  if (waitMs !== null) response.headers.set('retry-after', String(Math.ceil(waitMs / 1_000)))
  return response
}
