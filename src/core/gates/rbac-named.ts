import type { RuleOutcome } from '../model/audit-record.ts'
import type { ResourceEntry } from '../model/call.ts'
import type { CompiledBinding, PolicyIndex } from '../policy/policy-index.ts'
import { type CompiledRule, type RoleIndex, reachesUnlisted } from '../policy/role-index.ts'

/** A rule that names the resource, and what keeps it from being judged, whatever the arguments. */
export interface NamedRule {
  readonly rule: CompiledRule
  /** False: it may restrict what others grant, and grants nothing itself. */
  readonly mayGrant: boolean
  readonly blocked: RuleOutcome | undefined
}

/** A rule that grants, or restricts what others grant, with the scopes of its binding. */
export interface Offer extends NamedRule {
  readonly scopes: readonly string[]
}

/** The first of the rules that name a resource, in the order judged, and how many there are. */
export interface NamedRules {
  readonly rules: readonly NamedRule[]
  readonly count: number
}

/** For whom, and for what, the rules are looked up. */
export interface Naming {
  readonly index: PolicyIndex
  readonly bindings: readonly CompiledBinding[]
  /** Those of the bindings that cover the scope. Of none: no rule is judged, not even a deny. */
  readonly covering: readonly CompiledBinding[]
  readonly resource: ResourceEntry
  readonly verbLevel: number
}

/** A record holds no more: a role may have any number of rules, and a trail many records. */
export const MOST_EVALUATED = 32

/** Denies first, then what the covering bindings bring, then what is out of scope. */
export function namedRules(naming: Naming): NamedRules {
  const { bindings, covering, resource, verbLevel } = naming
  const roles = rolesOf(bindings)
  const inScope = rolesOf(covering)
  const denied = covering.length === 0 ? ('not_reached' as const) : undefined
  const rules: NamedRule[] = []
  for (const role of roles.keys())
    for (const rule of new Set(role.deniesFor(resource))) {
      const blocked = denied ?? (denyTakes(rule, verbLevel) ? undefined : 'wrong_verb')
      rules.push({ rule, mayGrant: false, blocked })
    }
  for (const role of inScope.keys()) rules.push(...othersOf(role, naming))
  for (const role of roles.keys())
    if (!inScope.has(role))
      for (const other of othersOf(role, naming)) rules.push({ ...other, blocked: 'out_of_scope' })
  return { rules: rules.slice(0, MOST_EVALUATED), count: rules.length }
}

/**
 * What the covering bindings bring. On a tool that its server's catalogue does not list, an allow that
 * does not reach it counts for nothing; escalate and compute still restrict.
 */
export function offersOf(naming: Naming): readonly Offer[] {
  const offers: Offer[] = []
  for (const [role, { scopeList: scopes }] of rolesOf(naming.covering))
    for (const other of othersOf(role, naming))
      if (other.blocked !== 'not_listed') offers.push({ ...other, scopes })
  return offers
}

/** Rules of a role that are no denies, those that only restrict first. */
function othersOf(role: RoleIndex, { index, resource, verbLevel }: Naming): readonly NamedRule[] {
  const isRestricted = index.isRestricted(resource)
  const other = (rule: CompiledRule, mayGrant: boolean): NamedRule => {
    const unlisted = mayGrant || rule.effect !== 'allow' ? undefined : 'not_listed'
    return {
      rule,
      mayGrant,
      blocked: unlisted ?? (rule.strongest >= verbLevel ? undefined : 'wrong_verb'),
    }
  }
  return [
    ...role.restrictionsFor(resource).map((rule) => other(rule, false)),
    ...role
      .rulesFor(resource)
      .filter((rule) => rule.effect !== 'deny')
      .map((rule) => other(rule, !isRestricted || reachesUnlisted(rule, resource))),
  ]
}

/** Each role once, with the first of the bindings that brings it. */
export function rolesOf(
  bindings: readonly CompiledBinding[],
): ReadonlyMap<RoleIndex, CompiledBinding> {
  const roles = new Map<RoleIndex, CompiledBinding>()
  for (const binding of bindings)
    for (const role of binding.roles) if (!roles.has(role)) roles.set(role, binding)
  return roles
}

export function covers(binding: CompiledBinding, scope: string | undefined): boolean {
  return binding.scopes === undefined || (scope !== undefined && binding.scopes.has(scope))
}

/** A deny takes its weakest verb and all stronger; without constraints, denying `invoke` also hides. */
export function denyTakes(rule: CompiledRule, verbLevel: number): boolean {
  if (verbLevel === 0) return rule.weakest <= 1 && rule.constraints.length === 0
  return rule.weakest <= verbLevel
}
