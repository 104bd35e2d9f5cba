import { sha256Hex } from '../core/hash.ts'
import type { CallRequest, Credentials, Subject } from '../core/model/call.ts'
import { isPromise, type MaybePromise } from '../core/model/json.ts'
import { readTraceparent } from '../core/trace-context.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import { DEFAULT_LIMITS } from '../engine/options.ts'
import { within } from '../engine/wait.ts'
import type { McpAuthInfo, McpContext, RequestContext } from './context.ts'
import type { WrapMcpOptions } from './options.ts'
import { originOf } from './origin.ts'

/** What is said of every call of one message: all but what is called, and with what. */
export type Head = Omit<CallRequest, 'resource' | 'arguments'>

/** A policy engine in front of one server. */
export interface Guard {
  readonly engine: PolicyEngine
  readonly server: string
  readonly options: WrapMcpOptions
  headOf(context: RequestContext): MaybePromise<Head>
  warn(message: string): void
}

/** What is said may name what a server has made up. */
const MOST_WARNINGS = 100
const NOBODY: Subject = Object.freeze({ agent: '' })
const ANONYMOUS: Subject = Object.freeze({ agent: 'anonymous', tier: 'anonymous' })

/** What proves who calls: read off the message, unless somebody says it. */
type CredentialsOf = (context: McpContext) => Credentials | undefined

export function createGuard(
  engine: PolicyEngine,
  options: WrapMcpOptions,
  credentials: CredentialsOf = credentialsOf,
): Guard {
  const said = new Set<string>()
  const warn = (message: string): void => {
    if (said.has(message) || said.size >= MOST_WARNINGS) return
    said.add(message)
    process.emitWarning(message, { type: 'CallgateWarning' })
  }
  return {
    engine,
    server: options.server,
    options,
    headOf: (context) => headOf({ engine, options, warn, credentials }, context),
    warn,
  }
}

interface Asking extends Pick<Guard, 'engine' | 'options' | 'warn'> {
  readonly credentials: CredentialsOf
}

function headOf(asking: Asking, context: RequestContext): MaybePromise<Head> {
  const { engine, options, warn } = asking
  const around = engine.context()
  const isNamed = options.subject !== undefined || options.identity !== undefined
  const credentials = asking.credentials(context)
  const subject = isNamed ? saidBy(options, context, credentials) : around.subject
  const complete = (who: Subject | undefined): Head => {
    const given =
      who ?? (isNamed || !around.identifies ? fallback(context, isNamed, warn) : undefined)
    return headFor(given, context, sessionOf(options, context, around.session, given), credentials)
  }
  if (!isPromise(subject)) return complete(subject)
  const nobody = (): Subject => NOBODY
  return within(subject, DEFAULT_LIMITS.gateTimeoutMs, nobody).catch(nobody).then(complete)
}

/** INVARIANT: where saying who calls fails, nobody calls. */
function saidBy(
  options: WrapMcpOptions,
  context: McpContext,
  credentials: Credentials | undefined,
): MaybePromise<Subject | undefined> {
  const { subject, identity } = options
  try {
    if (typeof subject === 'function') return subject(context)
    if (subject !== undefined) return subject
    if (typeof identity === 'function') return identity(context)
    return identity?.identify(credentials ?? {})
  } catch {
    return NOBODY
  }
}

/** Nobody was named: whom the transport has verified, else anybody. */
function fallback(context: McpContext, isNamed: boolean, warn: (message: string) => void): Subject {
  const verified = isNamed ? undefined : verifiedBy(context.authInfo)
  if (verified !== undefined) return verified
  if (!isNamed)
    warn(
      `calls of the MCP server \`${context.server}\` are made by \`anonymous\`: give \`subject\` or \`identity\`, or call within \`engine.run\``,
    )
  return ANONYMOUS
}

/** A token that the host's HTTP server has verified names its client, and limits its scopes. */
function verifiedBy(info: McpAuthInfo | undefined): Subject | undefined {
  const { clientId, scopes, extra } = info ?? {}
  if (typeof clientId !== 'string' || clientId === '') return undefined
  const user = extra?.['sub']
  return {
    agent: clientId,
    tier: 'mcp',
    ...(typeof user === 'string' && user !== '' ? { user } : {}),
    ...(Array.isArray(scopes) && scopes.length > 0 ? { scopes } : {}),
  }
}

function sessionOf(
  { session }: WrapMcpOptions,
  context: RequestContext,
  around: string | undefined,
  subject: Subject | undefined,
): string {
  if (session !== undefined) return saidSession(session, context)
  if (around !== undefined) return around
  const { sessionId } = context
  if (sessionId !== undefined) return sessionId
  return context.isHttp ? sessionOfCaller(context, subject) : context.connection
}

/** INVARIANT: where saying which session it is fails, it is none, and the call is denied. */
function saidSession(
  session: NonNullable<WrapMcpOptions['session']>,
  context: RequestContext,
): string {
  if (typeof session === 'string') return session
  try {
    return session(context)
  } catch {
    return ''
  }
}

/**
 * One per caller. The engine keeps the sessions of different users and tenants apart, whatever their
 * id, and lets the agents of one user share theirs; agents without a user share nothing.
 */
function sessionOfCaller(
  { server, authInfo }: RequestContext,
  subject: Subject | undefined,
): string {
  const agent = subject === undefined ? authInfo?.clientId : subject.agent
  if (subject?.user !== undefined || typeof agent !== 'string') return `mcp-${server}`
  return `mcp-${server}:${PLAIN.test(agent) ? agent : `#${sha256Hex(agent)}`}`
}

/** What makes a name that the engine takes, at whatever place in it. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._@/-]{0,127}$/

function headFor(
  subject: Subject | undefined,
  context: RequestContext,
  session: string,
  credentials: Credentials | undefined,
): Head {
  const { requestId, signal, meta } = context
  const approval = meta?.[APPROVAL]
  const trace = traceOf(context)
  return {
    session,
    server: context.server,
    ...(subject === undefined ? {} : { subject }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(signal === undefined ? {} : { signal }),
    ...(typeof approval === 'string' ? { approval } : {}),
    ...(trace === undefined ? {} : { trace }),
    ids: idsOf(requestId, context.authInfo),
    origin: originOf(context.method),
  }
}

/** Under this key of `_meta` a client presents the approval that was given for a call. */
export const APPROVAL = 'callgate/approval'

/**
 * The caller's span. A message may say it of itself, an HTTP request of what it carries: the message
 * knows better. What is malformed is as good as absent; `tracestate` is not read.
 * @see https://www.w3.org/TR/trace-context/
 */
function traceOf({ meta, headers }: RequestContext): string | undefined {
  const read = readTraceparent(meta?.[TRACEPARENT]) ?? readTraceparent(headers?.[TRACEPARENT])
  return read?.text
}

const TRACEPARENT = 'traceparent'

function idsOf(requestId: unknown, authInfo: McpAuthInfo | undefined): NonNullable<Head['ids']> {
  const client = authInfo?.clientId
  const request = requestId === undefined ? {} : { request: String(requestId).slice(0, 256) }
  return typeof client === 'string' ? { ...request, client } : request
}

function credentialsOf(context: McpContext): Credentials | undefined {
  const { headers, path, authInfo } = context
  const bearer = authInfo?.token
  if (headers === undefined && bearer === undefined) return undefined
  return {
    ...(typeof bearer === 'string' ? { bearer } : {}),
    ...(headers === undefined ? {} : { headers }),
    ...(path === undefined ? {} : { path }),
  }
}
