import type { Readable, Writable } from 'node:stream'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { CallgateError } from '../core/model/errors.ts'
import { createReporter } from '../engine/diagnostics.ts'
import type { EngineOptions } from '../engine/options.ts'
import type { DefinitionWatch } from '../mcp/definitions/watch-definitions.ts'
import { createCallers } from './caller.ts'
import { createSession, type OpenSession } from './create-session.ts'
import { createHealth, type HealthBook, type UpstreamHealth } from './health.ts'
import { createHttpSessions, type HttpPeer } from './http-sessions.ts'
import { lineTransport } from './line-transport.ts'
import { type GatewayOptions, settingsOf } from './options.ts'
import { loadSdk } from './sdk.ts'
import { createWork, type Work } from './work.ts'

/** Streams of a stdio connection. */
export interface StdioStreams {
  readonly input?: Readable
  readonly output?: Writable
}

/** Several MCP servers as one, behind the engine. Made by `createGateway`. */
export interface Gateway {
  /**
   * Loads the MCP SDK, which the first message would load otherwise.
   * @throws {CallgateError} ERR_PACKAGE_UNAVAILABLE where it is not installed, or too old
   */
  ready(): Promise<void>
  /** Serves one agent by stdin and stdout. Resolves when that is over. */
  serveStdio(streams?: StdioStreams): Promise<void>
  /** Answers one HTTP request (streamable HTTP, with sessions). `peer` is the address it came from. */
  fetch(request: Request, info?: HttpPeer): Promise<Response>
  /** Serves one agent by a transport of the SDK. */
  connect(transport: object): Promise<void>
  /** What servers say of their tools; where a person accepts that it has changed. */
  readonly definitions: DefinitionWatch
  /** How the servers are doing, by namespace. */
  health(): Readonly<Record<string, UpstreamHealth>>
  /** Sessions that are open. */
  sessions(): number
  /** `engine.reload`; agents are told that lists have changed. */
  reload(policy: EngineOptions['policy']): void
  /** Takes on nothing more, and waits for what runs, at most so many milliseconds. */
  drain(timeoutMs: number): Promise<void>
  /** Ends every session with its connections and child processes. */
  close(): Promise<void>
}

/** Milliseconds for what runs when an agent has closed its stdin. */
const LAST_ANSWERS_MS = 10_000

/**
 * Stands between agents and MCP servers that one cannot change. Every session has connections of its
 * own to every server, and child processes of its own, started when it first needs them.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function createGateway(options: GatewayOptions): Gateway {
  const settings = settingsOf(options)
  const { engine, limits } = settings
  const report = createReporter(options.onDiagnostic)
  const callers = createCallers(settings)
  const health = new Map<string, HealthBook>()
  for (const ns of settings.upstreams.keys()) health.set(ns, createHealth())
  const sessions = new Map<string, OpenSession>()
  const work = createWork()

  const open = async (id: string): Promise<OpenSession | undefined> => {
    const sdk = await loadSdk()
    if (work.isOver() || sessions.size >= limits.maxSessions) return undefined
    const onClose = (): void => {
      sessions.delete(id)
    }
    const { begin } = work
    const session = createSession({ id, sdk, settings, callers, health, report, begin, onClose })
    sessions.set(id, session)
    return session
  }
  /** @throws {CallgateError} */
  const openOne = async (): Promise<OpenSession> => {
    const session = await open(`gateway-${globalThis.crypto.randomUUID()}`)
    if (session !== undefined) return session
    const why = work.isOver()
      ? 'the gateway was closed'
      : `the gateway has ${limits.maxSessions} sessions: \`limits.maxSessions\` allows no more`
    throw new CallgateError('ERR_OPTIONS_INVALID', why)
  }
  const stopListening = engine.onReload(() => {
    for (const session of sessions.values()) session.tellListsChanged()
  })
  const http = createHttpSessions({ settings, callers, open, work })
  return {
    async ready() {
      await loadSdk()
    },
    fetch: http.fetch,
    async connect(transport) {
      const session = await openOne()
      await session.connect(transport as Transport) // the SDK's own, or one like it
    },
    async serveStdio(streams = {}) {
      const { types } = await loadSdk()
      const parse = (value: unknown): JSONRPCMessage | undefined =>
        types.JSONRPCMessageSchema.safeParse(value).data
      const session = await openOne()
      await serveLines(session, { ...streams, parse, work, ...limits })
    },
    definitions: settings.definitions,
    health: () => Object.fromEntries([...health].map(([ns, book]) => [ns, book.view()])),
    sessions: () => sessions.size,
    reload: (policy) => engine.reload(policy),
    async drain(timeoutMs) {
      work.stop()
      await work.settled(timeoutMs)
    },
    async close() {
      work.stop()
      stopListening()
      http.close()
      await Promise.allSettled([...sessions.values()].map((session) => session.close()))
    },
  }
}

interface Lines extends StdioStreams {
  readonly maxMessageBytes: number
  readonly work: Work
  parse(value: unknown): JSONRPCMessage | undefined
}

function serveLines(session: OpenSession, lines: Lines): Promise<void> {
  const { input = process.stdin, output = process.stdout, maxMessageBytes, parse, work } = lines
  return new Promise((resolve, reject) => {
    const end = (): void => {
      session.close().then(resolve, reject)
    }
    // What was asked before is still answered.
    const onend = (): void => {
      void work.settled(LAST_ANSWERS_MS).then(end)
    }
    const transport = lineTransport({ input, output, maxMessageBytes, parse, onend })
    transport.onclose = end
    session.connect(transport).catch(reject)
  })
}
