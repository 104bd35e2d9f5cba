import { readFileSync } from 'node:fs'
import { jsonlSink } from '../../../audit/jsonl/jsonl-sink.ts'
import { readWeights } from '../../../core/routing/classifier/weights.ts'
import { renderCosts } from '../../../core/routing/cost/report-text.ts'
import { createPolicyEngine, type PolicyEngine } from '../../../engine/create-policy-engine.ts'
import { loadPolicy } from '../../../engine/load-policy.ts'
import type { EngineOptions } from '../../../engine/options.ts'
import { createReloads, type Reloads } from '../../../gateway/reloads.ts'
import { isLoopback } from '../../../http/allowed-hosts.ts'
import { type HttpHandler, plainResponse } from '../../../http/handler.ts'
import { type Served, serve } from '../../../http/serve.ts'
import { governedFetch } from '../../../openai/governed-fetch.ts'
import { createLlmClassifier } from '../../../router/classify/llm-classifier.ts'
import { createRouter, type Router } from '../../../router/create-router.ts'
import { type CommandContext, EXIT } from '../../command.ts'
import { printable } from '../../paint.ts'
import { diagnosticWriter, policyPaths } from '../../policy.ts'
import { type RouterSettings, readRouterSettings } from './serve-settings.ts'

const DRAIN_MS = 10_000
/** Milliseconds for asking what the last calls have cost. */
const SETTLE_MS = 3_000
const MAX_BODY_BYTES = 32 * 1024 * 1024
/** Who asks what a request is about, where the policy wants a model to say it. */
const CLASSIFIER = Object.freeze({ agent: 'callgate-router' })

/** Serves until it is stopped, then tells what all has cost. */
export async function runRouter(context: CommandContext): Promise<number> {
  const settings = readRouterSettings(context)
  const say = (text: string): void => {
    for (const line of text.split('\n')) context.stderr.write(`callgate: ${printable(line)}\n`)
  }
  const load = () => loadPolicy(...policyPaths(context))
  const policy = await load()
  const onDiagnostic = diagnosticWriter(context)
  const trail =
    settings.audit === undefined ? undefined : jsonlSink({ path: settings.audit, onDiagnostic })
  await trail?.ready()
  const engine = createPolicyEngine({
    policy,
    mode: context.options.flag('observe') ? 'observe' : 'enforce',
    onDiagnostic,
    audit: trail === undefined ? [] : [trail],
    ...weightsIn(settings.weights),
  })
  await engine.ready()
  const router = makeRouter(engine, settings, say)
  await router.ready()
  warnOfStrangers(engine, settings, say)
  await untilStopped({
    context,
    settings,
    engine,
    router,
    reloads: createReloads(engine, load, say),
    say,
  })
  await Promise.race([router.settle(), later(SETTLE_MS)])
  const report = router.report()
  router.close()
  await engine.close()
  context.stdout.write(
    context.format === 'json'
      ? `${JSON.stringify({ schema: 1, costs: report })}\n`
      : renderCosts(report),
  )
  // What a client still holds open must not keep the program.
  setTimeout(() => process.exit(EXIT.yes), LINGER_MS).unref()
  return EXIT.yes
}

const LINGER_MS = 1_000

/** @throws {CallgateError} where they are none; errors of the file system */
function weightsIn(path: string | undefined): Pick<EngineOptions, 'classifierWeights'> {
  return path === undefined
    ? {}
    : { classifierWeights: readWeights(JSON.parse(readFileSync(path, 'utf8'))) }
}

function makeRouter(
  engine: PolicyEngine,
  { upstream, apiKey, keys, subject }: RouterSettings,
  say: (line: string) => void,
): Router {
  const classifier = createLlmClassifier({
    fetch: governedFetch(fetch, engine, {
      subject: CLASSIFIER,
      session: 'classifier',
      baseURL: upstream,
    }),
    baseURL: upstream,
    apiKey,
  })
  return createRouter({
    engine,
    upstream: { baseURL: upstream, apiKey },
    classifier,
    say,
    ...(keys === undefined ? {} : { keys }),
    ...(subject === undefined ? {} : { subject }),
  })
}

/** What is open to others than this machine is said to be. */
function warnOfStrangers(
  engine: PolicyEngine,
  { port, keys }: RouterSettings,
  say: (line: string) => void,
): void {
  if (isLoopback(port.host ?? '127.0.0.1') || keys !== undefined) return
  if (!engine.context().identifies)
    say(
      'whoever reaches the port is taken for the same agent: there are no `--keys`, and no `identity`',
    )
}

interface Serving {
  readonly context: CommandContext
  readonly settings: RouterSettings
  readonly engine: PolicyEngine
  readonly router: Router
  readonly reloads: Reloads
  readonly say: (line: string) => void
}

/** SIGHUP reloads the policy; a second SIGTERM or SIGINT ends at once. */
async function untilStopped({ settings, router, reloads, say }: Serving): Promise<void> {
  let side: Served | undefined
  let front: Served | undefined
  const stop = stopper(say)
  const reload = (): void => void reloads.reload()
  process.on('SIGHUP', reload).on('SIGTERM', stop.ask).on('SIGINT', stop.ask)
  try {
    if (settings.side !== undefined) {
      side = await serve(sidePort(router, reloads), settings.side)
      say(`side port: ${side.url}/healthz, ${side.url}/metrics`)
    }
    front = await serve((request, info) => router(request, info), {
      ...settings.port,
      maxBodyBytes: MAX_BODY_BYTES,
    })
    say(`listening on ${front.url}/v1`)
    await stop.asked
    await front.drain(DRAIN_MS)
  } finally {
    process.off('SIGHUP', reload).off('SIGTERM', stop.ask).off('SIGINT', stop.ask)
    await front?.close()
    await side?.close()
  }
}

function stopper(say: (line: string) => void) {
  let resolve: () => void = () => undefined
  let asks = 0
  const asked = new Promise<void>((settle) => {
    resolve = settle
  })
  const ask = (): void => {
    asks++
    if (asks > 1) process.exit(EXIT.fault)
    say('stopping: calls under way may end; a second signal cuts them')
    resolve()
  }
  return { asked, ask }
}

/** For the operator alone: the same as on the router's own port, and a reload of the policy. */
function sidePort(router: Router, reloads: Reloads): HttpHandler {
  return async (request) => {
    const { pathname } = new URL(request.url)
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    if (isRead && (pathname === '/healthz' || pathname === '/metrics')) return router(request)
    if (request.method !== 'POST' || pathname !== '/reload')
      return plainResponse(404, 'there is nothing here but /healthz, /metrics and POST /reload')
    const reloaded = await reloads.reload()
    return Response.json(reloaded, { status: reloaded.ok ? 200 : 422 })
  }
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
