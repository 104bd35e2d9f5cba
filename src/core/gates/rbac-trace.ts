import {
  type ConstraintPorts,
  INSIDE,
  type Judgement,
  NOTHING,
  OUTSIDE,
  type Standing,
  UNSURE,
} from '../constraints/constraint.ts'
import { VERB_LEVEL } from '../model/call.ts'
import type { Effect, RuleRef } from '../model/decision.ts'
import { isPromise, type MaybePromise } from '../model/json.ts'
import type { CompiledPolicy } from '../policy/compile.ts'
import type { CompiledBinding } from '../policy/policy-index.ts'
import { type CompiledRule, holdsFor, reachesUnlisted } from '../policy/role-index.ts'
import { inOwnScopes } from './access.ts'
import { isNotRuledOut, isSatisfied, mayApply } from './rbac-combine.ts'
import { covers, denyTakes } from './rbac-named.ts'
import type { RbacQuery } from './rbac-verdict.ts'

/** What one rule that names the resource says of a call, and why. */
export interface RuleTrace {
  readonly rule: RuleRef
  readonly effect: Effect
  /** Index of the binding that brings the rule. */
  readonly binding: number
  readonly outcome: 'applies' | 'does_not_apply'
  /**
   * The first thing that keeps it from applying; null where it applies. `no_grant`: it only restricts
   * what others grant, and none does.
   */
  readonly because: 'scope' | 'verb' | 'condition' | 'not_listed' | 'constraint' | 'no_grant' | null
  readonly constraints: readonly ConstraintTrace[]
}
export interface ConstraintTrace {
  readonly kind: string
  readonly standing: 'inside' | 'outside' | 'mixed' | 'unsure' | 'absent'
  readonly detail: string
}

/** Every rule of the bound roles that names the resource, in the order of the policy. */
export function traceRules(
  policy: CompiledPolicy,
  query: RbacQuery,
  ports: ConstraintPorts,
): MaybePromise<readonly RuleTrace[]> {
  const met = rulesMet(policy, query)
  const input = { arguments: query.arguments, resource: query.resource, at: query.at, ports }
  const judging = met.map((one) =>
    one.because === undefined && query.verb !== 'discover'
      ? one.rule.constraints.map((constraint) => constraint.judge(input))
      : [],
  )
  if (!judging.some((list) => list.some(isPromise)))
    return conclude(met, judging as readonly (readonly Judgement[])[]) // none is a promise
  return Promise.all(judging.map((list) => Promise.all(list))).then((all) => conclude(met, all))
}

/** A rule that names the resource, and what keeps it from applying whatever the arguments. */
interface MetRule {
  readonly rule: CompiledRule
  readonly binding: number
  /** False: it may restrict what others grant, and grants nothing itself. */
  readonly mayGrant: boolean
  readonly because: Exclude<RuleTrace['because'], 'constraint' | 'no_grant' | null> | undefined
}

function rulesMet(policy: CompiledPolicy, query: RbacQuery): readonly MetRule[] {
  const { subject, resource } = query
  if (subject === undefined) return []
  const index = policy.index
  const restricted = index.isRestricted(resource)
  const met: MetRule[] = []
  for (const id of index.bindingsFor(subject, query.at)) {
    const binding = index.binding(id)
    for (const role of binding.roles) {
      const restricting = new Set(role.restrictionsFor(resource))
      const rules = [...role.rulesFor(resource), ...role.deniesFor(resource), ...restricting]
      for (const rule of new Set(rules)) {
        const isReached = !restricted || reachesUnlisted(rule, resource)
        const mayGrant = isReached && !restricting.has(rule)
        const because = blockerOf(rule, binding, mayGrant, query)
        met.push({ rule, binding: id, mayGrant, because })
      }
    }
  }
  return met
}

/** As `combine` reads them: a deny applies where it may hold, the rest beside a rule that grants. */
function conclude(
  met: readonly MetRule[],
  judged: readonly (readonly Judgement[])[],
): readonly RuleTrace[] {
  const every = (position: number, holds: (standing: Standing) => boolean): boolean =>
    (judged[position] ?? []).every(({ standing }) => holds(standing))
  const isGranted = met.some(
    (one, position) =>
      one.because === undefined &&
      one.rule.effect !== 'deny' &&
      one.mayGrant &&
      every(position, isSatisfied),
  )
  const applies = ({ effect }: CompiledRule, position: number): boolean => {
    if (effect === 'deny') return every(position, mayApply)
    return effect === 'allow'
      ? every(position, isSatisfied)
      : isGranted && every(position, isNotRuledOut)
  }
  return met.map(({ rule, binding, because, mayGrant }, position) => {
    const isIdle = rule.effect !== 'deny' && !mayGrant && !isGranted
    const unmet = isIdle ? ('no_grant' as const) : ('constraint' as const)
    const blocker = because ?? (applies(rule, position) ? null : unmet)
    return {
      rule: rule.ref,
      effect: rule.effect,
      binding,
      outcome: blocker === null ? 'applies' : 'does_not_apply',
      because: blocker,
      constraints: (judged[position] ?? []).map((judgement, place) => ({
        kind: rule.constraints[place]?.kind ?? '',
        standing: describe(judgement.standing),
        detail: judgement.detail,
      })),
    }
  })
}

function blockerOf(
  rule: CompiledRule,
  binding: CompiledBinding,
  mayGrant: boolean,
  query: RbacQuery,
): MetRule['because'] {
  const level = VERB_LEVEL[query.verb]
  const { subject, scope } = query
  if (subject === undefined || !holdsFor(rule.when, subject)) return 'condition'
  if (rule.effect === 'deny') return denyTakes(rule, level) ? undefined : 'verb'
  if (!inOwnScopes(subject, scope) || !covers(binding, scope)) return 'scope'
  if (!mayGrant && rule.effect === 'allow') return 'not_listed'
  return rule.strongest >= level ? undefined : 'verb'
}

function describe(standing: Standing): ConstraintTrace['standing'] {
  if (standing === NOTHING) return 'absent'
  if ((standing & UNSURE) !== 0) return 'unsure'
  if (standing === INSIDE) return 'inside'
  return standing === OUTSIDE ? 'outside' : 'mixed'
}
