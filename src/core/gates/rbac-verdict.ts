import type { ResourceEntry, Subject, Verb } from '../model/call.ts'
import type { Effect, Obligation, Reason, RuleRef } from '../model/decision.ts'
import type { JsonObject } from '../model/json.ts'
import type { Judging } from './rbac-combine.ts'

/** What is asked of a policy. Time is an input: the evaluator reads no clock and does no I/O. */
export interface RbacQuery {
  readonly subject: Subject | undefined
  readonly verb: Verb
  /** From `policy.index.resolve`. */
  readonly resource: ResourceEntry
  /** The call's scope: the catalogue's, or the request's where the catalogue gives none. */
  readonly scope: string | undefined
  readonly arguments: JsonObject
  /** Epoch milliseconds. */
  readonly at: number
}

/** What the policy says, with its provenance. Frozen; shared where no argument was looked at. */
export interface RbacVerdict {
  readonly effect: Effect
  readonly reason: Reason
  readonly rule: RuleRef | null
  readonly constraint: string | null
  readonly scopes: readonly string[]
  readonly detail: string | null
  /** The rewrites that `compute` rules ask for, in the order of the policy. */
  readonly computes: readonly Computation[]
  /** What rules that apply demand besides. */
  readonly obligations: readonly Obligation[]
  /** How it came to be; undefined where no rule was looked at. */
  readonly judging: Judging | undefined
}

/** One rewrite, and the rule that asks for it. */
export interface Computation {
  readonly rule: RuleRef
  readonly compute: JsonObject
}

export function refusal(
  reason: Reason,
  detail: string,
  scopes: readonly string[] = NO_SCOPES,
  judging?: Judging,
): RbacVerdict {
  return Object.freeze({
    effect: 'deny',
    reason,
    rule: null,
    constraint: null,
    scopes,
    detail,
    computes: NOTHING,
    obligations: NOTHING,
    judging,
  })
}
const NO_SCOPES: readonly string[] = Object.freeze([])
/** Shared by every verdict without rewrites or obligations. */
export const NOTHING: readonly never[] = Object.freeze([])
