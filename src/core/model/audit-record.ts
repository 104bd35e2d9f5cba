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
  readonly trace_id: string | null
  readonly session_id: string | null
  readonly context_id: string | null
  readonly client_id: string | null
  readonly task_id: string | null
  readonly request_id: string | null
  readonly tool_call_id: string | null
  readonly agent: string | null
  readonly user_id: string | null
  readonly tenant: string | null
  readonly team: string | null
  readonly department: string | null
  readonly tier: string | null
  readonly server: string | null
  readonly tool: string | null
  readonly resource: string | null
  readonly verb: string | null
  readonly scope: string | null
  readonly effect: string | null
  readonly reason: string | null
  readonly gate: string | null
  readonly gates: readonly string[]
  readonly rule: {
    readonly role: string
    readonly name: string | null
    readonly index: number
  } | null
  readonly constraint: string | null
  readonly enforced: boolean | null
  readonly mode: string | null
  readonly policy_digest: string | null
  readonly input_hash: string | null
  readonly output_hash: string | null
  readonly findings: readonly Finding[]
  readonly disposition: Disposition | null
  readonly obligations: readonly JsonValue[]
  readonly approval_id: string | null
  readonly duration_ms: number | null
  /** The error's name and code only; its message may hold data. */
  readonly error: string | null
}
