import { principalsOf } from '../../../core/gates/rbac-plan.ts'
import {
  type Call,
  type ResourceEntry,
  type Subject,
  VERB_LEVEL,
} from '../../../core/model/call.ts'
import type { CompiledPolicy } from '../../../core/policy/compile.ts'
import type { PolicyDocument, WhenDocument } from '../../../core/policy/document.ts'
import type { CompiledBinding } from '../../../core/policy/policy-index.ts'
import { type CompiledRule, holdsFor } from '../../../core/policy/role-index.ts'
import type { RecordedWord } from './judgement.ts'

/** True where what RBAC says of a call may be another with other arguments. */
export function dependsOnArguments(policy: CompiledPolicy, call: Call): boolean {
  const { subject, resource, scope, verb, at } = call
  const principal = principalsOf(policy).principalFor(subject, at)
  if (verb === 'discover' || principal.bindings.length === 0) return false
  const plan = principal.planFor(resource, scope, VERB_LEVEL[verb])
  // A rewrite may fail, and what it makes is judged again.
  if (plan.fixed !== undefined) return plan.fixed.computes.length > 0
  return [...plan.denies, ...plan.grants.map(({ rule }) => rule)].some(
    (rule) =>
      holdsFor(rule.when, subject) && (rule.constraints.length > 0 || rule.effect === 'compute'),
  )
}

/** Reasons that a caller's own scopes or token may be behind. */
const CALLER_REASONS: ReadonlySet<string> = new Set([
  'scope_mismatch',
  'tier_insufficient',
  'token_invalid',
  'no_principal',
])

/** Denials that only say that no binding of the caller covers the call. */
export const UNCOVERED: ReadonlySet<string> = new Set(['no_binding', 'scope_mismatch'])

/**
 * What groups, roles, scopes or a proof, which no record holds, could change of what RBAC says: all of
 * it, or only which of its denials it is. Groups and roles only add bindings and rules, so it is enough to
 * look at a caller that has them all.
 */
export function dependsOnUnrecorded(
  policy: CompiledPolicy,
  call: Call,
  said: RecordedWord,
): 'all' | 'reason' | 'nothing' {
  const { subject, resource, at } = call
  const { index } = policy
  const isHeldAgainst =
    said.gate !== 'rbac' || said.effect !== 'deny' || CALLER_REASONS.has(said.reason)
  if (isHeldAgainst && asksForProof(index.declaredScope(subject.agent), call)) return 'all'
  const full: Subject = { ...subject, ...namesIn(policy) }
  const held = new Set(index.bindingsFor(subject, at))
  const bindings = index.bindingsFor(full, at)
  const changes = bindings.some((id) =>
    rulesOf(index.binding(id), resource).some(
      (rule) => !held.has(id) || holdsFor(rule.when, subject) !== holdsFor(rule.when, full),
    ),
  )
  if (changes) return 'all'
  // Whether the caller has a binding, and one that covers the scope, is told apart.
  return bindings.length > held.size && UNCOVERED.has(said.reason) ? 'reason' : 'nothing'
}

function asksForProof(declared: string | undefined, { subject, resource }: Call): boolean {
  if (declared !== undefined) return true
  const { needs } = resource
  if (needs === undefined) return false
  const isNameless = subject.tier === 'anonymous' || subject.agent === 'anonymous'
  return (
    needs.scopes.length > 0 ||
    needs.audience !== undefined ||
    needs.issuer !== undefined ||
    (needs.authenticated && isNameless)
  )
}

/** Rules of a binding that name the resource of a call. */
function rulesOf(binding: CompiledBinding, resource: ResourceEntry): readonly CompiledRule[] {
  return binding.roles.flatMap((role) => [
    ...role.rulesFor(resource),
    ...role.deniesFor(resource),
    ...role.restrictionsFor(resource),
  ])
}

type Names = Required<Pick<Subject, 'groups' | 'roles' | 'scopes'>>

const derived = new WeakMap<CompiledPolicy, Names>()

/** Every group, role and scope that a policy asks callers for. */
function namesIn(policy: CompiledPolicy): Names {
  const known = derived.get(policy)
  if (known !== undefined) return known
  const { document } = policy
  const built: Names = {
    groups: [...groupsBound(document), ...conditions(document, 'groups')],
    roles: conditions(document, 'roles'),
    scopes: conditions(document, 'scopes'),
  }
  derived.set(policy, built)
  return built
}

function groupsBound({ bindings = [], entities = [] }: PolicyDocument): readonly string[] {
  const named = bindings.flatMap(({ group }) => group ?? [])
  const listed = entities.flatMap((entity) =>
    entity.for.startsWith('group:') ? entity.for.slice('group:'.length) : [],
  )
  return [...named, ...listed]
}

function conditions(
  { roles = [] }: PolicyDocument,
  key: keyof WhenDocument & keyof Names,
): readonly string[] {
  return roles.flatMap(({ rules = [] }) => rules.flatMap(({ when }) => when?.[key] ?? []))
}
