import type { ConstraintInput, ConstraintPorts, Judgement } from '../constraints/constraint.ts'
import { type ResourceEntry, type Subject, VERB_LEVEL } from '../model/call.ts'
import { isPromise, type MaybePromise } from '../model/json.ts'
import type { CompiledPolicy } from '../policy/compile.ts'
import type { PolicyIndex } from '../policy/policy-index.ts'
import { type CompiledRule, holdsFor } from '../policy/role-index.ts'
import { accessFault, declaredScopeFault, inOwnScopes } from './access.ts'
import { combine, type Judged } from './rbac-combine.ts'
import { type Plan, type Principal, principalsOf } from './rbac-plan.ts'
import { type RbacQuery, type RbacVerdict, refusal } from './rbac-verdict.ts'

/**
 * Decides by roles and bindings: default deny; a deny of any role wins, whatever the scopes of its
 * binding; allows add up. Pure, and synchronous unless a constraint has to wait for a parser.
 * After the first question about an agent and a resource the cost does not depend on the policy's size.
 */
export function evaluate(
  policy: CompiledPolicy,
  query: RbacQuery,
  ports: ConstraintPorts,
): MaybePromise<RbacVerdict> {
  const { subject } = query
  if (subject === undefined) return NO_PRINCIPAL
  const principal = principalsOf(policy).principalFor(subject, query.at)
  return evaluateFor(policy.index, principal, query, subject, ports)
}

function evaluateFor(
  index: PolicyIndex,
  principal: Principal,
  query: RbacQuery,
  subject: Subject,
  ports: ConstraintPorts,
): MaybePromise<RbacVerdict> {
  const { resource, scope } = query
  if (principal.bindings.length === 0) return NO_BINDING
  const verbLevel = VERB_LEVEL[query.verb]
  // The subject's own scopes intersect: a call outside them, or in none, is outside every binding.
  if (!inOwnScopes(subject, scope)) return principal.outside(resource, verbLevel)
  const plan = principal.planFor(resource, scope, verbLevel)
  const verdict = plan.fixed ?? judgePlan(plan, subject, query, ports)
  const declared = index.declaredScope(subject.agent)
  if (resource.needs === undefined && declared === undefined) return verdict
  const hold = (settled: RbacVerdict): RbacVerdict => holdAgainst(settled, query, declared)
  return isPromise(verdict) ? verdict.then(hold) : hold(verdict)
}

const NO_PRINCIPAL = refusal('no_principal', 'nobody is named as the subject of this call')
const NO_BINDING = refusal('no_binding', 'no binding names this agent')

/** A rule that allows is not enough where the tool, its server or the agent itself asks for more. */
function holdAgainst(
  verdict: RbacVerdict,
  { subject, resource }: RbacQuery,
  declared: string | undefined,
): RbacVerdict {
  if (verdict.effect === 'deny' || subject === undefined) return verdict
  const fault =
    (declared === undefined ? undefined : declaredScopeFault(declared, subject)) ??
    (resource.needs === undefined ? undefined : accessFault(resource.needs, subject))
  return fault === undefined
    ? verdict
    : refusal(fault.reason, fault.detail, verdict.scopes, verdict.judging)
}

/**
 * Which of many resources a subject may discover, asked as `evaluate` would be for each: the subject's
 * bindings are looked up once.
 */
export function discoverable(
  policy: CompiledPolicy,
  subject: Subject,
  at: number,
): (resource: ResourceEntry, scope: string | undefined) => boolean {
  const principal = principalsOf(policy).principalFor(subject, at)
  return (resource, scope) => {
    const query: RbacQuery = { subject, verb: 'discover', resource, scope, arguments: {}, at }
    const verdict = evaluateFor(policy.index, principal, query, subject, {})
    return !isPromise(verdict) && verdict.effect !== 'deny'
  }
}

/** Judges every rule whose condition holds, so that no order of rules can hide one from another. */
function judgePlan(
  plan: Plan,
  subject: Subject,
  query: RbacQuery,
  ports: ConstraintPorts,
): MaybePromise<RbacVerdict> {
  const input: ConstraintInput = {
    arguments: query.arguments,
    resource: query.resource,
    at: query.at,
    ports,
  }
  const pending: Promise<void>[] = []
  const judge = (rule: CompiledRule): Judged | undefined => {
    if (!holdsFor(rule.when, subject)) return undefined
    const judged: Judged = { rule, judgements: [] }
    // What may be listed does not depend on arguments: there are none yet.
    if (query.verb !== 'discover') judgeRule(rule, input, judged, pending)
    return judged
  }
  const denies = plan.denies.flatMap((rule) => judge(rule) ?? [])
  const grants = plan.grants.flatMap((grant) => {
    const judged = judge(grant.rule)
    return judged === undefined ? [] : { ...grant, judgements: judged.judgements }
  })
  const isWeaker = plan.weaker.some((rule) => holdsFor(rule.when, subject))
  const frame = isWeaker ? { ...plan, fallback: plan.insufficient } : plan
  const settle = (): RbacVerdict => combine(frame, denies, grants)
  return pending.length === 0 ? settle() : Promise.all(pending).then(settle)
}

function judgeRule(
  rule: CompiledRule,
  input: ConstraintInput,
  into: Judged,
  pending: Promise<void>[],
): void {
  rule.constraints.forEach((constraint, index) => {
    const set = (judgement: Judgement): void => {
      into.judgements[index] = { kind: constraint.kind, ...judgement }
    }
    const judgement = constraint.judge(input)
    if (isPromise(judgement)) pending.push(judgement.then(set))
    else set(judgement)
  })
}
