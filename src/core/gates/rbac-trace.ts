import {
  type ConstraintPorts,
  INSIDE,
  type Judgement,
  NOTHING,
  OUTSIDE,
  UNSURE,
} from '../constraints/constraint.ts'
import { VERB_LEVEL } from '../model/call.ts'
import type { Effect, RuleRef } from '../model/decision.ts'
import type { MaybePromise } from '../model/json.ts'
import type { CompiledPolicy } from '../policy/compile.ts'
import type { CompiledBinding } from '../policy/policy-index.ts'
import { type CompiledRule, holdsFor, reachesUnlisted } from '../policy/role-index.ts'
import { isSatisfied, mayApply } from './rbac-combine.ts'
import { covers, denyTakes } from './rbac-plan.ts'
import type { RbacQuery } from './rbac-verdict.ts'

/** What one rule that names the resource says of a call, and why. */
export interface RuleTrace {
  readonly rule: RuleRef
  readonly effect: Effect
  /** Index of the binding that brings the rule. */
  readonly binding: number
  readonly outcome: 'applies' | 'does_not_apply'
  /** The first thing that keeps it from applying; null where it applies. */
  readonly because: 'scope' | 'verb' | 'condition' | 'not_listed' | 'constraint' | null
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
  const { subject, resource } = query
  if (subject === undefined) return []
  const index = policy.index
  const traces: MaybePromise<RuleTrace>[] = []
  for (const id of index.bindingsFor(subject, query.at)) {
    const binding = index.binding(id)
    for (const role of binding.roles)
      for (const rule of role.rulesFor(resource))
        traces.push(traceRule(rule, binding, index.isRestricted(resource), query, ports))
  }
  const isLater = traces.some((trace) => trace instanceof Promise)
  return isLater ? Promise.all(traces) : (traces as readonly RuleTrace[]) // none is a promise
}

function traceRule(
  rule: CompiledRule,
  binding: CompiledBinding,
  restricted: boolean,
  query: RbacQuery,
  ports: ConstraintPorts,
): MaybePromise<RuleTrace> {
  const trace = (
    because: RuleTrace['because'],
    constraints: readonly ConstraintTrace[],
  ): RuleTrace => ({
    rule: rule.ref,
    effect: rule.effect,
    binding: binding.index,
    outcome: because === null ? 'applies' : 'does_not_apply',
    because,
    constraints,
  })
  const blocker = blockerOf(rule, binding, restricted, query)
  if (blocker !== undefined) return trace(blocker, [])
  if (query.verb === 'discover') return trace(null, [])
  const input = { arguments: query.arguments, resource: query.resource, at: query.at, ports }
  const judging = rule.constraints.map((constraint) => constraint.judge(input))
  const conclude = (judged: readonly Judgement[]): RuleTrace => {
    const holds = rule.effect === 'deny' ? mayApply : isSatisfied
    const constraints = judged.map((judgement, position) => ({
      kind: rule.constraints[position]?.kind ?? '',
      standing: describe(judgement.standing),
      detail: judgement.detail,
    }))
    return trace(judged.every(({ standing }) => holds(standing)) ? null : 'constraint', constraints)
  }
  return judging.some((judgement) => judgement instanceof Promise)
    ? Promise.all(judging).then(conclude)
    : conclude(judging as readonly Judgement[]) // none is a promise
}

function blockerOf(
  rule: CompiledRule,
  binding: CompiledBinding,
  restricted: boolean,
  query: RbacQuery,
): 'scope' | 'verb' | 'condition' | 'not_listed' | undefined {
  const level = VERB_LEVEL[query.verb]
  const { subject, scope } = query
  if (subject === undefined || !holdsFor(rule.when, subject)) return 'condition'
  if (rule.effect === 'deny') return denyTakes(rule, level) ? undefined : 'verb'
  const inOwnScopes =
    subject.scopes === undefined || (scope !== undefined && subject.scopes.includes(scope))
  if (!inOwnScopes || !covers(binding, scope)) return 'scope'
  if (restricted && !reachesUnlisted(rule, query.resource)) return 'not_listed'
  return rule.strongest >= level ? undefined : 'verb'
}

function describe(standing: number): ConstraintTrace['standing'] {
  if (standing === NOTHING) return 'absent'
  if ((standing & UNSURE) !== 0) return 'unsure'
  if (standing === INSIDE) return 'inside'
  return standing === OUTSIDE ? 'outside' : 'mixed'
}
