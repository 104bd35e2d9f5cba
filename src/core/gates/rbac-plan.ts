import type { ResourceEntry, Subject } from '../model/call.ts'
import type { CompiledPolicy } from '../policy/compile.ts'
import type { CompiledBinding, PolicyIndex } from '../policy/policy-index.ts'
import { type CompiledRule, type RoleIndex, reachesUnlisted } from '../policy/role-index.ts'
import { combine, type Frame } from './rbac-combine.ts'
import { type RbacVerdict, refusal } from './rbac-verdict.ts'

/**
 * What remains to be judged for one principal, resource, scope and verb, worked out once. Where
 * nothing depends on arguments, conditions or time, `fixed` is the answer.
 */
export interface Plan extends Frame {
  readonly fixed: RbacVerdict | undefined
  readonly denies: readonly CompiledRule[]
  readonly grants: readonly Grant[]
  /** Rules of a weaker verb whose condition may hold: then the answer is `insufficient`. */
  readonly weaker: readonly CompiledRule[]
  readonly insufficient: RbacVerdict
}
export interface Grant {
  readonly rule: CompiledRule
  readonly scopes: readonly string[]
  /** False: the rule may restrict what others grant, and grants nothing itself. */
  readonly mayGrant: boolean
}

/** The bindings that hold for one kind of subject. */
export interface Principal {
  readonly bindings: readonly CompiledBinding[]
  readonly scopeMismatch: RbacVerdict
  planFor(resource: ResourceEntry, scope: string | undefined, verbLevel: number): Plan
}

export interface Principals {
  principalFor(subject: Subject, at: number): Principal
}

// Memory per policy: plans are small, but names come from callers.
const MAX_PLANS = 50_000
const MAX_PRINCIPALS = 20_000

// INVARIANT: what is kept here is derived from an immutable policy alone, so it dies with it and
// a reload can never mix two policies.
const derived = new WeakMap<CompiledPolicy, Principals>()

/** Counts the plans of a policy; past the bound all are forgotten, and worked out anew when asked. */
interface Budget {
  plans: number
  spend(): void
}

export function principalsOf(policy: CompiledPolicy): Principals {
  const known = derived.get(policy)
  if (known !== undefined) return known
  const built = createPrincipals(policy.index)
  derived.set(policy, built)
  return built
}

function createPrincipals(index: PolicyIndex): Principals {
  const byAgent = new Map<string, Principal>()
  const bySet = new Map<string, Principal>()
  const budget: Budget = {
    plans: 0,
    spend() {
      if (++budget.plans <= MAX_PLANS) return
      budget.plans = 0
      byAgent.clear()
      bySet.clear()
    },
  }
  const build = (ids: readonly number[]): Principal => {
    const key = ids.join(',')
    const known = bySet.get(key)
    if (known !== undefined) return known
    if (bySet.size >= MAX_PRINCIPALS) bySet.clear()
    const built = createPrincipal(index, ids, budget)
    bySet.set(key, built)
    return built
  }
  return {
    principalFor(subject, at) {
      const known = byAgent.get(subject.agent)
      if (known !== undefined) return known
      const principal = build(index.bindingsFor(subject, at))
      // Only agents the policy names are kept, so callers cannot grow this map.
      if (index.isBound(subject.agent) && index.isFixed(subject.agent))
        byAgent.set(subject.agent, principal)
      return principal
    },
  }
}

function createPrincipal(index: PolicyIndex, ids: readonly number[], budget: Budget): Principal {
  const bindings = ids.map((id) => index.binding(id))
  const considered = Object.freeze([...new Set(bindings.flatMap((binding) => binding.scopeList))])
  const views = new Map<string | symbol | undefined, View>()
  const latest: { scope: string | undefined; view: View | undefined } = {
    scope: undefined,
    view: undefined,
  }
  const look = (scope: string | undefined): View => {
    // Scopes that the policy does not know all get the same answer.
    const key = scope === undefined || index.scopes.has(scope) ? scope : UNKNOWN_SCOPE
    const known = views.get(key)
    if (known !== undefined) return known
    const built = createView(index, bindings, scope, budget)
    views.set(key, built)
    return built
  }
  return {
    bindings,
    scopeMismatch: refusal('scope_mismatch', NO_SCOPE, considered),
    planFor(resource, scope, verbLevel) {
      // An agent mostly stays in one scope: compare before looking up.
      if (latest.view === undefined || latest.scope !== scope) {
        latest.view = look(scope)
        latest.scope = scope
      }
      return latest.view(resource, verbLevel)
    },
  }
}

const NO_SCOPE = 'no binding of this agent covers the scope of this call'
const IN_NO_SCOPE =
  'this call is in no scope (neither the catalogue nor the request gives it one), and every binding of this agent is limited to scopes'
const UNKNOWN_SCOPE = Symbol('a scope the policy does not name')

/** The plans of one principal in one scope. */
type View = (resource: ResourceEntry, verbLevel: number) => Plan

function createView(
  index: PolicyIndex,
  bindings: readonly CompiledBinding[],
  scope: string | undefined,
  budget: Budget,
): View {
  const covering = bindings.filter((binding) => covers(binding, scope))
  if (covering.length === 0) {
    const scopes = Object.freeze([...new Set(bindings.flatMap((binding) => binding.scopeList))])
    const answer = refusal('scope_mismatch', scope === undefined ? IN_NO_SCOPE : NO_SCOPE, scopes)
    const plan = { ...settledPlan(answer), scopes }
    return () => plan
  }
  const scopes = Object.freeze([...new Set(covering.flatMap((binding) => binding.scopeList))])
  const answers: Answers = {
    insufficient: refusal('verb_insufficient', WEAKER_VERB, scopes),
    notNamed: refusal('no_matching_rule', NOT_NAMED, scopes),
    notListed: refusal('no_matching_rule', NOT_LISTED, scopes),
  }
  const byVerb = [0, 1, 2].map(() => new Map<ResourceEntry, Plan>())
  return (resource, verbLevel) => {
    const plans = byVerb[verbLevel] ?? new Map<ResourceEntry, Plan>()
    const known = plans.get(resource)
    if (known !== undefined) return known
    budget.spend()
    const built = makePlan(index, bindings, covering, resource, { scopes, verbLevel, answers })
    plans.set(resource, built)
    return built
  }
}

/** What is said where no rule grants, made once a scope. */
interface Answers {
  readonly insufficient: RbacVerdict
  readonly notNamed: RbacVerdict
  readonly notListed: RbacVerdict
}

const WEAKER_VERB = 'the rules that name this resource grant a weaker verb'
const NOT_NAMED = 'no rule of the bound roles names this resource'
const NOT_LISTED =
  'the catalogue of its server does not list this tool, and only `*` or `server:` reaches what is not listed'

function settledPlan(answer: RbacVerdict): Plan {
  return {
    fixed: answer,
    denies: [],
    grants: [],
    weaker: [],
    fallback: answer,
    insufficient: answer,
    scopes: answer.scopes,
    verbLevel: 0,
  }
}

export function covers(binding: CompiledBinding, scope: string | undefined): boolean {
  return binding.scopes === undefined || (scope !== undefined && binding.scopes.has(scope))
}

/** A deny takes its weakest verb and all stronger; without constraints, denying `invoke` also hides. */
export function denyTakes(rule: CompiledRule, verbLevel: number): boolean {
  if (verbLevel === 0) return rule.weakest <= 1 && rule.constraints.length === 0
  return rule.weakest <= verbLevel
}

/** What a view knows before it meets a resource. */
interface PlanFrame {
  readonly scopes: readonly string[]
  readonly verbLevel: number
  readonly answers: Answers
}

function makePlan(
  index: PolicyIndex,
  bindings: readonly CompiledBinding[],
  covering: readonly CompiledBinding[],
  resource: ResourceEntry,
  { scopes, verbLevel, answers }: PlanFrame,
): Plan {
  const restricted = index.isRestricted(resource)
  const offers = offersOf(covering, resource, restricted)
  const denies: CompiledRule[] = []
  for (const [role] of rolesOf(bindings))
    for (const rule of role.deniesFor(resource)) if (denyTakes(rule, verbLevel)) denies.push(rule)
  const weak = offers.filter((offer) => offer.mayGrant && offer.rule.strongest < verbLevel)
  const nothing = restricted ? answers.notListed : answers.notNamed
  const plan: Plan = {
    fixed: undefined,
    denies,
    grants: offers.filter((offer) => offer.rule.strongest >= verbLevel),
    weaker: weak.map((offer) => offer.rule).filter((rule) => rule.when !== undefined),
    fallback: weak.some((offer) => offer.rule.when === undefined) ? answers.insufficient : nothing,
    insufficient: answers.insufficient,
    scopes,
    verbLevel,
  }
  const fixed = fixedVerdict(plan)
  return fixed === undefined ? plan : { ...plan, fixed }
}

/**
 * The rules that grant, or restrict what others grant. On a tool that its server's catalogue does not
 * list, an allow that does not reach it counts for nothing; escalate and compute still restrict.
 */
function offersOf(
  covering: readonly CompiledBinding[],
  resource: ResourceEntry,
  restricted: boolean,
): readonly Grant[] {
  const offers: Grant[] = []
  for (const [role, binding] of rolesOf(covering)) {
    const { scopeList: scopes } = binding
    for (const rule of role.restrictionsFor(resource))
      offers.push({ rule, scopes, mayGrant: false })
    for (const rule of role.rulesFor(resource)) {
      if (rule.effect === 'deny') continue
      const mayGrant = !restricted || reachesUnlisted(rule, resource)
      if (mayGrant || rule.effect !== 'allow') offers.push({ rule, scopes, mayGrant })
    }
  }
  return offers
}

/** Each role once, with the first of the bindings that brings it. */
function rolesOf(bindings: readonly CompiledBinding[]): ReadonlyMap<RoleIndex, CompiledBinding> {
  const roles = new Map<RoleIndex, CompiledBinding>()
  for (const binding of bindings)
    for (const role of binding.roles) if (!roles.has(role)) roles.set(role, binding)
  return roles
}

function isUnconditional(rule: CompiledRule, verbLevel: number): boolean {
  return rule.when === undefined && (verbLevel === 0 || rule.constraints.length === 0)
}

/** The answer where it depends on nothing that a call can change. */
function fixedVerdict(plan: Plan): RbacVerdict | undefined {
  const { denies, grants, verbLevel } = plan
  const judged = (rule: CompiledRule) => ({ rule, judgements: [] })
  const denial = denies.find((rule) => isUnconditional(rule, verbLevel))
  if (denial !== undefined) return combine(plan, [judged(denial)], [])
  if (denies.length > 0) return undefined
  const open = grants.filter((grant) => isUnconditional(grant.rule, verbLevel))
  const isCertain =
    open.length === grants.length || grants.every((grant) => grant.rule.effect === 'allow')
  if (!isCertain) return undefined
  // Where nothing grants for sure, a conditional rule may still: as a grant, or as a weaker verb.
  const isGranted = open.some((grant) => grant.mayGrant)
  if (!isGranted && (open.length < grants.length || plan.weaker.length > 0)) return undefined
  const granting = open.map((grant) => ({ ...grant, judgements: [] }))
  return combine(plan, [], granting)
}
