import type { CostReport } from '../core/routing/cost/report.ts'
import type { RequestInfo } from '../http/handler.ts'
import { faultResponse } from '../openai/answer/error-response.ts'
import { createAttempts } from '../openai/attempts.ts'
import { governRequest } from '../openai/govern.ts'
import { createGuard, type Guard, type Head } from '../openai/guard.ts'
import { readIncoming } from '../openai/incoming.ts'
import { settingsOf } from '../openai/options.ts'
import { ATTEMPT_LIMITS, type Routing } from '../openai/routing/routing.ts'
import { callerOf, sessionOf } from './caller.ts'
import { type Catalogue, createCatalogue } from './catalogue.ts'
import { createCosts } from './costs.ts'
import { createKeys, type SubjectOfKey } from './keys.ts'
import { routerMetricsText } from './metrics-text.ts'
import { answerModels } from './models.ts'
import { type RouterOptions, type RouterSettings, routerSettings } from './options.ts'
import { createSettlement } from './settlement.ts'
import { OTHER_PATH, turnAway, UNKNOWN_KEY, unknownKey } from './turned-away.ts'
import { backResponse, baseOf, onwardHeaders, withKey } from './upstream.ts'

/** Answers requests of OpenAI's API. Also a `fetch` for clients in the same process. */
export interface Router {
  (request: Request, info?: RequestInfo): Promise<Response>
  (input: string | URL, init?: RequestInit): Promise<Response>
  /** Resolves once the upstream has told its models, or cannot. */
  ready(): Promise<void>
  /** What all has cost since the router was made, and would have cost at the baseline. */
  report(): CostReport
  /** What `/metrics` answers. */
  metrics(): string
  /** Asks the upstream now what calls have cost of which it is not known yet. */
  settle(): Promise<void>
  /** Asks for nothing more. The engine stays open. */
  close(): void
}

/** What the handler goes by. */
interface Parts {
  readonly settings: RouterSettings
  readonly keys: SubjectOfKey | undefined
  readonly guard: Guard
  readonly routing: Routing
  readonly catalogue: Catalogue
  readonly upstream: typeof fetch
  readonly base: string
  readonly attempts: ReturnType<typeof createAttempts>
  readonly metrics: () => string
}

/**
 * An endpoint that OpenAI's clients can use as it is: each request is judged, goes to the model that the
 * policy's `router` chooses, and to another one where that fails.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function createRouter(options: RouterOptions): Router {
  const settings = routerSettings(options)
  const { engine, classifier, cache, say } = settings
  const upstream = withKey(settings.upstream)
  const base = baseOf(settings.upstream)
  const catalogue = createCatalogue({
    url: `${base}/models`,
    fetch: upstream,
    everyMs: settings.catalogueMs,
    say,
  })
  const settlement = createSettlement({
    url: `${base}/generation`,
    fetch: upstream,
    delaysMs: settings.settleMs,
  })
  const catalog = catalogue.current
  const costs = createCosts({ engine, settlement, catalog })
  const answers: Record<string, number> = {}
  const metrics = (): string =>
    routerMetricsText({
      engine: engine.stats(),
      costs: costs.report(),
      answers,
      policyDigest: engine.context().policy_digest,
    })
  const parts: Parts = {
    settings,
    keys: settings.keys === undefined ? undefined : createKeys(settings.keys),
    guard: guardOf(settings, base),
    routing: {
      limits: { ...ATTEMPT_LIMITS, ...settings.attempts },
      classifier,
      cache,
      catalog,
      costs,
    },
    catalogue,
    upstream,
    base,
    attempts: createAttempts(),
    metrics,
  }
  const handle = async (
    input: Request | string | URL,
    more?: RequestInfo | RequestInit,
  ): Promise<Response> => {
    // Clients try out what their `fetch` can do with it.
    if (input === 'data:,') return new Response('')
    const isRequest = input instanceof Request
    const request = isRequest ? input : new Request(input, more as RequestInit) // as the overload says
    const info = isRequest && more !== undefined && 'peer' in more ? more : undefined
    const response = await answer(parts, request, info)
    answers[response.status] = (answers[response.status] ?? 0) + 1
    return response
  }
  return Object.assign(handle, {
    ready: catalogue.ready,
    report: costs.report,
    metrics,
    settle: settlement.flush,
    close() {
      catalogue.close()
      settlement.close()
    },
  })
}

function guardOf(settings: RouterSettings, base: string): Guard {
  const { engine, vendor, maxRequestBytes, maxAnswerBytes, idleTimeoutMs } = settings
  const given = Object.entries({ vendor, maxRequestBytes, maxAnswerBytes, idleTimeoutMs })
  const read = settingsOf(
    'governedFetch',
    engine,
    Object.fromEntries(given.filter(([, value]) => value !== undefined)),
  )
  return createGuard(engine, read, () => base)
}

const PREFIX = '/v1'
const INFERRED: ReadonlySet<string> = new Set([
  '/chat/completions',
  '/responses',
  '/completions',
  '/embeddings',
])

async function answer(
  parts: Parts,
  request: Request,
  info: RequestInfo | undefined,
): Promise<Response> {
  const { pathname } = new URL(request.url)
  const { method } = request
  const isRead = method === 'GET' || method === 'HEAD'
  if (isRead && pathname === '/healthz') return health(parts)
  if (isRead && pathname === '/metrics' && isNear(info)) return metricsResponse(parts)
  const { engine } = parts.settings
  const path = pathname.startsWith(`${PREFIX}/`) ? pathname.slice(PREFIX.length) : ''
  const isModels = isRead && (path === '/models' || path.startsWith('/models/'))
  if (!isModels && !(method === 'POST' && INFERRED.has(path)))
    return turnAway(engine, { request, info, resource: OTHER_PATH })
  const { keys, settings } = parts
  const caller = callerOf({ engine, keys, subject: settings.subject }, request, info)
  if (!caller.isKnown) return turnAway(engine, { request, info, resource: UNKNOWN_KEY })
  return infer(parts, { request, path, head: caller.head })
}

interface Asked {
  readonly request: Request
  /** Below `/v1`. */
  readonly path: string
  readonly head: Pick<Head, 'subject' | 'credentials' | 'trace'>
}

async function infer(parts: Parts, { request, path, head }: Asked): Promise<Response> {
  const { guard, routing, upstream, attempts, base } = parts
  try {
    const incoming = await readIncoming(guard, `${base}${path}`, {
      method: request.method === 'HEAD' ? 'GET' : request.method,
      headers: onwardHeaders(request.headers),
      signal: request.signal,
      ...(request.body === null ? {} : { body: request.body }),
    })
    const { context } = incoming
    const approval = context.headers['x-callgate-approval']
    const whole: Head = {
      ...head,
      session: sessionOf(incoming),
      signal: request.signal,
      ...(approval === undefined ? {} : { approval }),
      origin: { source: 'router', method: `${context.method} ${PREFIX}${context.path}` },
    }
    const own: Guard = { ...guard, headOf: () => whole }
    if (incoming.endpoint.kind === 'models')
      return await answerModels(own, whole, parts.catalogue, incoming.endpoint.models[0])
    await parts.catalogue.ready()
    const response = await governRequest(
      { guard: own, inner: upstream, attempts, routing },
      incoming,
    )
    return shown(response)
  } catch (error) {
    if (request.signal.aborted) throw error
    return faultResponse(502, 'upstream_unreachable', 'the upstream cannot be reached')
  }
}

const NOBODY: ReadonlySet<string | null> = new Set(['no_principal', 'token_invalid'])

function shown(response: Response): Response {
  const back = backResponse(response)
  if (NOBODY.has(response.headers.get('x-callgate-reason'))) return unknownKey()
  if (response.status !== 401) return back
  // The caller's key is good: it is the router's own that the upstream does not take.
  return faultResponse(502, 'upstream_unauthorized', "the upstream does not take the router's key")
}

/** In the same process, or on the same machine: others ask the operator's port. */
function isNear(info: RequestInfo | undefined): boolean {
  return info === undefined || /^(?:127\.|::1$)/.test(info.peer)
}

const NEVER_KEPT = { 'cache-control': 'no-store' } as const

function health({ catalogue, settings }: Parts): Response {
  const hasModels = catalogue.current() !== undefined
  const body = {
    status: hasModels ? 'ok' : 'starting',
    policy_digest: settings.engine.context().policy_digest,
    models: catalogue.models().length,
  }
  return Response.json(body, { headers: NEVER_KEPT })
}

function metricsResponse({ metrics }: Parts): Response {
  return new Response(metrics(), {
    headers: { ...NEVER_KEPT, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
  })
}
