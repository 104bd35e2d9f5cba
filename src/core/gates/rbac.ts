import type { ConstraintInput, ConstraintPorts, Judgement } from '../constraints/constraint.ts'
import { type ResourceEntry, type Subject, VERB_LEVEL } from '../model/call.ts'
import { isPromise, type MaybePromise } from '../model/json.ts'
import type { CompiledPolicy } from '../policy/compile.ts'
import { type CompiledRule, holdsFor, tierReaches } from '../policy/role-index.ts'
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
  return evaluateFor(principal, query, subject, ports)
}

function evaluateFor(
  principal: Principal,
  query: RbacQuery,
  subject: Subject,
  ports: ConstraintPorts,
): MaybePromise<RbacVerdict> {
  const { resource, scope } = query
  if (principal.bindings.length === 0) return NO_BINDING
  // The subject's own scopes intersect: a call outside them, or in none, is outside every binding.
  if (subject.scopes !== undefined && (scope === undefined || !subject.scopes.includes(scope)))
    return principal.scopeMismatch
  const plan = principal.planFor(resource, scope, VERB_LEVEL[query.verb])
  const verdict = plan.fixed ?? judgePlan(plan, subject, query, ports)
  if (resource.tier === undefined) return verdict
  return isPromise(verdict)
    ? verdict.then((settled) => needTier(settled, subject, resource))
    : needTier(verdict, subject, resource)
}

const NO_PRINCIPAL = refusal('no_principal', 'nobody is named as the subject of this call')
const NO_BINDING = refusal('no_binding', 'no binding names this agent')

function needTier(verdict: RbacVerdict, subject: Subject, resource: ResourceEntry): RbacVerdict {
  if (verdict.effect === 'deny' || tierReaches(subject, resource.tier)) return verdict
  const actual = subject.tier ?? 'user'
  return refusal(
    'tier_insufficient',
    `needs tier \`${resource.tier}\`, the caller has \`${actual}\``,
    verdict.scopes,
  )
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
    const verdict = evaluateFor(principal, query, subject, {})
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
