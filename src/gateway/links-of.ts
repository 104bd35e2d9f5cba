import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { wrapMcpClient } from '../mcp/wrap-mcp-client.ts'
import type { HealthBook } from './health.ts'
import { capabilitiesFor, relayUpstream } from './relay/asks.ts'
import type { Session } from './session-state.ts'
import { createLink, type Link } from './upstream/link.ts'

/** One way to each server, not started yet. `onUp`: a server is there, for the first time or again. */
export function linksOf(
  session: Session,
  health: ReadonlyMap<string, HealthBook>,
  onUp: () => void,
): readonly Link[] {
  const { sdk, settings, server, report } = session
  return [...settings.upstreams].flatMap(([ns, upstream]) => {
    const book = health.get(ns)
    if (book === undefined) return []
    const link: Link = createLink({
      ns,
      upstream,
      sdk,
      name: settings.name,
      limits: settings.limits,
      health: book.link(),
      capabilities: () => capabilitiesFor(server.getClientCapabilities()),
      prepare(client) {
        guardClient(session, ns, client)
        relayUpstream(session, () => link, client)
      },
      enter: (run) => session.enter(session.owner, run),
      onLine: (line) =>
        report({ code: 'upstream_stderr', message: `server \`${ns}\` says: ${line}` }),
      onUp() {
        restore(session, link)
        onUp()
      },
      onDown: (label) =>
        report({ code: 'upstream_down', message: `server \`${ns}\` is down: ${inWords(label)}` }),
    })
    return [link]
  })
}

/** What the operator can do something about. Nothing of the command line is in it. */
const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such program, or no such folder to start it in',
  EACCES: 'this user may not start it',
  ECONNREFUSED: 'nobody listens at its URL',
  ENOTFOUND: 'no such host is known',
  closed: 'it has ended, or closed the connection; see what it has said on stderr',
  timeout: 'it did not answer in time: see `connect_timeout_ms`',
  http_401: 'it wants credentials: see `headers`',
  http_403: 'it refuses the credentials: see `headers`',
  http_404: 'there is no MCP at its URL, or it has forgotten the session',
}

function inWords(label: string): string {
  const words = Object.hasOwn(FAULTS, label) ? FAULTS[label] : undefined
  return words === undefined ? label : `${label}: ${words}`
}

/** INVARIANT: every message between a session and a server passes the engine, in the name of who asks. */
function guardClient(session: Session, ns: string, client: Client): void {
  const { engine, subject, identity, denial, definitions } = session.settings
  const isNamed = subject !== undefined || identity !== undefined
  wrapMcpClient(client, engine, {
    server: ns,
    session: session.id,
    // Found out once, at this gateway; where it names nobody, the engine goes by the credentials.
    ...(isNamed ? { identity: () => session.current()?.subject } : {}),
    credentials: () => session.current()?.credentials,
    ...(denial === undefined ? {} : { denial }),
    definitions,
  })
}

/** A server that was started anew is told again what the agent wants of it. */
function restore(session: Session, link: Link): void {
  const { sdk, level, subscriptions, owner } = session
  const client = link.current()?.client
  if (client === undefined) return
  const again = (method: string, params: Record<string, unknown>): void => {
    session
      .enter(owner, () => client.request({ method, params }, sdk.types.EmptyResultSchema))
      .catch(() => undefined)
  }
  if (level !== undefined && link.current()?.capabilities?.logging !== undefined)
    again('logging/setLevel', { level })
  for (const { ns, uri } of subscriptions.values())
    if (ns === link.ns) again('resources/subscribe', { uri })
}
