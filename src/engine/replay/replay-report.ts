import type { Verb } from '../../core/model/call.ts'
import type { Effect, GateName, Reason, RuleRef } from '../../core/model/decision.ts'
import type { SessionActivity } from '../session-activity.ts'

/** What became of one recorded session. Its JSON form is API; it holds no payload. */
export interface ReplayReport extends SessionActivity {
  readonly schema: 1
  /** Null: replayed without a policy. */
  readonly policy_digest: string | null
  readonly session: string
  readonly name: string
  /** Events of the file. */
  readonly events: number
  /** Events that reached the behavioural layer: admitted requests, and responses to them. */
  readonly analysed: number
  readonly allowed: number
  readonly denied: number
  /** One a request; without a policy only those that were refused all the same. */
  readonly decisions: readonly ReplayDecision[]
  /** Number of the first event that would not have gone through. */
  readonly stopped_at: number | null
  /** Number of the first event that would have waited for a person. */
  readonly asked_at: number | null
}

export interface ReplayDecision {
  readonly seq: number
  /** Null: nobody was named. */
  readonly agent: string | null
  readonly resource: string
  readonly verb: Verb
  readonly effect: Effect
  readonly reason: Reason
  readonly gate: GateName
  readonly rule: RuleRef | null
  readonly constraint: string | null
  readonly detail: string | null
}

/** True where the session went through without a denial, a question or a stop. */
export function isClean(report: ReplayReport): boolean {
  return (
    report.stopped_at === null &&
    report.asked_at === null &&
    report.disposition !== 'pause' &&
    report.disposition !== 'terminate'
  )
}
