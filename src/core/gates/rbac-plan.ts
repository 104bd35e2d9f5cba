import type { ResourceEntry, Subject } from '../model/call.ts'
import type { CompiledPolicy } from '../policy/compile.ts'
import type { CompiledBinding, PolicyIndex } from '../policy/policy-index.ts'
import type { CompiledRule } from '../policy/role-index.ts'
import { combine, type Frame, judgedAs } from './rbac-combine.ts'
import {
  covers,
  denyTakes,
  type NamedRules,
  type Naming,
  namedRules,
  type Offer,
  offersOf,
  rolesOf,
} from './rbac-named.ts'
import { type RbacVerdict, refusal } from './rbac-verdict.ts'

/**
 * What remains to be judged for one principal, resource, scope and verb, worked out once. Where
 * nothing depends on arguments, conditions or time, `fixed` is the answer.
 */
export interface Plan extends Frame {
  readonly fixed: RbacVerdict | undefined
  readonly denies: readonly CompiledRule[]
  readonly grants: readonly Offer[]
  /** Rules of a weaker verb whose condition may hold: then the answer is `insufficient`. */
  readonly weaker: readonly CompiledRule[]
  readonly insufficient: RbacVerdict
}
/** The bindings that hold for one kind of subject. */
export interface Principal {
  readonly bindings: readonly CompiledBinding[]
  /** The answer for a call that is outside the subject's own scopes. */
  outside(resource: ResourceEntry, verbLevel: number): RbacVerdict
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
  const outside = closedView(
    index,
    bindings,
    refusal('scope_mismatch', NO_SCOPE, considered),
    budget,
  )
  return {
    bindings,
    outside: (resource, verbLevel) => outside(resource, verbLevel).fallback,
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
    return closedView(index, bindings, answer, budget)
  }
  const scopes = Object.freeze([...new Set(covering.flatMap((binding) => binding.scopeList))])
  const answers: Answers = {
    insufficient: refusal('verb_insufficient', WEAKER_VERB, scopes),
    notNamed: refusal('no_matching_rule', NOT_NAMED, scopes),
    notListed: refusal('no_matching_rule', NOT_LISTED, scopes),
  }
  return remembered(budget, (resource, verbLevel) =>
    makePlan({ index, bindings, covering, resource, verbLevel }, { scopes, answers }),
  )
}

/** Plans by verb and resource, each made once. */
function remembered(budget: Budget, make: View): View {
  const byVerb = [0, 1, 2].map(() => new Map<ResourceEntry, Plan>())
  return (resource, verbLevel) => {
    const plans = byVerb[verbLevel] ?? new Map<ResourceEntry, Plan>()
    const known = plans.get(resource)
    if (known !== undefined) return known
    budget.spend()
    const built = make(resource, verbLevel)
    plans.set(resource, built)
    return built
  }
}

/** Where no binding covers the scope: the answer is the same for all, what names the resource is not. */
function closedView(
  index: PolicyIndex,
  bindings: readonly CompiledBinding[],
  answer: RbacVerdict,
  budget: Budget,
): View {
  return remembered(budget, (resource, verbLevel) => {
    const frame: Frame = {
      fallback: answer,
      scopes: answer.scopes,
      verbLevel,
      isFixed: true,
      named: whenAsked({ index, bindings, covering: [], resource, verbLevel }),
    }
    const judging = { frame, denies: [], grants: [], denial: undefined, isGranted: false }
    const fixed = judgedAs(answer, judging)
    const nothing = { denies: [], grants: [], weaker: [] }
    return { ...frame, ...nothing, fixed, fallback: fixed, insufficient: fixed }
  })
}

/** Only records ask, so plans are made without it. */
function whenAsked(naming: Naming): () => NamedRules {
  let found: NamedRules | undefined
  return () => {
    found ??= namedRules(naming)
    return found
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

/** What a view knows before it meets a resource. */
interface PlanFrame {
  readonly scopes: readonly string[]
  readonly answers: Answers
}

function makePlan(naming: Naming, { scopes, answers }: PlanFrame): Plan {
  const { index, bindings, resource, verbLevel } = naming
  const restricted = index.isRestricted(resource)
  const offers = offersOf(naming)
  const denies: CompiledRule[] = []
  for (const [role] of rolesOf(bindings))
    for (const rule of role.deniesFor(resource)) if (denyTakes(rule, verbLevel)) denies.push(rule)
  const weak = offers.filter((offer) => offer.mayGrant && offer.blocked === 'wrong_verb')
  const nothing = restricted ? answers.notListed : answers.notNamed
  const plan: Plan = {
    fixed: undefined,
    denies,
    grants: offers.filter((offer) => offer.blocked === undefined),
    weaker: weak.map((offer) => offer.rule).filter((rule) => rule.when !== undefined),
    fallback: weak.some((offer) => offer.rule.when === undefined) ? answers.insufficient : nothing,
    insufficient: answers.insufficient,
    scopes,
    verbLevel,
    isFixed: false,
    named: whenAsked(naming),
  }
  const fixed = fixedVerdict(plan)
  return fixed === undefined ? plan : { ...plan, fixed }
}

function isUnconditional(rule: CompiledRule, verbLevel: number): boolean {
  return rule.when === undefined && (verbLevel === 0 || rule.constraints.length === 0)
}

/** The answer where it depends on nothing that a call can change. */
function fixedVerdict(plan: Plan): RbacVerdict | undefined {
  const { denies, grants, verbLevel } = plan
  const frame: Frame = { ...plan, isFixed: true }
  const judged = (rule: CompiledRule) => ({ rule, judgements: [] })
  const denial = denies.find((rule) => isUnconditional(rule, verbLevel))
  if (denial !== undefined) return combine(frame, [judged(denial)], [])
  if (denies.length > 0) return undefined
  const open = grants.filter((grant) => isUnconditional(grant.rule, verbLevel))
  // What a conditional allow demands besides holds also beside one that needs no condition.
  const isCertain =
    open.length === grants.length ||
    grants.every(({ rule }) => rule.effect === 'allow' && rule.obligations.length === 0)
  if (!isCertain) return undefined
  // Where nothing grants for sure, a conditional rule may still: as a grant, or as a weaker verb.
  const isGranted = open.some((grant) => grant.mayGrant)
  if (!isGranted && (open.length < grants.length || plan.weaker.length > 0)) return undefined
  const granting = open.map((grant) => ({ ...grant, judgements: [] }))
  return combine(frame, [], granting)
}
