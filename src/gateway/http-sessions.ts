import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { DENIED } from '../mcp/answers/denial.ts'
import type { McpAuthInfo } from '../mcp/context.ts'
import { isObject, type RequestId } from '../mcp/host.ts'
import { boundedResponse } from './bounded-response.ts'
import { type Callers, type Found, isSamePrincipal } from './caller.ts'
import type { OpenSession } from './create-session.ts'
import { messagesFault, requestIds } from './messages.ts'
import type { Settings } from './options.ts'
import { bodyRoom, readBody } from './read-body.ts'
import { loadSdk, type Sdk } from './sdk.ts'
import { BUSY } from './session-state.ts'
import { giveWay } from './share.ts'
import type { Work } from './work.ts'

/** What is known of an HTTP request besides itself. */
export interface HttpPeer {
  /** Address that the connection came from. */
  readonly peer?: string
  /** The path as it came. @default that of the request's URL */
  readonly path?: string
  /** What the host's HTTP server has verified of a bearer token. */
  readonly authInfo?: McpAuthInfo
}

interface HttpParts {
  readonly settings: Settings
  readonly callers: Callers
  readonly work: Work
  /** Undefined: there is no room. */
  open(id: string): Promise<OpenSession | undefined>
}

interface HttpSession {
  readonly session: OpenSession
  readonly transport: InstanceType<Sdk['HttpServerTransport']>
  /** Who has opened it: nobody else is served by it. */
  readonly principal: Found['principal']
  /** Requests that are being handed on. */
  readonly handed: Set<RequestId>
  /** Bytes that may wait to be read, for one response. */
  readonly maxUnread: number
  idle: NodeJS.Timeout | undefined
}

interface Arrived {
  readonly request: Request
  readonly info: HttpPeer
  readonly body: unknown
}

const SESSION_HEADER = 'mcp-session-id'
const INVALID_REQUEST = -32600
/** Milliseconds for the second request of a session: whoever only opens them does not fill the gateway. */
const UNUSED_MS = 60_000
/** Messages of full size that may wait: of all bodies that come in, and of one stream that goes out. */
const [BODIES, UNREAD] = [16, 4]
/** Of the SDK, for a session that is not there: clients then begin another one. */
const SESSION_NOT_FOUND = -32001

export interface HttpSessions {
  fetch(request: Request, info?: HttpPeer): Promise<Response>
  close(): void
}

export function createHttpSessions(parts: HttpParts): HttpSessions {
  const { settings, callers } = parts
  const { limits } = settings
  const held = new Map<string, HttpSession>()
  const room = bodyRoom(BODIES * limits.maxMessageBytes)
  const begin = async (arrived: Arrived): Promise<Response> => {
    if (parts.work.isOver()) return refused(503, BUSY, 'the gateway is shutting down')
    const id = globalThis.crypto.randomUUID()
    const found = await callers.find(id, firstOf(arrived.body), rawOf(arrived))
    if (found.principal === undefined) return nobody()
    const sdk = await loadSdk()
    const session = await openFor(parts, held.values(), id, found.principal)
    if (session === undefined)
      return refused(503, BUSY, `${limits.maxSessions} sessions are open: try again later`)
    const transport = new sdk.HttpServerTransport({ sessionIdGenerator: () => id })
    const maxUnread = UNREAD * limits.maxMessageBytes
    const shared = { principal: found.principal, maxUnread, handed: new Set<RequestId>() }
    const one: HttpSession = { session, transport, ...shared, idle: undefined }
    session.onClose(() => {
      clearTimeout(one.idle)
      held.delete(id)
    })
    held.set(id, one)
    try {
      await session.connect(transport as Transport) // its fields may be undefined, the interface leaves them out
      const response = await hand(one, found, arrived)
      if (response.ok) rest(one, Math.min(UNUSED_MS, limits.sessionIdleMs), limits.sessionIdleMs)
      else await session.close()
      return response
    } catch (cause) {
      await session.close()
      throw cause
    }
  }
  const goOn = async (id: string, arrived: Arrived): Promise<Response> => {
    const found = await callers.find(id, firstOf(arrived.body), rawOf(arrived))
    if (found.principal === undefined) return nobody()
    const one = held.get(id)
    // An id that somebody else has got hold of is good for nothing, and says nothing.
    if (one === undefined || !isSamePrincipal(one.principal, found.principal))
      return refused(404, SESSION_NOT_FOUND, 'Session not found')
    const fault = messagesFault(arrived.body, one)
    if (fault !== undefined) return refused(400, INVALID_REQUEST, fault)
    rest(one, limits.sessionIdleMs)
    // In the order of their use: the longest unused is the first to go.
    held.delete(id)
    held.set(id, one)
    return hand(one, found, arrived)
  }
  return {
    async fetch(request, info = {}) {
      const read =
        request.method === 'POST'
          ? await readBody(request, limits.maxMessageBytes, room)
          : undefined
      if (read !== undefined && 'refusal' in read) return refused(...read.refusal)
      const arrived: Arrived = { request, info, body: read?.body }
      const id = request.headers.get(SESSION_HEADER)
      if (id !== null) return goOn(id, arrived)
      if (isInitialize(arrived.body)) return begin(arrived)
      return refused(400, INVALID_REQUEST, `the header \`${SESSION_HEADER}\` is missing`)
    },
    close() {
      for (const one of held.values()) clearTimeout(one.idle)
    },
  }
}

/** Ends a session that is not used for so long, then and later. */
function rest(one: HttpSession, ms: number, idleMs = ms): void {
  clearTimeout(one.idle)
  one.idle = setTimeout(() => {
    if (one.session.isBusy()) rest(one, idleMs)
    else void one.session.close()
  }, ms).unref()
}

/** A session, where need be in the place of one of somebody who has many. */
async function openFor(
  parts: HttpParts,
  held: Iterable<HttpSession>,
  id: string,
  principal: Found['principal'],
): Promise<OpenSession | undefined> {
  const session = await parts.open(id)
  if (session !== undefined || parts.work.isOver()) return session
  const leaving = giveWay(held, principal)
  if (leaving === undefined) return undefined
  await new Promise<void>((resolve) => {
    leaving.session.onClose(resolve)
    void leaving.session.close()
  })
  return parts.open(id)
}

/** Who was found out is handed along: the SDK's handlers run within this. */
async function hand(
  one: HttpSession,
  found: Found,
  { request, info, body }: Arrived,
): Promise<Response> {
  const { authInfo } = info
  const ids = requestIds(body)
  for (const id of ids) one.handed.add(id)
  try {
    const response = await one.session.as(found, () =>
      one.transport.handleRequest(request, {
        ...(body === undefined ? {} : { parsedBody: body }),
        // What is not known of a token is not read by the SDK either.
        ...(authInfo === undefined ? {} : { authInfo: authInfo as never }),
      }),
    )
    return boundedResponse(response, one.maxUnread)
  } finally {
    // The SDK begins with a request a little after it has taken it: from then on it is running.
    setImmediate(() => {
      for (const id of ids) one.handed.delete(id)
    })
  }
}

function rawOf({ request, info }: Arrived): object {
  const { peer, path, authInfo } = info
  return {
    requestInfo: { headers: request.headers, url: path ?? request.url },
    signal: request.signal,
    ...(peer === undefined ? {} : { peer }),
    ...(authInfo === undefined ? {} : { authInfo }),
  }
}

/** By what a request is named where it is asked who calls: the first of a batch. */
function firstOf(body: unknown): {
  readonly method: string
  readonly params?: Record<string, unknown>
} {
  const first: unknown = Array.isArray(body) ? body[0] : body
  const { method, params } = isObject(first) ? first : ({} as Record<string, unknown>)
  return {
    method: typeof method === 'string' ? method : '',
    ...(isObject(params) ? { params } : {}),
  }
}

function isInitialize(body: unknown): boolean {
  return isObject(body) && body['method'] === 'initialize'
}

function nobody(): Response {
  const said = 'nobody has proven who calls: the credentials are missing, wrong or too old'
  return refused(401, DENIED, said, { 'www-authenticate': 'Bearer' })
}

function refused(
  status: number,
  code: number,
  message: string,
  headers: Record<string, string> = {},
): Response {
  const body = { jsonrpc: '2.0', error: { code, message }, id: null }
  return Response.json(body, { status, headers })
}
