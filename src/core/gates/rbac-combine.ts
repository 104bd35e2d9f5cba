import {
  INSIDE,
  NOTHING as NO_VALUE,
  OUTSIDE,
  type Standing,
  UNSURE,
} from '../constraints/constraint.ts'
import type { Obligation, Reason } from '../model/decision.ts'
import type { CompiledRule } from '../policy/role-index.ts'
import type { NamedRules } from './rbac-named.ts'
import { type Computation, NOTHING, type RbacVerdict } from './rbac-verdict.ts'

/** What is known before any rule is judged. */
export interface Frame {
  /** The answer where no grant was even a candidate. */
  readonly fallback: RbacVerdict
  readonly scopes: readonly string[]
  readonly verbLevel: number
  /** True where the answer is that of every call: rules that could not change it are not judged. */
  readonly isFixed: boolean
  /** The rules that name the resource, worked out when first asked for. */
  readonly named: () => NamedRules
}

/** A rule whose condition holds, with what its constraints found. */
export interface Judged {
  readonly rule: CompiledRule
  readonly judgements: KindJudgement[]
}
export interface JudgedGrant extends Judged {
  readonly scopes: readonly string[]
  readonly mayGrant: boolean
}
export interface KindJudgement {
  readonly kind: string
  readonly standing: Standing
  readonly detail: string
}

/** How far judging came: what a record says of rules is made from it, where there is a record. */
export interface Judging {
  readonly frame: Frame
  readonly denies: readonly Judged[]
  readonly grants: readonly JudgedGrant[]
  /** The deny that decided. */
  readonly denial: Judged | undefined
  readonly isGranted: boolean
}

/** Every value is known to be inside. Permissive constraints pass where there is no value. */
export function isSatisfied(standing: Standing): boolean {
  return standing === INSIDE || standing === NO_VALUE
}

/** Some value is inside, or may be: enough for a deny. */
export function mayApply(standing: Standing): boolean {
  return (standing & (INSIDE | UNSURE)) !== 0
}

/**
 * Folds the judged rules of a plan: deny > escalate > compute > allow. A rule that restricts
 * (deny; escalate and compute beside an allow) applies as soon as its constraints may hold; a
 * rule that grants only where they are known to.
 */
export function combine(
  frame: Frame,
  denies: readonly Judged[],
  grants: readonly JudgedGrant[],
): RbacVerdict {
  const denial = denies.find((judged) =>
    judged.judgements.every((judgement) => mayApply(judgement.standing)),
  )
  if (denial !== undefined)
    return denied(denial, { frame, denies, grants, denial, isGranted: false })
  const candidates = grants.filter((grant) => grant.mayGrant)
  const first = candidates.find((grant) =>
    grant.judgements.every((judgement) => isSatisfied(judgement.standing)),
  )
  const isGranted = first !== undefined
  const judging: Judging = { frame, denies, grants, denial, isGranted }
  if (first === undefined) return refused(candidates, judging)
  const strictest = strictestOf(grants) ?? first
  const isListing = frame.verbLevel === 0
  return Object.freeze({
    effect: isListing ? 'allow' : strictest.rule.effect,
    reason: 'allowed',
    rule: strictest.rule.ref,
    constraint: null,
    scopes: strictest.scopes,
    detail: null,
    computes: isListing ? NOTHING : computesOf(grants),
    obligations: isListing ? NOTHING : obligationsOf(grants),
    judging,
  })
}

/** Every rewrite that is not ruled out, also beside a stricter rule: whatever goes out is made safe. */
function computesOf(grants: readonly JudgedGrant[]): readonly Computation[] {
  const found = grants.flatMap(({ rule, judgements }) =>
    rule.effect === 'compute' && rule.compute !== undefined && applies(judgements)
      ? [{ rule: rule.ref, compute: rule.compute }]
      : [],
  )
  return found.length === 0 ? NOTHING : Object.freeze(found)
}

function obligationsOf(grants: readonly JudgedGrant[]): readonly Obligation[] {
  const found = grants.flatMap(({ rule, judgements }) =>
    rule.obligations.length > 0 && applies(judgements) ? rule.obligations : [],
  )
  return found.length === 0 ? NOTHING : Object.freeze(found)
}

/** Demands beside a grant hold unless their constraints rule them out. */
function applies(judgements: readonly KindJudgement[]): boolean {
  return judgements.every((judgement) => isNotRuledOut(judgement.standing))
}

const STRICTER = ['escalate', 'compute'] as const

/** Beside a grant, an escalate or compute rule applies unless its constraints rule that out. */
export function isNotRuledOut(standing: Standing): boolean {
  return standing !== OUTSIDE
}

function strictestOf(grants: readonly JudgedGrant[]): JudgedGrant | undefined {
  for (const effect of STRICTER) {
    const found = grants.find((grant) => grant.rule.effect === effect && applies(grant.judgements))
    if (found !== undefined) return found
  }
  return undefined
}

function denied(judged: Judged, judging: Judging): RbacVerdict {
  const unsure = judged.judgements.find((judgement) => (judgement.standing & UNSURE) !== 0)
  const deciding = unsure ?? judged.judgements[0]
  const why =
    unsure === undefined ? '' : `; \`${unsure.kind}\` could not rule it out: ${unsure.detail}`
  return Object.freeze({
    effect: 'deny',
    reason: 'explicit_deny',
    rule: judged.rule.ref,
    constraint: deciding?.kind ?? null,
    scopes: judging.frame.scopes,
    detail: `a deny rule covers this call${why}`,
    computes: NOTHING,
    obligations: NOTHING,
    judging,
  })
}

/** The candidates by precedence: unverifiable, violation, then what the plan says without them. */
function refused(grants: readonly JudgedGrant[], judging: Judging): RbacVerdict {
  for (const [bit, reason] of CANDIDATES) {
    for (const grant of grants) {
      const failed = grant.judgements.find(
        (judgement) => (judgement.standing & bit) !== 0 && !isSatisfied(judgement.standing),
      )
      if (failed === undefined) continue
      return Object.freeze({
        effect: 'deny',
        reason,
        rule: grant.rule.ref,
        constraint: failed.kind,
        scopes: grant.scopes,
        detail: `${failed.kind}: ${failed.detail}`,
        computes: NOTHING,
        obligations: NOTHING,
        judging,
      })
    }
  }
  return judgedAs(judging.frame.fallback, judging)
}

/** An answer that several plans share, as the answer of one. */
export function judgedAs(answer: RbacVerdict, judging: Judging): RbacVerdict {
  return Object.freeze({ ...answer, judging })
}

const CANDIDATES: readonly (readonly [Standing, Reason])[] = [
  [UNSURE, 'constraint_unverifiable'],
  [OUTSIDE, 'constraint_violation'],
]
