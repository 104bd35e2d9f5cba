import type { Decision } from './decision.ts'

/** Every code a callgate error can carry. API: never renamed, only added to. */
export const ERROR_CODES = {
  ERR_POLICY_INVALID: 'the policy has problems; `problems` lists each with its place',
  ERR_CALL_DENIED: 'the call was denied; `decision` says why',
  ERR_OPTIONS_INVALID: 'an option has the wrong type or value',
  ERR_ENGINE_CLOSED: 'the engine was closed; create another one',
  ERR_DISPATCH_TIMEOUT: 'the call was dispatched and did not settle within the limit',
  ERR_CALL_CANCELLED: 'the caller gave up before the call was dispatched',
  ERR_INPUT_INVALID: 'arguments are not what the schema of the tool says; the message says where',
  ERR_OUTPUT_INVALID: 'a result is not what the schema of the tool says; the message says where',
  ERR_TRACE_INVALID: 'a session file cannot be read; the message says where',
  ERR_SUITE_INVALID: 'a policy test suite cannot be read; the message says where',
  ERR_PARSER_UNAVAILABLE: 'an optional parser could not be loaded; the message says which',
  ERR_PACKAGE_UNAVAILABLE:
    'an optional package is not installed, or too old; the message says which, and what to install',
  ERR_APPROVAL_CONFLICT:
    'the approval is unknown, over or answered already; the message says which',
  ERR_APPROVER_REFUSED: 'this person may not answer this approval; the message says why',
  ERR_HOST_UNSUPPORTED:
    'what was handed in is no MCP server or client that can be guarded; the message says why',
  ERR_NOT_AUTHENTICATED: 'nobody has proven who calls; the message says what is missing or wrong',
  ERR_PINS_INVALID:
    'accepted tool definitions cannot be read or kept; the message says where and why',
  ERR_AUDIT_UNAVAILABLE: 'a sink has not kept a record; the message says which and why',
  ERR_AUDIT_INVALID: 'an audit trail cannot be read; the message says where',
} as const
export type ErrorCode = keyof typeof ERROR_CODES

const BRAND = Symbol.for('callgate.error')

/** Base of every error callgate throws. `code` is API, the message is not. */
export class CallgateError extends Error {
  readonly code: ErrorCode
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'CallgateError'
    this.code = code
    Object.defineProperty(this, BRAND, { value: true })
  }
}

/** Thrown by `engine.guard` when the decision forbids the call. */
export class CallDeniedError extends CallgateError {
  readonly decision: Decision
  constructor(decision: Decision) {
    const detail = decision.detail === null ? '' : `: ${decision.detail}`
    super('ERR_CALL_DENIED', `call denied by \`${decision.gate}\`: ${decision.reason}${detail}`)
    this.name = 'CallDeniedError'
    this.decision = decision
  }
}

/** True for a denial of any copy of this package: ESM and CommonJS have classes of their own. */
export function isCallDenied(error: unknown): error is CallDeniedError {
  return isCallgateError(error) && error.code === 'ERR_CALL_DENIED'
}

/** Problem kinds of a policy file, as pinned. */
export const PROBLEM_KINDS = [
  'empty',
  'syntax',
  'duplicate_key',
  'non_string_key',
  'unknown_field',
  'unknown_constraint',
  'unknown_ref',
  'unsupported_version',
  'wrong_type',
  'missing_field',
  'duplicate_name',
  'bad_name',
  'bad_enum',
  'bad_glob',
  'bad_regex',
  'unsafe_regex',
  'bad_number',
  'bad_duration',
  'bad_cidr',
  'bad_path',
  'encoding',
  'too_large',
  'too_deep',
  'alias_bomb',
  'alias_cycle',
  'cycle',
  'forbidden_tag',
  'merge_key',
  'multi_document',
  'proto_key',
] as const
export type ProblemKind = (typeof PROBLEM_KINDS)[number]

/** One fault of a policy, with its place. `line` and `column` count from 1; null where there is none. */
export interface PolicyProblem {
  readonly kind: ProblemKind
  readonly message: string
  readonly file: string | null
  readonly line: number | null
  readonly column: number | null
  /** JSON Pointer (RFC 6901) into the file, `` for the whole. */
  readonly path: string
  /** What to write instead, where that is known. */
  readonly hint: string | null
}

/** All problems of a policy at once. */
export class PolicyError extends CallgateError {
  readonly problems: readonly PolicyProblem[]
  constructor(problems: readonly PolicyProblem[]) {
    super('ERR_POLICY_INVALID', problems.map(formatProblem).join('\n'))
    this.name = 'PolicyError'
    this.problems = Object.freeze([...problems])
  }
}

/** `file:line:column: kind: message (hint)`, the form editors link. */
export function formatProblem(problem: PolicyProblem): string {
  const place = [problem.file ?? 'policy', problem.line, problem.column]
    .filter((part) => part !== null)
    .join(':')
  const hint = problem.hint === null ? '' : ` (${problem.hint})`
  return `${place}: ${problem.kind}: ${problem.message}${hint}`
}

/** True for errors of any copy of callgate, ESM or CJS, which `instanceof` is not. */
export function isCallgateError(error: unknown): error is CallgateError {
  try {
    return typeof error === 'object' && error !== null && BRAND in error
  } catch {
    return false // a Proxy may throw when it is asked
  }
}
