import type { Effect, Mode, Reason, RuleRef } from './decision.ts'
import type { Disposition, Finding } from './finding.ts'
import type { JsonValue } from './json.ts'

export type RecordKind =
  | 'decision'
  | 'outcome'
  | 'finding'
  | 'approval'
  | 'policy'
  | 'session'
  | 'route'
export type RecordStatus =
  | 'pending'
  | 'denied'
  | 'success'
  | 'failed'
  | 'timeout'
  | 'cancelled'
  | 'unknown'

/**
 * What became of a rule. Applied: `granted`, `denied`, `asked`, `rewrote`. Judged, and a constraint kept
 * it from applying: `failed`. Not judged: its binding does not cover the scope (`out_of_scope`), its
 * verbs are not that of the call (`wrong_verb`), its `when` does not hold (`condition_unmet`), the
 * catalogue does not list the tool and it does not reach what is not listed (`not_listed`), it only
 * restricts what others grant and none does (`no_grant`), the answer stood without it (`not_reached`).
 */
export type RuleOutcome =
  | 'granted'
  | 'denied'
  | 'asked'
  | 'rewrote'
  | 'failed'
  | 'out_of_scope'
  | 'wrong_verb'
  | 'condition_unmet'
  | 'not_listed'
  | 'no_grant'
  | 'not_reached'

/**
 * What became of a gate. `disabled`: the policy gives it nothing to look for in such a call. `failed`: it
 * could not answer, and so denied. `not_reached`: the line ended before it.
 */
export type GateOutcome =
  | 'passed'
  | 'denied'
  | 'asked'
  | 'rewrote'
  | 'failed'
  | 'disabled'
  | 'not_reached'

/** A rule that names the resource, as it was judged. */
export interface EvaluatedRule extends RuleRef {
  readonly outcome: RuleOutcome
  /** With `failed`: the kind of the constraint, such as `sql_intent`. */
  readonly constraint?: string
}

/** One thing that was evaluated for a decision; the last entry may say how many more there were. */
export type Evaluated =
  | EvaluatedRule
  | { readonly gate: string; readonly outcome: GateOutcome }
  | { readonly left_out: number }

/**
 * One line of the audit trail, schema 1. A call is two linked records with the same `id`: the
 * intent (`kind: 'decision'`, durable before dispatch) and the outcome, which repeats effect,
 * reason and gate. Fields that do not apply are null.
 */
export interface AuditRecord {
  readonly schema: 1
  readonly id: string
  /** Counts from 1 within one engine. */
  readonly seq: number
  /** RFC 3339, UTC, milliseconds. */
  readonly ts: string
  readonly kind: RecordKind
  readonly status: RecordStatus
  /** Of the caller's trace, 32 hexadecimal digits, where it sent a `traceparent`. */
  readonly trace_id: string | null
  /** The caller's span, as W3C trace context writes it. */
  readonly traceparent: string | null
  readonly session_id: string | null
  readonly context_id: string | null
  readonly client_id: string | null
  readonly task_id: string | null
  readonly request_id: string | null
  readonly tool_call_id: string | null
  readonly request_method: string | null
  readonly request_source: string | null
  /** The call on whose behalf this one was made. */
  readonly parent_id: string | null
  readonly user_id: string | null
  readonly actor_kind: 'user' | 'agent' | 'anonymous' | 'system' | null
  readonly act_chain: readonly string[]
  readonly agent: string | null
  readonly tenant: string | null
  readonly team: string | null
  readonly department: string | null
  readonly tier: string | null
  readonly server: string | null
  readonly tool: string | null
  readonly resource: string | null
  readonly verb: string | null
  readonly scope: string | null
  readonly effect: Effect | null
  readonly reason: Reason | null
  readonly gate: string | null
  /** Gates that ran, in order. */
  readonly gates: readonly string[]
  /**
   * In the record of a decision every gate in the order of the line, then every rule of the bound roles
   * that names the resource in the order judged: at most 32 entries. Empty in an outcome that is none.
   */
  readonly evaluated_rules: readonly Evaluated[]
  readonly rule: RuleRef | null
  readonly constraint: string | null
  readonly enforced: boolean | null
  readonly mode: Mode | null
  readonly policy_digest: string | null
  readonly input_hash: string | null
  /** Of the arguments that went out; null where they are those asked for. */
  readonly dispatch_hash: string | null
  readonly output_hash: string | null
  /** Redacted and bounded; null while no redaction is configured: a raw argument is never kept. */
  readonly arguments: JsonValue
  /** What was done to the arguments (RFC 6902), redacted and bounded; null where nothing was. */
  readonly patch: JsonValue
  readonly findings: readonly Finding[]
  readonly disposition: Disposition | null
  readonly risk: number | null
  readonly obligations: readonly JsonValue[]
  readonly approval_id: string | null
  readonly duration_ms: number | null
  /** The error's name and code only; its message may hold data. */
  readonly error: string | null
  readonly cost_nusd: number | null
  readonly model: string | null
  /** Links of the ledger; null until a sink that chains has written the record. */
  readonly prev: string | null
  readonly hash: string | null
}
