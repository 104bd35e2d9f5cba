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
    if (pathname === EVENTS_PATH && events !== undefined) return events.fetch(request, info)
    return notThere(engine, request, info)
  }
}

const ANONYMOUS: Subject = Object.freeze({ agent: 'anonymous', tier: 'anonymous' })

/** The name under which requests for other paths are judged and recorded. Nothing is behind it. */
export const OTHER_PATH = 'gateway.other_path'

async function notThere(
  engine: PolicyEngine,
  request: Request,
  { peer, path }: RequestInfo,
): Promise<Response> {
  const trace = readTraceparent(request.headers.get('traceparent'))?.text
  const ticket = await engine.begin({
    session: 'http-other-paths',
    resource: OTHER_PATH,
    verb: 'discover',
    arguments: {},
    credentials: { peer, path, headers: Object.fromEntries(request.headers) },
    ...(trace === undefined ? {} : { trace }),
    ...(engine.context().identifies ? {} : { subject: ANONYMOUS }),
    origin: { source: 'http' },
  })
  if (ticket.permitted) await ticket.finish({ ok: true, value: null })
  const { reason, retry_after_ms: waitMs } = ticket.decision
  if (ticket.permitted || reason !== 'scanner_detected')
    return plainResponse(404, `there is nothing here; MCP is at ${MCP_PATH}`)
  const response = plainResponse(403, 'refused')
  if (waitMs !== null) response.headers.set('retry-after', String(Math.ceil(waitMs / 1_000)))
  return response
}
