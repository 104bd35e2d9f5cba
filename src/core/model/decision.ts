import type { Disposition, Finding } from './finding.ts'
import type { JsonObject, JsonValue } from './json.ts'

export type Effect = 'allow' | 'deny' | 'compute' | 'escalate'
export type Mode = 'enforce' | 'observe'

/** API: never renamed, only added to. Each is documented in docs/reference/reason-codes.md. */
export const REASONS = [
  'allowed',
  'malformed_request',
  'no_principal',
  'no_binding',
  'scope_mismatch',
  'explicit_deny',
  'no_matching_rule',
  'verb_insufficient',
  'constraint_violation',
  'constraint_unverifiable',
  'tier_insufficient',
  'token_invalid',
  'secret_detected',
  'scanner_detected',
  'blocklisted',
  'rate_limited',
  'budget_exceeded',
  'behavior_blocked',
  'session_paused',
  'session_terminated',
  'approval_required',
  'approval_denied',
  'approval_expired',
  'approval_mismatch',
  'approval_used',
  'tool_changed',
  'payload_limit',
  'gate_failed',
  'audit_unavailable',
] as const
export type Reason = (typeof REASONS)[number]

/**
 * Names that are taken, in the order of the line; the host's own gates run before `behavior`.
 * `audit` is named where a record could not be kept. Which of them a version has: docs/reference.
 */
export const BUILT_IN_GATES = [
  'identity',
  'session',
  'rbac',
  'secrets',
  'blocklist',
  'rate_limit',
  'hooks',
  'behavior',
  'audit',
] as const
export type GateName = (typeof BUILT_IN_GATES)[number] | (string & {})

/** Which rule of the policy decided. `index` counts from 0 within its role. */
export interface RuleRef {
  readonly role: string
  readonly name: string | null
  readonly index: number
}

/** What must be done besides: to the arguments, the response or the record. */
export type Obligation =
  | { readonly kind: 'redact'; readonly classes: readonly string[] }
  | { readonly kind: 'mask_columns'; readonly columns: readonly string[] }
  | { readonly kind: 'set_argument'; readonly path: string; readonly value: JsonValue }
  | { readonly kind: 'notify'; readonly channel: string }

/** One step of what was done to the arguments (RFC 6902). */
export type ArgumentPatch =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: JsonValue }
  | { readonly op: 'remove'; readonly path: string }

/** What one gate says. `pass` is not permission: only `rbac` grants. */
export type Verdict =
  | { readonly kind: 'pass'; readonly obligations?: readonly Obligation[] }
  | (Objection & { readonly kind: 'deny' })
  | (Objection & { readonly kind: 'escalate' })
  | {
      readonly kind: 'compute'
      readonly arguments: JsonObject
      readonly rule?: RuleRef
      readonly detail?: string
    }
export interface Objection {
  readonly reason: Reason
  /** For people and models: what to mend. Never a secret, never a payload. */
  readonly detail?: string
  readonly rule?: RuleRef
  readonly constraint?: string
  readonly retry_after_ms?: number
}

/** What was decided and why. Frozen; the field names are those of its JSON form. */
export interface Decision {
  readonly id: string
  readonly effect: Effect
  readonly reason: Reason
  /** The gate that decided. */
  readonly gate: GateName
  readonly rule: RuleRef | null
  /** The kind of constraint that decided, such as `sql_intent`. */
  readonly constraint: string | null
  /** Scopes of the binding that granted, or of those that were considered. */
  readonly scopes: readonly string[]
  readonly policy_digest: string
  /** SHA-256 of the canonical arguments as asked (`sha256:<hex>`), computed when first read. */
  readonly input_hash: string
  /** The same of the arguments that are dispatched; null where they are those asked for. */
  readonly dispatch_hash: string | null
  /** What was done to the arguments; null where nothing was. */
  readonly patch: readonly ArgumentPatch[] | null
  /** False in observe mode: the effect is recorded, not applied. */
  readonly enforced: boolean
  readonly mode: Mode
  readonly obligations: readonly Obligation[]
  readonly findings: readonly Finding[]
  readonly disposition: Disposition
  /** One line for people and models: what was wrong, what to do. */
  readonly detail: string | null
  readonly retry_after_ms: number | null
  /** Milliseconds by gate; only gates that ran. */
  readonly timings: Readonly<Record<string, number>>
}
