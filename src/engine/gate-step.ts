import type { Assessment } from '../core/behavior/watch.ts'
import type { ConstraintPorts } from '../core/constraints/constraint.ts'
import type { RbacVerdict } from '../core/gates/rbac-verdict.ts'
import type { GateOutcome } from '../core/model/audit-record.ts'
import type { Call } from '../core/model/call.ts'
import type {
  Effect,
  GateName,
  Obligation,
  Reason,
  RuleRef,
  Verdict,
} from '../core/model/decision.ts'
import type { JsonObject, MaybePromise } from '../core/model/json.ts'
import type { SessionView } from '../core/model/ports.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import type { Keyed } from '../core/redaction/replace.ts'
import type { SnapshotLimits } from '../core/snapshot.ts'
import type { BehaviorRun } from './behavior-gate.ts'
import type { Spend } from './rate-step.ts'

/** What the gates said together. */
export interface Judged {
  readonly effect: Effect
  readonly reason: Reason
  readonly gate: GateName
  readonly rule: RuleRef | null
  readonly constraint: string | null
  readonly scopes: readonly string[]
  readonly detail: string | null
  readonly retry_after_ms: number | null
  readonly obligations: readonly Obligation[]
  /** What would be dispatched: the arguments as asked, or as a gate rewrote them. */
  readonly arguments: JsonObject
  /** What the behavioural layer made of it; undefined where the line ended before. */
  readonly assessment: Assessment | undefined
  readonly timings: Readonly<Record<string, number>>
  /** What RBAC said; undefined where the line ended before. */
  readonly granted: RbacVerdict | undefined
  /** Gates that asked or rewrote, whether they decided or not. */
  readonly said: GateOutcomes
}

export type GateOutcomes = Readonly<Record<string, GateOutcome | undefined>>
export const NOTHING_SAID: GateOutcomes = Object.freeze({})

/** What gates are run with. One policy for the whole line, so no call mixes two. */
export interface GateRun {
  readonly policy: CompiledPolicy
  readonly ports: ConstraintPorts
  readonly steps: Steps
  readonly session: SessionView
  readonly behavior: BehaviorRun
  readonly spend: Spend
  readonly redaction: Keyed
  readonly signal: () => AbortSignal
  readonly limits: SnapshotLimits
  readonly gateTimeoutMs: number
  /** A person has approved: an `escalate` is then no objection. */
  readonly approved: boolean
  /** Nothing may move: for `explain`. */
  readonly dryRun: boolean
  /** Told why a gate failed: the decision says only that it did. */
  readonly onFault: (gate: GateName, cause: unknown) => void
}

/** The gates of an engine in their order. */
export type Steps = readonly (readonly [GateName, Step])[]

export type Step = (call: Call, run: GateRun) => MaybePromise<StepResult>
/** A verdict with what the built-in gates add to it. */
export type StepResult = Verdict & {
  readonly granted?: RbacVerdict
  readonly constraint?: string
  readonly assessment?: Assessment
  /** With `escalate`: what a person is asked to approve, where it is not what was asked. */
  readonly arguments?: JsonObject
  readonly obligations?: readonly Obligation[]
}

/** A gate that failed denies. */
export function failed(detail: string): StepResult {
  return { kind: 'deny', reason: 'gate_failed', detail }
}
