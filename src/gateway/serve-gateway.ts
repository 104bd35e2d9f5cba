import type { CompiledPolicy } from '../core/policy/compile.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import { type Served, type ServeOptions, serve } from '../http/serve.ts'
import type { Gateway } from './create-gateway.ts'
import { EVENTS_PATH, type GatewayEvents } from './events.ts'
import { httpFront, MCP_PATH } from './http-front.ts'
import { createReloads } from './reloads.ts'
import { sidePort } from './side-port.ts'

/** What is used of a gateway here. */
export type ServableGateway = Pick<
  Gateway,
  'serveStdio' | 'fetch' | 'health' | 'sessions' | 'drain' | 'close'
>

/** What is used of the process. */
export interface ProcessSignals {
  on(signal: NodeJS.Signals, listener: () => void): unknown
  off(signal: NodeJS.Signals, listener: () => void): unknown
  exit(code: number): void
}

type Listening = Pick<
  ServeOptions,
  'port' | 'host' | 'allowedHosts' | 'allowedOrigins' | 'maxBodyBytes'
>

export interface ServeGatewayOptions {
  readonly gateway: ServableGateway
  readonly engine: PolicyEngine
  /** @default stdio */
  readonly http?: Listening | undefined
  /** For `/healthz`, `/metrics` and `/reload`. @default none */
  readonly side?: Listening | undefined
  /** Served at `/events` of both. It is closed when the gateway stops. @default none */
  readonly events?: GatewayEvents | undefined
  /** Reads the policy anew. */
  loadPolicy(): Promise<CompiledPolicy>
  /** What the operator should know. */
  say(line: string): void
  /** Milliseconds for calls under way to end. @default 10000 */
  readonly drainMs?: number
  /** @default the process itself */
  readonly process?: ProcessSignals
}

const DRAIN_MS = 10_000
/** What does not close in so many milliseconds after that is left as it is. */
const CLOSE_MS = 5_000
/** Exit code where calls were cut. */
const CUT = 4

/**
 * A gateway as a program: serves until its agent goes away or a signal comes, lets calls under way
 * end, and gives an exit code. SIGHUP reloads the policy; a second SIGTERM or SIGINT ends at once.
 */
export async function serveGateway(options: ServeGatewayOptions): Promise<number> {
  const { gateway, engine, events, say, process: host = process } = options
  const reloads = createReloads(engine, options.loadPolicy, say)
  const stop = stopper()
  const off = listenTo(host, {
    SIGHUP: () => void reloads.reload(),
    SIGTERM: () => stop.ask(host, say),
    SIGINT: () => stop.ask(host, say),
  })
  let side: Served | undefined
  let front: Served | undefined
  try {
    const measure = () => ({
      engine: engine.stats(),
      upstreams: gateway.health(),
      sessions: gateway.sessions(),
      reloads: reloads.counts(),
      policyDigest: engine.context().policy_digest,
    })
    if (options.side !== undefined) {
      const parts = { measure, reloads, isDraining: stop.isAsked, events }
      side = await serve(sidePort(parts), options.side)
      say(`side port: ${side.url}/healthz, ${side.url}/metrics`)
      if (events !== undefined) say(`all events: ${side.url}${EVENTS_PATH}`)
    }
    if (options.http !== undefined) {
      front = await serve(
        httpFront(engine, (request, info) => gateway.fetch(request, info), events),
        options.http,
      )
      say(`listening on ${front.url}${MCP_PATH}`)
      if (events !== undefined) say(`events of callers: ${front.url}${EVENTS_PATH}`)
      await stop.asked
    } else await Promise.race([gateway.serveStdio(), stop.asked])
  } finally {
    await shutDown({ ...options, front, side, host })
    off()
  }
  return 0
}

function stopper() {
  let resolve: () => void = () => undefined
  let asks = 0
  const asked = new Promise<void>((settle) => {
    resolve = settle
  })
  return {
    asked,
    isAsked: () => asks > 0,
    ask(host: ProcessSignals, say: (line: string) => void) {
      asks++
      if (asks > 1) return host.exit(CUT)
      say('stopping: calls under way may end; a second signal cuts them')
      resolve()
    },
  }
}

function listenTo(
  host: ProcessSignals,
  listeners: Readonly<Partial<Record<NodeJS.Signals, () => void>>>,
): () => void {
  const pairs = Object.entries(listeners) as [NodeJS.Signals, () => void][] // its own keys
  for (const [signal, listener] of pairs) host.on(signal, listener)
  return () => {
    for (const [signal, listener] of pairs) host.off(signal, listener)
  }
}

interface Ending extends ServeGatewayOptions {
  readonly front: Served | undefined
  readonly side: Served | undefined
  readonly host: ProcessSignals
}

/** The side port is the last to go: it tells how the others are doing. */
async function shutDown(ending: Ending): Promise<void> {
  const { gateway, engine, events, front, side, host, drainMs = DRAIN_MS } = ending
  const stuck = setTimeout(() => host.exit(CUT), drainMs + CLOSE_MS)
  const drained = front?.drain(drainMs)
  try {
    await gateway.drain(drainMs)
    await gateway.close()
    // They have told the last record, and have no end of their own.
    events?.close()
    await drained
    await engine.close()
    await side?.close()
  } finally {
    events?.close()
    clearTimeout(stuck)
  }
}
