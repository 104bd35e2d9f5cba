import type { ConstraintPorts } from '../constraints/constraint.ts'
import { isPromise, type MaybePromise } from '../model/json.ts'
import type { CompiledPolicy } from '../policy/compile.ts'
import type { BindingDocument, PolicyDocument } from '../policy/document.ts'
import { createPolicyIndex } from '../policy/policy-index.ts'
import { evaluate } from './rbac.ts'
import type { RuleTrace } from './rbac-trace.ts'
import type { RbacQuery, RbacVerdict } from './rbac-verdict.ts'

/** What would allow a call that was refused. */
export interface Remedy {
  /** For whoever owns the policy: names roles, rules and bindings. */
  readonly operator: string
  /** For the agent: what it may mend itself, without a word about the policy's inside. */
  readonly agent: string
  /** The change to the merged policy document (RFC 6902), tried and found to allow; null where none is known. */
  readonly patch: readonly PatchOperation[] | null
}
export interface PatchOperation {
  readonly op: 'add'
  /** JSON Pointer. */
  readonly path: string
  readonly value: unknown
}

/** One change to try: its words, its patch, and the document as it would be. */
interface Candidate {
  readonly operator: string
  readonly patch: readonly PatchOperation[]
  readonly changed: PolicyDocument
  /** Where the change says something else of the resource, the call as it would be then. */
  readonly query?: RbacQuery
}

// Each try compiles the indexes anew: few tries, and none on a policy so large that one alone is slow.
const MAX_TRIES = 12
const MAX_BINDINGS_TO_TRY = 2_000
// Roles looked through for one that names the resource.
const MAX_ROLES_SEEN = 1_000

/** Looks for the smallest change that allows the call, by trying changes from small to large. */
export function findRemedy(
  policy: CompiledPolicy,
  query: RbacQuery,
  verdict: RbacVerdict,
  traces: readonly RuleTrace[],
  ports: ConstraintPorts,
): MaybePromise<Remedy> {
  const words = { agent: adviceFor(verdict), operator: fallbackFor(verdict, traces) }
  const candidates = candidatesFor(policy, query, verdict, traces)
  const from = (first: number): MaybePromise<Remedy> => {
    for (let tries = first; tries < MAX_TRIES; tries++) {
      const next = candidates.next()
      if (next.done === true) break
      const candidate = next.value
      const tried = evaluate(draft(candidate.changed), candidate.query ?? query, ports)
      const remedy = { ...words, operator: candidate.operator, patch: candidate.patch }
      if (isPromise(tried))
        return tried.then((one) => (one.effect === 'deny' ? from(tries + 1) : remedy))
      if (tried.effect !== 'deny') return remedy
    }
    return { ...words, patch: null }
  }
  return from(0)
}

/** A policy to try out: without a digest, since it is nobody's. */
function draft(document: PolicyDocument): CompiledPolicy {
  return { digest: '', document, warnings: [], index: createPolicyIndex(document) }
}

function* candidatesFor(
  policy: CompiledPolicy,
  query: RbacQuery,
  verdict: RbacVerdict,
  traces: readonly RuleTrace[],
): Generator<Candidate, undefined> {
  if ((policy.document.bindings?.length ?? 0) > MAX_BINDINGS_TO_TRY) return
  if (verdict.reason === 'scope_mismatch') yield* addScope(policy, query)
  if (verdict.reason === 'verb_insufficient') yield* addVerb(policy, query, traces)
  if (traces.some(({ because }) => because === 'not_listed')) yield* addToCatalogue(policy, query)
  if (BINDABLE.has(verdict.reason)) yield* addBinding(policy, query)
  if (verdict.reason === 'no_matching_rule') yield* addRule(policy, query)
}
const BINDABLE = new Set(['no_binding', 'no_matching_rule', 'verb_insufficient', 'scope_mismatch'])

function* addScope(policy: CompiledPolicy, query: RbacQuery): Generator<Candidate, undefined> {
  const { subject, scope } = query
  if (subject === undefined || scope === undefined) return
  for (const id of policy.index.bindingsFor(subject, query.at)) {
    const bindings = [...(policy.document.bindings ?? [])]
    const binding = bindings[id]
    if (binding === undefined) continue
    bindings[id] = { ...binding, scopes: [...(binding.scopes ?? []), scope] }
    yield {
      operator: `add scope \`${scope}\` to binding ${id}`,
      patch: [{ op: 'add', path: `/bindings/${id}/scopes/-`, value: scope }],
      changed: { ...policy.document, bindings },
    }
  }
}

function* addVerb(
  policy: CompiledPolicy,
  query: RbacQuery,
  traces: readonly RuleTrace[],
): Generator<Candidate, undefined> {
  for (const trace of traces) {
    if (trace.because !== 'verb' || trace.effect === 'deny') continue
    const roles = [...(policy.document.roles ?? [])]
    const position = roles.findIndex((role) => role.name === trace.rule.role)
    const role = roles[position]
    const rule = role?.rules?.[trace.rule.index]
    if (role === undefined || rule === undefined) continue
    const rules = [...(role.rules ?? [])]
    rules[trace.rule.index] = { ...rule, verbs: [...rule.verbs, query.verb] }
    roles[position] = { ...role, rules }
    yield {
      operator: `add verb \`${query.verb}\` to rule ${trace.rule.index} of role \`${trace.rule.role}\``,
      patch: [
        {
          op: 'add',
          path: `/roles/${position}/rules/${trace.rule.index}/verbs/-`,
          value: query.verb,
        },
      ],
      changed: { ...policy.document, roles },
    }
  }
}

/** Lists what a rule names and the catalogue of its server has not. */
function* addToCatalogue(
  policy: CompiledPolicy,
  query: RbacQuery,
): Generator<Candidate, undefined> {
  const { name, server } = query.resource
  const tool = { name, ...(server === undefined ? {} : { server }) }
  const changed = { ...policy.document, tools: [...(policy.document.tools ?? []), tool] }
  const resource = createPolicyIndex(changed).resolve(name, server)
  if ('fault' in resource) return
  yield {
    operator: `list \`${name}\` under \`tools\``,
    patch: [{ op: 'add', path: '/tools/-', value: tool }],
    changed,
    query: { ...query, resource },
  }
}

/** Binds a role that names the resource already; the one with the fewest rules first. */
function* addBinding(policy: CompiledPolicy, query: RbacQuery): Generator<Candidate, undefined> {
  const agent = query.subject?.agent
  if (agent === undefined) return
  const roles = policy.index.roleNames
    .slice(0, MAX_ROLES_SEEN)
    .flatMap((name) => policy.index.role(name) ?? [])
    .filter((role) => role.rulesFor(query.resource).some((rule) => rule.effect !== 'deny'))
    .sort((one, other) => one.rules.length - other.rules.length)
  for (const role of roles) {
    const scopes = query.scope === undefined ? {} : { scopes: [query.scope] }
    const binding: BindingDocument = { agent, roles: [role.name], ...scopes }
    yield {
      operator: `bind role \`${role.name}\` to agent \`${agent}\`${scopeWords(query.scope)}`,
      patch: [{ op: 'add', path: '/bindings/-', value: binding }],
      changed: { ...policy.document, bindings: [...(policy.document.bindings ?? []), binding] },
    }
  }
}

function scopeWords(scope: string | undefined): string {
  return scope === undefined ? '' : ` in scope \`${scope}\``
}

function* addRule(policy: CompiledPolicy, query: RbacQuery): Generator<Candidate, undefined> {
  const { subject, resource, verb } = query
  if (subject === undefined) return
  const [id] = policy.index.bindingsFor(subject, query.at)
  const name = id === undefined ? undefined : policy.document.bindings?.[id]?.roles[0]
  const roles = [...(policy.document.roles ?? [])]
  const position = roles.findIndex((role) => role.name === name)
  const role = roles[position]
  if (role === undefined) return
  const rule = { resources: [resource.name], verbs: [verb] }
  roles[position] = { ...role, rules: [...(role.rules ?? []), rule] }
  yield {
    operator: `add a rule for \`${resource.name}\` to role \`${role.name}\``,
    patch: [{ op: 'add', path: `/roles/${position}/rules/-`, value: rule }],
    changed: { ...policy.document, roles },
  }
}

/** What an agent is told: enough to mend its own call, nothing that maps the policy. */
function adviceFor(verdict: RbacVerdict): string {
  switch (verdict.reason) {
    case 'constraint_violation':
    case 'constraint_unverifiable':
      return `change the arguments and try again: ${verdict.detail ?? verdict.reason}`
    case 'scope_mismatch':
      return 'this tool belongs to a scope you do not work in; ask the operator if you need it'
    case 'tier_insufficient':
      return `this call ${verdict.detail ?? 'needs a higher tier'}; ask the operator`
    case 'explicit_deny':
      return 'this call is forbidden; do not try it in another form'
    default:
      return 'you may not make this call; ask the operator for access if your task needs it'
  }
}

function fallbackFor(verdict: RbacVerdict, traces: readonly RuleTrace[]): string {
  const { rule } = verdict
  const where =
    rule === null
      ? ''
      : ` rule ${rule.index}${rule.name === null ? '' : ` ("${rule.name}")`} of role \`${rule.role}\``
  switch (verdict.reason) {
    case 'explicit_deny':
      return `the deny in${where} covers this call; narrow it, or do not bind that role here`
    case 'constraint_violation':
    case 'constraint_unverifiable':
      return `widen \`${verdict.constraint}\` in${where}, if such calls are meant to pass`
    case 'scope_mismatch':
      return 'give the call a scope that a binding covers, or the subject the scope it lacks'
    case 'tier_insufficient':
      return `lower the tool's \`tier\`, or call it as a subject of that tier`
    case 'no_principal':
      return 'name the subject of the call, or configure an identity provider'
    default:
      return traces.length === 0
        ? 'no role of this policy grants this; write a rule that names the resource, and bind its role'
        : 'no single change was found that allows this call'
  }
}
