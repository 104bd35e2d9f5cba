import type { Rule } from '../core/behavior/rule.ts'
import { BUILT_IN_RULE_IDS } from '../core/behavior/rule-ids.ts'
import { MAX_CANONICAL_DEPTH } from '../core/hash.ts'
import type { Subject } from '../core/model/call.ts'
import { BUILT_IN_GATES, type Mode } from '../core/model/decision.ts'
import { CallgateError } from '../core/model/errors.ts'
import type {
  ApprovalStore,
  Approvals,
  AuditSink,
  BudgetStore,
  Gate,
  IdentityProvider,
  RateLimitStore,
  RealPath,
  SessionRecorder,
} from '../core/model/ports.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import { checkRunners, type HookRunners } from './hooks/runners.ts'

/** Bounds of an engine. Every wait and every buffer has one. */
export interface EngineLimits {
  /** Nesting of one call's arguments. @default 64 */
  readonly maxArgumentDepth?: number
  /** Values in one call's arguments. @default 50000 */
  readonly maxArgumentValues?: number
  /** UTF-16 units of one call's arguments. @default 4194304 */
  readonly maxArgumentSize?: number
  /** Sessions kept in memory; the least recently used open one goes first. @default 10000 */
  readonly maxSessions?: number
  /** Bytes kept of what one session has read; restricted data goes last. @default 10485760 */
  readonly maxSessionBytes?: number
  /** Bytes kept of what all sessions have read. @default 268435456 */
  readonly maxBehaviorBytes?: number
  /** Milliseconds for one gate or identity provider that answers later. @default 5000 */
  readonly gateTimeoutMs?: number
  /** Milliseconds for a sink to confirm a record. @default 5000 */
  readonly auditTimeoutMs?: number
  /** Milliseconds for a dispatched call to settle, in `guard`. @default 600000 */
  readonly dispatchTimeoutMs?: number
}

/** Something the operator should know. Never holds an argument or a secret. */
export interface Diagnostic {
  readonly code: string
  readonly message: string
  readonly cause?: unknown
}

/** Secret keys, 16 bytes or more each: as bytes, or as a text of 32 characters or more. */
export interface EngineKeys {
  /** Of the hashes that stand for values a session has seen. @default random, per process */
  readonly fingerprint?: Uint8Array | string
  /** Of hashes and tokens that redaction puts in the place of values. @default random, per process */
  readonly redaction?: Uint8Array | string
}

/** Where state is kept that several processes may share. */
export interface EngineStores {
  /** @default in memory */
  readonly rateLimits?: RateLimitStore
  /** @default in memory */
  readonly budgets?: BudgetStore
  /** @default in memory; a restart then forgets what waits */
  readonly approvals?: ApprovalStore
}

export interface EngineOptions {
  /** Required: there is no engine without a policy. A function chooses one by subject. */
  readonly policy: CompiledPolicy | ((subject: Subject) => CompiledPolicy)
  /** `observe` makes and records the same decisions without applying them. @default 'enforce' */
  readonly mode?: Mode
  /**
   * With sinks, no call goes out before at least one has accepted its record. Recorders of sessions may
   * stand beside them, and have no say. @default []
   */
  readonly audit?: readonly (AuditSink | SessionRecorder)[]
  /**
   * Credentials to subject. `'host'`: the host's own code names every subject, whatever the policy's
   * `identity` section says. @default what that section describes; without one `'host'`
   */
  readonly identity?: IdentityProvider | 'host'
  /**
   * The host's own gates; they run after the built-in ones. They may refuse, ask or rewrite, and what
   * they rewrite must pass RBAC again: none can permit more.
   */
  readonly gates?: readonly Gate[]
  /** The host's own behavioural rules, evaluated after the built-in ones. */
  readonly rules?: readonly Rule[]
  /** Keys of what is kept. Without them random ones, so that nothing can be compared across processes. */
  readonly keys?: EngineKeys
  readonly approvals?: Approvals
  /** What runs the policy's hooks. A policy alone can start nothing: a hook without a runner is never run. */
  readonly hooks?: HookRunners
  /**
   * What `callgate router train` has written, parsed: weights of the local classifier.
   * @default those that come with the package
   */
  readonly classifierWeights?: object
  /** Where limits are counted. */
  readonly stores?: EngineStores
  /** What to do when no sink accepts a record. @default 'deny' */
  readonly onAuditFailure?: 'deny' | 'continue'
  readonly limits?: EngineLimits
  /** @default prints to stderr, each code once */
  readonly onDiagnostic?: (diagnostic: Diagnostic) => void
  /** Wall clock. @default Date.now */
  readonly clock?: {
    now(): number
    /** Milliseconds of a clock that is never set, for limits. @default performance.now */
    monotonic?(): number
  }
  /** Where a path leads, for `path_prefix`. @default the file system; a dangling link is unverifiable */
  readonly realpath?: RealPath
  /** Ids of decisions; must never repeat. @default random prefix and counter */
  readonly randomId?: () => string
}

const KNOWN = new Set<string>([
  'policy',
  'mode',
  'audit',
  'identity',
  'gates',
  'rules',
  'keys',
  'approvals',
  'hooks',
  'classifierWeights',
  'stores',
  'onAuditFailure',
  'limits',
  'onDiagnostic',
  'clock',
  'realpath',
  'randomId',
] satisfies (keyof EngineOptions)[])

export const DEFAULT_LIMITS: Required<EngineLimits> = {
  maxArgumentDepth: 64,
  maxArgumentValues: 50_000,
  maxArgumentSize: 4 * 1024 * 1024,
  maxSessions: 10_000,
  maxSessionBytes: 10 * 1024 * 1024,
  maxBehaviorBytes: 256 * 1024 * 1024,
  gateTimeoutMs: 5_000,
  auditTimeoutMs: 5_000,
  dispatchTimeoutMs: 600_000,
}

/**
 * Refuses options that are wrong or unknown: a misspelt one would quietly not protect.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function checkOptions(options: EngineOptions): void {
  if (typeof options !== 'object' || options === null) fail('options must be an object')
  for (const name of Object.keys(options))
    if (!KNOWN.has(name)) fail(`unknown option \`${name}\`; known: ${[...KNOWN].join(', ')}`)
  if (typeof options.policy !== 'function') assertPolicy(options.policy)
  if (!['enforce', 'observe', undefined].includes(options.mode))
    fail('`mode` is `enforce` or `observe`')
  if (!['deny', 'continue', undefined].includes(options.onAuditFailure))
    fail('`onAuditFailure` is `deny` or `continue`')
  checkMembers(options)
  checkLimits(options.limits)
}

function fail(message: string): never {
  throw new CallgateError('ERR_OPTIONS_INVALID', message)
}

function checkMembers(options: EngineOptions): void {
  for (const member of options.audit ?? [])
    if (!isSink(member) && !isRecorder(member))
      fail('every member of `audit` has a `write` function, or records sessions')
  checkGates(options.gates ?? [])
  checkRunners(options.hooks)
  checkRules(options.rules ?? [])
  checkKeys(options.keys)
  checkWeights(options.classifierWeights)
  const { identity } = options
  if (identity !== undefined && identity !== 'host' && typeof identity?.identify !== 'function')
    fail('`identity` has an `identify` function, or is `host`')
  checkApprovalStore(options.stores?.approvals)
  if (options.approvals === undefined) return
  if (typeof options.approvals?.ask !== 'function') fail('`approvals` has an `ask` function')
  const { timeoutMs = 1 } = options.approvals
  if (!(timeoutMs > 0 && timeoutMs <= MOST.ms)) fail('`approvals.timeoutMs` is above 0, and finite')
}

function checkWeights(weights: unknown): void {
  if (weights !== undefined && (typeof weights !== 'object' || weights === null))
    fail('`classifierWeights` is what `callgate router train` has written, parsed')
}

export function isSink(member: AuditSink | SessionRecorder): member is AuditSink {
  return typeof (member as AuditSink | null)?.write === 'function' // whatever a host hands in
}

export function isRecorder(member: AuditSink | SessionRecorder): member is SessionRecorder {
  return typeof (member as SessionRecorder | null)?.observe === 'function' // likewise
}

function checkApprovalStore(store: ApprovalStore | undefined): void {
  if (store === undefined) return
  for (const name of ['get', 'add', 'replace', 'list'] as const)
    if (typeof store?.[name] !== 'function') fail(`\`stores.approvals\` has a \`${name}\` function`)
}

/** @throws {CallgateError} ERR_OPTIONS_INVALID */
export function assertPolicy(policy: unknown): asserts policy is CompiledPolicy {
  const isCompiled =
    typeof policy === 'object' && policy !== null && 'digest' in policy && 'index' in policy
  if (!isCompiled)
    throw new CallgateError(
      'ERR_OPTIONS_INVALID',
      '`policy` must come from parsePolicy, loadPolicy (await it) or compilePolicy',
    )
}

function checkGates(gates: readonly Gate[]): void {
  const names = new Set<string>(BUILT_IN_GATES)
  for (const gate of gates) {
    if (typeof gate?.check !== 'function' || typeof gate.name !== 'string')
      fail('every member of `gates` has a `name` and a `check` function')
    // Timings list gates by name in the order they ran: names that JavaScript would reorder are out.
    if (!/^[a-z_][\w-]{0,63}$/i.test(gate.name) || gate.name === '__proto__')
      fail(
        `a gate's name is a word of letters, digits, \`_\` and \`-\`: \`${gate.name.slice(0, 64)}\``,
      )
    if (names.has(gate.name)) fail(`there is a gate \`${gate.name}\` already`)
    names.add(gate.name)
  }
}

function checkRules(rules: readonly Rule[]): void {
  const ids = new Set(BUILT_IN_RULE_IDS)
  for (const rule of rules) {
    if (typeof rule?.evaluate !== 'function' || typeof rule.id !== 'string')
      fail('every member of `rules` has an `id` and an `evaluate` function')
    if (rule.on !== 'request' && rule.on !== 'response')
      fail(`\`on\` of rule \`${rule.id.slice(0, 64)}\` is \`request\` or \`response\``)
    if (!/^[a-z][a-z0-9_]{0,63}$/.test(rule.id))
      fail(`the id of a rule is a word such as \`my_rule\`: \`${rule.id.slice(0, 64)}\``)
    if (ids.has(rule.id)) fail(`there is a rule \`${rule.id}\` already`)
    ids.add(rule.id)
  }
}

const KEY_NAMES = ['fingerprint', 'redaction'] as const

function checkKeys(keys: EngineOptions['keys']): void {
  if (keys === undefined) return
  const known: readonly string[] = KEY_NAMES
  for (const name of Object.keys(keys ?? {}))
    if (!known.includes(name)) fail(`unknown key \`${name}\`; known: ${known.join(', ')}`)
  for (const name of KEY_NAMES) checkKey(name, keys[name])
}

function checkKey(name: string, key: Uint8Array | string | undefined): void {
  if (key === undefined) return
  const isText = typeof key === 'string'
  if (!isText && !(key instanceof Uint8Array)) fail(`\`keys.${name}\` is bytes or a text`)
  if (key.length < (isText ? 32 : 16))
    fail(`\`keys.${name}\` has 16 bytes or more, or 32 characters or more`)
}

// Timers count in 32 bits: a longer wait would be over at once.
const MOST = { ms: 2 ** 31 - 1, count: Number.MAX_SAFE_INTEGER } as const

function checkLimits(limits: EngineLimits | undefined): void {
  for (const [name, value] of Object.entries(limits ?? {})) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) fail(`unknown limit \`${name}\``)
    if (typeof value !== 'number' || !(value > 0)) fail(`limit \`${name}\` must be above 0`)
    const most =
      name === 'maxArgumentDepth' ? MAX_CANONICAL_DEPTH : MOST[name.endsWith('Ms') ? 'ms' : 'count']
    if (value > most) fail(`limit \`${name}\` must be at most ${most}`)
  }
}
