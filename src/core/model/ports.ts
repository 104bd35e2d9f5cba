import type { AuditRecord } from './audit-record.ts'
import type { Call, Credentials, Subject } from './call.ts'
import type { Decision, GateName, Verdict } from './decision.ts'
import type { Disposition } from './finding.ts'
import type { JsonObject, MaybePromise } from './json.ts'

/** Keeps records. `write` resolves when they are durable, and rejects when they are not. */
export interface AuditSink {
  readonly name: string
  write(records: readonly AuditRecord[]): MaybePromise<void>
  close?(): MaybePromise<void>
}

/** Credentials to subject. `undefined` is anonymous; a throw is `token_invalid`. */
export interface IdentityProvider {
  identify(credentials: Credentials): MaybePromise<Subject | undefined>
}

/** One more check. A throw, a rejection or no answer within the limit is a denial `gate_failed`. */
export interface Gate {
  readonly name: GateName
  check(call: Call, view: GateView): MaybePromise<Verdict>
}

/** What a gate may look at besides the call. */
export interface GateView {
  readonly policy_digest: string
  readonly session: SessionView
  readonly signal: AbortSignal
  /** True in `explain`: say what would happen, and move nothing. */
  readonly dry_run: boolean
}

/** A session as others may see it. */
export interface SessionView {
  readonly id: string
  /** Calls begun so far; the current one included. */
  readonly sequence: number
  /** Requests and responses so far: what findings count by. */
  readonly events: number
  readonly disposition: Disposition
  readonly risk: number
  /** Epoch milliseconds. */
  readonly started_at: number
  readonly denied: number
}

/** What a person is asked. */
export interface Approval {
  readonly id: string
  readonly call: Call
  readonly decision: Decision
  /** The arguments that would be dispatched. */
  readonly arguments: JsonObject
  /** Epoch milliseconds after which the answer is no longer taken. */
  readonly expires_at: number
}

/** Where a person is asked. Absent: an escalated call is denied `approval_required` at once. */
export interface Approvals {
  ask(
    approval: Approval,
    signal: AbortSignal,
  ): MaybePromise<{ readonly outcome: 'approved' | 'denied'; readonly by: string }>
  /** @default 300000 */
  readonly timeoutMs?: number
}

/** Looks up where a path really leads. Throws where it cannot (with `code: 'ENOENT'` for a missing path). */
export type RealPath = (path: string) => string
