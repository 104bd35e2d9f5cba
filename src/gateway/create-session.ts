import { AsyncLocalStorage } from 'node:async_hooks'
import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { Diagnostic } from '../engine/options.ts'
import type { RequestId } from '../mcp/host.ts'
import { VERSION } from '../version.ts'
import { answer } from './answer.ts'
import type { Callers, Found } from './caller.ts'
import { createDirectory } from './directory.ts'
import type { HealthBook } from './health.ts'
import { linksOf } from './links-of.ts'
import type { Settings } from './options.ts'
import type { Sdk } from './sdk.ts'
import { type Caller, LISTS_CHANGED, type ListChanged, type Session } from './session-state.ts'
import type { Link } from './upstream/link.ts'

export interface SessionParts {
  readonly id: string
  readonly sdk: Sdk
  readonly settings: Settings
  readonly callers: Callers
  readonly health: ReadonlyMap<string, HealthBook>
  report(diagnostic: Diagnostic): void
  /** Undefined: nothing is taken on any more. */
  begin(): (() => void) | undefined
  onClose(): void
}

/** A session as its gateway has it. */
export interface OpenSession {
  readonly id: string
  connect(transport: Transport): Promise<void>
  /** Runs what comes by HTTP in the name of whoever was found out. */
  as<T>(found: Found, run: () => T): T
  tellListsChanged(): void
  /** True while something runs. */
  isBusy(): boolean
  isRunning(id: RequestId): boolean
  onClose(run: () => void): void
  close(): Promise<void>
}

/**
 * Who was found out, and in whose name something runs. Two for all sessions: Node.js 20 keeps every one
 * that is made for good, and hands each on with every promise and timer.
 */
const FOUND = new AsyncLocalStorage<Of<Found>>()
const ASKING = new AsyncLocalStorage<Of<Caller>>()

interface Of<T> {
  readonly session: string
  readonly value: T
}

/** What belongs to this session: a server in this process may itself be an agent of the gateway. */
function ofSession<T>(storage: AsyncLocalStorage<Of<T>>, id: string): T | undefined {
  const store = storage.getStore()
  return store?.session === id ? store.value : undefined
}

/** Notifications that wait to be written to the agent. */
const MAX_UNSENT = 1_000

export function createSession(parts: SessionParts): OpenSession {
  const { id, callers, begin } = parts
  const running = new Set<RequestId>()
  const onClosed = [parts.onClose]
  const { session, links } = newSession(parts)
  const { server } = session
  server.fallbackRequestHandler = (request, extra) =>
    answer({ session, callers, found: () => ofSession(FOUND, id), begin, running }, request, extra)
  server.fallbackNotificationHandler = async ({ method }) => {
    if (method === 'notifications/roots/list_changed') tellRoots(session)
    else
      parts.report({
        code: 'notification_dropped',
        message: 'an agent has sent a notification that is none: it goes no further',
      })
  }
  const end = async (): Promise<void> => {
    for (const run of onClosed) run()
    await Promise.allSettled([server.close(), ...[...links.values()].map((link) => link.close())])
    // Else whoever opens many would have the engine forget those of others.
    await Promise.allSettled([(async () => parts.settings.engine.endSession(id))()])
  }
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    // Ending calls this again, by the transport: it must be known by then.
    closing ??= Promise.resolve().then(end)
    return closing
  }
  server.onclose = () => {
    void close()
  }
  return {
    id,
    connect: (transport) => server.connect(transport),
    as: (who, run) => FOUND.run({ session: id, value: who }, run),
    tellListsChanged: () => tellListsChanged(session),
    isBusy: () => running.size > 0,
    isRunning: (request) => running.has(request),
    onClose: (run) => onClosed.push(run),
    close,
  }
}

function newSession(parts: SessionParts): {
  readonly session: Session
  readonly links: ReadonlyMap<string, Link>
} {
  const { id, sdk, settings, report } = parts
  const links = new Map<string, Link>()
  const server = newServer(parts)
  const tell = boundedTell(server)
  const session: Session = {
    id,
    sdk,
    settings,
    server,
    links,
    directory: createDirectory(),
    subscriptions: new Map(),
    owner: undefined,
    level: undefined,
    isListed: false,
    report,
    current: () => ofSession(ASKING, id) ?? session.owner,
    enter(caller, run) {
      if (caller === undefined) return run()
      const { subject, trace } = caller
      const context = {
        session: caller.session,
        ...(subject === undefined ? {} : { subject }),
        ...(trace === undefined ? {} : { trace }),
      }
      return ASKING.run({ session: id, value: caller }, () => settings.engine.run(context, run))
    },
    tell,
    listChanged: coalesced((method) => tell(() => server.notification({ method }))),
  }
  for (const link of linksOf(session, parts.health, () => tellListsChanged(session)))
    links.set(link.ns, link)
  return { session, links }
}

function boundedTell(server: Server): Session['tell'] {
  let unsent = 0
  return (send) => {
    if (unsent >= MAX_UNSENT || server.transport === undefined) return
    unsent++
    const done = (): void => {
      unsent--
    }
    send().then(done, done)
  }
}

/** Several servers, and the policy, may change in one turn. */
function coalesced(tell: (method: ListChanged) => void): (method: ListChanged) => void {
  const due = new Set<ListChanged>()
  return (method) => {
    if (due.size === 0)
      setImmediate(() => {
        const methods = [...due]
        due.clear()
        for (const one of methods) tell(one)
      })
    due.add(method)
  }
}

/** What a gateway has is not known before its servers are asked: it says that it has all kinds. */
function newServer({ sdk, settings }: SessionParts): Server {
  const server = new sdk.Server(
    { name: settings.name, version: VERSION },
    {
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        completions: {},
        logging: {},
      },
    },
  )
  // SDKs cancel no request with the id 0.
  Reflect.set(server, '_requestMessageId', 1)
  // The SDK's own keeps the level to itself.
  server.removeRequestHandler('logging/setLevel')
  return server
}

/** Clients ask for lists anew; one that has seen none has nothing to forget. */
function tellListsChanged({ isListed, listChanged }: Session): void {
  if (isListed) for (const method of LISTS_CHANGED) listChanged(method)
}

function tellRoots({ links, server, enter, owner }: Session): void {
  if (server.getClientCapabilities()?.roots?.listChanged !== true) return
  for (const link of links.values()) {
    const client = link.current()?.client
    if (client !== undefined)
      enter(owner, () => client.sendRootsListChanged()).catch(() => undefined)
  }
}
