import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { ClientCapabilities } from '@modelcontextprotocol/sdk/types.js'
import {
  INTERNAL_ERROR,
  INVALID_PARAMS,
  METHOD_NOT_FOUND,
  ProtocolDenial,
} from '../../mcp/answers/denial.ts'
import { isObject, type Params, type RequestId } from '../../mcp/host.ts'
import { forwardedMeta, withMeta } from '../meta.ts'
import { BUSY, LISTS_CHANGED, type Session, subscriptionKey } from '../session-state.ts'
import { withoutPrefix } from '../upstream/errors.ts'
import type { Link } from '../upstream/link.ts'
import { noteByUrl } from './by-url.ts'

/** What servers may ask of the agent's client, and what they must have been told it can do. */
const ASKS = {
  'sampling/createMessage': {
    capability: 'sampling',
    request: 'CreateMessageRequestSchema',
    result: 'CreateMessageResultWithToolsSchema',
  },
  'elicitation/create': {
    capability: 'elicitation',
    request: 'ElicitRequestSchema',
    result: 'ElicitResultSchema',
  },
  'roots/list': {
    capability: 'roots',
    request: 'ListRootsRequestSchema',
    result: 'ListRootsResultSchema',
  },
} as const

/** What the agent's client can do, as servers are told: no more than it has said, and no tasks. */
export function capabilitiesFor(declared: ClientCapabilities | undefined): ClientCapabilities {
  const { sampling, elicitation, roots } = declared ?? {}
  return {
    ...(sampling === undefined ? {} : { sampling }),
    ...(elicitation === undefined ? {} : { elicitation }),
    ...(roots === undefined ? {} : { roots }),
  }
}

interface Extra {
  readonly signal: AbortSignal
  readonly requestId: RequestId
}

/** Questions of one server that wait for an answer. */
const MAX_OPEN = 32

/** Relays what a server asks and says to the one agent that has its session. */
export function relayUpstream(session: Session, link: () => Link, client: Client): void {
  let open = 0
  client.fallbackRequestHandler = async (request, extra) => {
    if (open >= MAX_OPEN)
      throw new ProtocolDenial(BUSY, `${MAX_OPEN} questions are open: wait for answers`)
    open++
    try {
      return await ask(session, link(), client, request, extra)
    } finally {
      open--
    }
  }
  client.fallbackNotificationHandler = async ({ method, params }) => {
    hear(session, link(), method, isObject(params) ? params : {})
  }
}

async function ask(
  session: Session,
  link: Link,
  client: Client,
  request: { readonly method: string; readonly params?: unknown },
  { signal }: Extra,
): Promise<Record<string, unknown>> {
  const { method } = request
  const known = Object.hasOwn(ASKS, method) ? ASKS[method as keyof typeof ASKS] : undefined // checked
  const declared = session.server.getClientCapabilities()
  if (known === undefined || declared?.[known.capability] === undefined)
    throw new ProtocolDenial(METHOD_NOT_FOUND, 'Method not found')
  if (!session.sdk.types[known.request].safeParse(request).success)
    throw new ProtocolDenial(INVALID_PARAMS, `Invalid params of ${method}`)
  const { task: _, ...params } = isObject(request.params) ? request.params : {}
  noteByUrl(link.byUrl, params)
  const meta = isObject(params['_meta']) ? params['_meta'] : {}
  const token = meta['progressToken']
  const asked = { method, params: withMeta(params, forwardedMeta(meta)) as Record<string, unknown> }
  try {
    return await session.server.request(asked, session.sdk.types[known.result], {
      signal,
      timeout: session.settings.limits.callTimeoutMs,
      // By the stream of a call that the server works on; by HTTP there may be no other.
      ...relatedTo(link),
      ...(typeof token === 'string' || typeof token === 'number'
        ? {
            onprogress: (progress: Params) => {
              const said = { ...progress, progressToken: token }
              client
                .notification({ method: 'notifications/progress', params: said })
                .catch(() => undefined)
            },
          }
        : {}),
    })
  } catch (error) {
    throw refused(error)
  }
}

function relatedTo({ running }: Link): { relatedRequestId?: RequestId } {
  const newest = [...running].at(-1)
  return newest === undefined ? {} : { relatedRequestId: newest }
}

/** What the agent's client has answered goes back; what this process says of it does not. */
function refused(error: unknown): ProtocolDenial {
  const { name, code, message, data } = isObject(error) ? error : ({} as Params)
  if (name !== 'McpError' || typeof code !== 'number')
    return new ProtocolDenial(INTERNAL_ERROR, 'the client gave no usable answer')
  return new ProtocolDenial(code, withoutPrefix(String(message), code), data)
}

const LEVELS: readonly unknown[] = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
]

function hear(session: Session, link: Link, method: string, params: Params): void {
  const changed = LISTS_CHANGED.find((one) => one === method)
  if (changed !== undefined) {
    session.listChanged(changed)
    return
  }
  const said = saidOf(session, link, method, withMeta(params, forwardedMeta(params['_meta'])))
  if (said !== undefined)
    session.tell(() =>
      session.server.notification({ method, params: said as Record<string, unknown> }),
    )
}

/** What an agent hears of a notification; undefined: nothing. */
function saidOf(
  session: Session,
  { ns, byUrl }: Link,
  method: string,
  params: Params,
): Params | undefined {
  if (method === 'notifications/message') {
    const { level, logger } = params
    if (LEVELS.indexOf(level) < LEVELS.indexOf(session.level)) return undefined
    return { ...params, logger: typeof logger === 'string' ? `${ns}/${logger}` : ns }
  }
  if (method === 'notifications/resources/updated')
    return session.subscriptions.has(subscriptionKey(ns, String(params['uri'])))
      ? params
      : undefined
  const isAsked = byUrl.has(String(params['elicitationId']))
  return method === 'notifications/elicitation/complete' && isAsked ? params : undefined
}
