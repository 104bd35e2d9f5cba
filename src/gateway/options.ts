import { CallgateError } from '../core/model/errors.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import type { Diagnostic } from '../engine/options.ts'
import { type DefinitionWatch, watchDefinitions } from '../mcp/definitions/watch-definitions.ts'
import type { WrapMcpOptions } from '../mcp/options.ts'
import { hasPartsInOrder } from './parts-in-order.ts'

/** A server that the gateway starts as a child process: one for each session. */
export interface StdioUpstream {
  readonly command: string
  readonly args?: readonly string[]
  /** Added to the few variables that a child inherits: PATH, HOME and the like. */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** A server that is reached by streamable HTTP. */
export interface HttpUpstream {
  readonly url: string
  /** Sent with every request: the only credentials that the server gets. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A server in this process. One object serves one session; a function makes one for each. */
export interface LocalUpstream {
  readonly server: object | (() => object)
}

export type Upstream = StdioUpstream | HttpUpstream | LocalUpstream

/** Which tools of a server are shown at all, whatever the policy says. `*` stands for any characters. */
export interface Expose {
  /** @default all */
  readonly include?: readonly string[]
  /** Wins over `include`. @default none */
  readonly exclude?: readonly string[]
}

export interface GatewayLimits {
  /** Sessions at the same time, each with its own connections and child processes. @default 64 */
  readonly maxSessions?: number
  /** Milliseconds without a request after which an HTTP session ends. @default 3600000 */
  readonly sessionIdleMs?: number
  /** Milliseconds for one call of a server. @default 300000 */
  readonly callTimeoutMs?: number
  /** Milliseconds for a server to start, and to give its lists. @default 15000 */
  readonly connectTimeoutMs?: number
  /** Bytes of one message, in either direction. @default 16777216 */
  readonly maxMessageBytes?: number
  /** Milliseconds before the first restart of a server that was lost; doubled with each failure. @default 500 */
  readonly restartMinMs?: number
  /** Most milliseconds between two restarts. @default 30000 */
  readonly restartMaxMs?: number
}

export interface GatewayOptions
  extends Pick<WrapMcpOptions, 'subject' | 'identity' | 'denial' | 'definitions'> {
  readonly engine: PolicyEngine
  /** By namespace: tool `x` of server `db` is `db__x` for agents, and `db.x` in policies. */
  readonly upstreams: Readonly<Record<string, Upstream>>
  /** Stands between namespace and name on the wire. @default '__' */
  readonly separator?: string
  /** By namespace. @default everything */
  readonly expose?: Readonly<Record<string, Expose>>
  /** What the gateway calls itself. @default 'callgate' */
  readonly name?: string
  readonly limits?: GatewayLimits
  /** What the operator should know of servers and sessions. @default prints each once to stderr */
  readonly onDiagnostic?: (diagnostic: Diagnostic) => void
}

export const DEFAULT_LIMITS: Required<GatewayLimits> = {
  maxSessions: 64,
  sessionIdleMs: 3_600_000,
  callTimeoutMs: 300_000,
  connectTimeoutMs: 15_000,
  maxMessageBytes: 16 * 1024 * 1024,
  restartMinMs: 500,
  restartMaxMs: 30_000,
}

/** Options that were found good, with every default in its place. */
export interface Settings
  extends Pick<GatewayOptions, 'engine' | 'subject' | 'identity' | 'denial'> {
  /** One for all sessions: a server that is started anew is still the one it was. */
  readonly definitions: DefinitionWatch
  readonly upstreams: ReadonlyMap<string, Upstream>
  readonly expose: ReadonlyMap<string, Expose>
  readonly separator: string
  readonly name: string
  readonly limits: Required<GatewayLimits>
}

const KNOWN = new Set<string>([
  'engine',
  'upstreams',
  'separator',
  'expose',
  'name',
  'limits',
  'subject',
  'identity',
  'denial',
  'definitions',
  'onDiagnostic',
] satisfies (keyof GatewayOptions)[])

// Ends that are no separator: where a namespace ends is then never in doubt.
const NAMESPACE = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/
const SEPARATOR = /^[_-]{1,4}$/
const NAME = /^[A-Za-z0-9_-]{1,64}$/
/** Longer waits do not fit a timer. */
const MAX_MS = 2_147_483_647

/** @throws {CallgateError} ERR_OPTIONS_INVALID */
export function settingsOf(options: GatewayOptions): Settings {
  checkShape(options)
  const { engine, subject, identity, denial, definitions, separator = '__' } = options
  const { name = 'callgate' } = options
  if (!SEPARATOR.test(separator)) fail('`separator` is one to four of `_` and `-`')
  if (!NAME.test(name)) fail('`name` is up to 64 letters, digits, `_` and `-`')
  const upstreams = new Map<string, Upstream>()
  for (const [ns, upstream] of Object.entries(options.upstreams)) {
    checkNamespace(ns, separator)
    upstreams.set(ns, readUpstream(ns, upstream))
  }
  if (upstreams.size === 0) fail('`upstreams` names no server')
  return {
    engine,
    upstreams,
    expose: readExpose(options.expose ?? {}, upstreams),
    separator,
    name,
    limits: readLimits(options.limits ?? {}),
    definitions: definitions ?? watchDefinitions(),
    ...(subject === undefined ? {} : { subject }),
    ...(identity === undefined ? {} : { identity }),
    ...(denial === undefined ? {} : { denial }),
  }
}

function fail(message: string): never {
  throw new CallgateError('ERR_OPTIONS_INVALID', `\`createGateway\`: ${message}`)
}

function checkShape(options: GatewayOptions): void {
  if (typeof options !== 'object' || options === null) fail('takes one object of options')
  for (const key of Object.keys(options))
    if (!KNOWN.has(key)) fail(`unknown option \`${key}\`; known: ${[...KNOWN].join(', ')}`)
  const { engine, upstreams, onDiagnostic } = options
  if (typeof (engine as PolicyEngine | undefined)?.begin !== 'function')
    fail('`engine` is made by `createPolicyEngine`: without a policy nothing is served')
  if (typeof upstreams !== 'object' || upstreams === null) fail('`upstreams` holds servers by name')
  if (!['function', 'undefined'].includes(typeof onDiagnostic)) fail('`onDiagnostic` is a function')
  if (!['tool-error', 'jsonrpc', undefined].includes(options.denial))
    fail('`denial` is `tool-error` or `jsonrpc`')
  if (!['object', 'function', 'undefined'].includes(typeof options.subject))
    fail('`subject` is a subject or a function')
  // One of them would not be asked, and nobody would notice.
  if (options.subject !== undefined && options.identity !== undefined)
    fail('`subject` and `identity` both say who calls: give one of them')
}

function checkNamespace(ns: string, separator: string): void {
  if (!NAMESPACE.test(ns))
    fail(
      `\`${ns}\` is no namespace: up to 32 letters, digits and \`-\`, letters or digits at its ends`,
    )
  if (ns.includes(separator)) fail(`namespace \`${ns}\` contains the separator \`${separator}\``)
}

const FIELDS: Readonly<Record<'command' | 'url' | 'server', readonly string[]>> = {
  command: ['command', 'args', 'env', 'cwd'],
  url: ['url', 'headers'],
  server: ['server'],
}

function readUpstream(ns: string, upstream: Upstream): Upstream {
  const given = typeof upstream === 'object' && upstream !== null ? upstream : {}
  const kinds = (['command', 'url', 'server'] as const).filter((kind) => kind in given)
  const [kind] = kinds
  if (kind === undefined || kinds.length > 1)
    return fail(`upstream \`${ns}\` has one of \`command\`, \`url\` and \`server\``)
  const unknown = Object.keys(given).find((key) => !FIELDS[kind].includes(key))
  if (unknown !== undefined)
    fail(`upstream \`${ns}\`: unknown \`${unknown}\`; known: ${FIELDS[kind].join(', ')}`)
  // One of the three, as was just seen; its fields are looked at below.
  if (kind === 'command') return readStdio(ns, given as StdioUpstream)
  if (kind === 'url') return readHttp(ns, given as HttpUpstream)
  const { server } = given as LocalUpstream
  if (
    typeof server !== 'function' &&
    typeof (server as { connect?: unknown } | null)?.connect !== 'function'
  )
    fail(`upstream \`${ns}\`: \`server\` is an MCP server, or a function that makes one`)
  return { server }
}

function readStdio(ns: string, upstream: StdioUpstream): StdioUpstream {
  const { command, args = [], env = {}, cwd } = upstream
  if (typeof command !== 'string' || command === '')
    fail(`upstream \`${ns}\`: \`command\` is a text`)
  if (!isTexts(args)) fail(`upstream \`${ns}\`: \`args\` is a list of texts`)
  if (!['string', 'undefined'].includes(typeof cwd)) fail(`upstream \`${ns}\`: \`cwd\` is a path`)
  const variables = readTexts(`upstream \`${ns}\`: \`env\``, env)
  return { command, args, env: variables, ...(cwd === undefined ? {} : { cwd }) }
}

function readHttp(ns: string, upstream: HttpUpstream): HttpUpstream {
  const { url, headers = {} } = upstream
  if (typeof url !== 'string' || !/^https?:\/\//i.test(url) || !URL.canParse(url))
    fail(`upstream \`${ns}\`: \`url\` begins with http:// or https://`)
  if (new URL(url).password !== '' || new URL(url).username !== '')
    fail(`upstream \`${ns}\`: \`url\` holds no credentials; \`headers\` does`)
  const sent = readTexts(`upstream \`${ns}\`: \`headers\``, headers)
  try {
    new Headers(sent)
  } catch {
    fail(`upstream \`${ns}\`: a name or value of \`headers\` is none`)
  }
  return { url, headers: sent }
}

/** A copy, so that what was looked at is what is used. */
function readTexts(
  where: string,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  if (typeof values !== 'object' || values === null) fail(`${where} holds texts by name`)
  for (const [key, value] of Object.entries(values))
    if (typeof value !== 'string') fail(`${where} holds texts by name; \`${key}\` is none`)
  return { ...values }
}

function readExpose(
  expose: Readonly<Record<string, Expose>>,
  upstreams: ReadonlyMap<string, Upstream>,
): ReadonlyMap<string, Expose> {
  if (typeof expose !== 'object' || expose === null) fail('`expose` holds lists by namespace')
  for (const [ns, lists] of Object.entries(expose)) {
    if (!upstreams.has(ns)) fail(`\`expose\` names \`${ns}\`, which is no upstream`)
    for (const [key, list] of Object.entries(lists ?? {}))
      if (!['include', 'exclude'].includes(key) || !isTexts(list))
        fail(`\`expose.${ns}\` has \`include\` and \`exclude\`, lists of names`)
  }
  return new Map(Object.entries(expose))
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

function readLimits(limits: GatewayLimits): Required<GatewayLimits> {
  if (typeof limits !== 'object' || limits === null) fail('`limits` holds numbers by name')
  for (const [key, value] of Object.entries(limits)) {
    if (!Object.hasOwn(DEFAULT_LIMITS, key))
      fail(`unknown limit \`${key}\`; known: ${Object.keys(DEFAULT_LIMITS).join(', ')}`)
    if (!Number.isInteger(value) || value < 1 || value > MAX_MS)
      fail(`\`limits.${key}\` is a whole number from 1 on`)
  }
  const merged = { ...DEFAULT_LIMITS, ...limits }
  if (merged.restartMinMs > merged.restartMaxMs)
    fail('`limits.restartMinMs` is no more than `limits.restartMaxMs`')
  return merged
}

/** True for a tool that is shown, whatever the policy says. */
export function isExposed(expose: Expose | undefined, name: string): boolean {
  const { include, exclude = [] } = expose ?? {}
  const isNamedBy = (pattern: string): boolean => hasPartsInOrder(pattern.split('*'), name)
  if (exclude.some(isNamedBy)) return false
  return include === undefined || include.some(isNamedBy)
}
