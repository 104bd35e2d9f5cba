import { type HttpHandler, plainResponse } from '../http/handler.ts'
import { EVENTS_PATH, type GatewayEvents } from './events.ts'
import type { UpstreamHealth } from './health.ts'
import { type Measured, metricsText } from './metrics-text.ts'
import type { Reloads } from './reloads.ts'

/** What the side port tells of. */
export interface SidePort {
  measure(): Measured
  isDraining(): boolean
  readonly reloads: Pick<Reloads, 'reload'>
  /** @default there are none */
  readonly events?: Pick<GatewayEvents, 'fetchAll'> | undefined
}

interface Route {
  readonly methods: readonly string[]
  readonly answer: (side: SidePort, request: Request) => Promise<Response> | Response
}

const READ = ['GET', 'HEAD'] as const
const ROUTES: Readonly<Record<string, Route>> = {
  '/healthz': { methods: READ, answer: health },
  '/metrics': { methods: READ, answer: metrics },
  '/reload': { methods: ['POST'], answer: reload },
}

/** For the operator: how the gateway is doing, what it has counted, and a reload of the policy. */
export function sidePort(side: SidePort): HttpHandler {
  const { events } = side
  const routes = new Map(Object.entries(ROUTES))
  if (events !== undefined)
    routes.set(EVENTS_PATH, {
      methods: ['GET'],
      answer: (_side, request) => events.fetchAll(request),
    })
  return async (request) => {
    const { pathname } = new URL(request.url)
    const route = routes.get(pathname)
    if (route === undefined)
      return plainResponse(404, `there is nothing here but ${[...routes.keys()].join(', ')}`)
    if (route.methods.includes(request.method)) return route.answer(side, request)
    const response = plainResponse(405, `write ${route.methods.join(' or ')}`)
    response.headers.set('allow', route.methods.join(', '))
    return response
  }
}

/** Servers that nobody has used yet count as good: they are started when an agent connects. */
function health(side: SidePort): Response {
  const { upstreams, sessions, policyDigest } = side.measure()
  const states = Object.values(upstreams).map(({ state }) => state)
  const isUsable = states.some((state) => state !== 'down')
  const isDraining = side.isDraining()
  const status = isDraining ? 'draining' : isUsable ? 'ok' : 'unavailable'
  const body = {
    status,
    policy_digest: policyDigest,
    sessions,
    upstreams: Object.fromEntries(
      Object.entries(upstreams).map(([name, one]) => [name, upstreamBody(one)]),
    ),
  }
  return Response.json(body, { status: status === 'ok' ? 200 : 503, headers: NEVER_KEPT })
}

function upstreamBody({ state, since, restarts, lastError, tools }: UpstreamHealth): object {
  return { state, since: new Date(since).toISOString(), restarts, last_error: lastError, tools }
}

const NEVER_KEPT = { 'cache-control': 'no-store' } as const

function metrics(side: SidePort): Response {
  return new Response(metricsText(side.measure()), {
    headers: { ...NEVER_KEPT, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
  })
}

async function reload({ reloads }: SidePort): Promise<Response> {
  const reloaded = await reloads.reload()
  return Response.json(reloaded, { status: reloaded.ok ? 200 : 422, headers: NEVER_KEPT })
}
