import { accessFault, declaredScopeFault } from '../core/gates/access.ts'
import { type RuleTrace, traceRules } from '../core/gates/rbac-trace.ts'
import { type ResourceEntry, type Subject, VERBS, type Verb } from '../core/model/call.ts'
import type { Effect, RuleRef } from '../core/model/decision.ts'
import type { JsonObject, JsonValue } from '../core/model/json.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import { type CompiledRule, holdsFor } from '../core/policy/role-index.ts'
import { type Paint, printable } from './paint.ts'
import { alignRows } from './table.ts'

/** One thing that a subject may or may not do. */
export interface Permission {
  /** A name of the catalogue, or a selector that reaches beyond it. */
  readonly resource: string
  /** The strongest verb that is granted; with `deny` the weakest that is refused. */
  readonly verb: Verb
  readonly effect: Effect
  readonly scopes: readonly string[] | null
  readonly constraints: Readonly<Record<string, JsonValue>>
  readonly rule: RuleRef
}

/** Whose permissions are listed. */
export interface Holder {
  readonly subject: Subject
  /** Of calls to what the catalogue gives none; undefined: any that the policy names, and none. */
  readonly scope: string | undefined
  /** The instant to judge at, epoch milliseconds. */
  readonly at: number
}

/** What a subject may do: each tool of the catalogue, then the wider selectors. */
export async function listPermissions(
  policy: CompiledPolicy,
  holder: Holder,
): Promise<readonly Permission[]> {
  const { subject } = holder
  const found: Permission[] = []
  for (const name of policy.index.catalogue.keys()) {
    const resource = policy.index.resolve(name)
    if ('fault' in resource || !comesUpTo(policy, subject, resource)) continue
    found.push(...(await permissionsFor(policy, holder, resource)))
  }
  return [...found, ...selectorsOf(policy, holder)]
}

/** Whatever rules say, the tool, its server and the agent's declared scope ask for more. */
function comesUpTo(policy: CompiledPolicy, subject: Subject, { needs }: ResourceEntry): boolean {
  const declared = policy.index.declaredScope(subject.agent)
  if (declared !== undefined && declaredScopeFault(declared, subject) !== undefined) return false
  return needs === undefined || accessFault(needs, subject) === undefined
}

/** In each scope the strongest verb that some rule grants, whatever the arguments, unless a deny takes it. */
async function permissionsFor(
  policy: CompiledPolicy,
  { subject, scope: asked, at }: Holder,
  resource: ResourceEntry,
): Promise<readonly Permission[]> {
  const scope = resource.scope ?? asked
  const open = new Set(scope === undefined ? [undefined, ...policy.index.scopes] : [scope])
  const granted = new Map<string, Permission>()
  for (const verb of [...VERBS].reverse())
    for (const one of open) {
      const query = { subject, verb, resource, scope: one, arguments: {}, at }
      const grants = grantsAmong(await traceRules(policy, query, {}))
      if (grants.length > 0) open.delete(one)
      for (const trace of grants) {
        const key = ruleKey(trace)
        if (!granted.has(key)) granted.set(key, permissionOf(policy, trace, resource.name, verb))
      }
    }
  return [...granted.values()]
}

/** Rules that grant, if their constraints hold; none where a deny does not depend on arguments. */
function grantsAmong(traces: readonly RuleTrace[]): readonly RuleTrace[] {
  if (traces.some(isFlatDenial)) return []
  return traces.filter((trace) => trace.effect !== 'deny' && mayHold(trace))
}

function ruleKey({ rule, binding }: RuleTrace): string {
  return `${binding} ${rule.index} ${rule.role}`
}

/** A denial that does not depend on the arguments. */
function isFlatDenial(trace: RuleTrace): boolean {
  return trace.effect === 'deny' && trace.outcome === 'applies' && trace.constraints.length === 0
}

function mayHold(trace: RuleTrace): boolean {
  return trace.because === null || trace.because === 'constraint'
}

function permissionOf(
  policy: CompiledPolicy,
  trace: RuleTrace,
  resource: string,
  verb: Verb,
): Permission {
  return {
    resource,
    verb,
    effect: trace.effect,
    scopes: scopesOf(policy, trace.binding),
    constraints: constraintsOf(policy, trace.rule),
    rule: trace.rule,
  }
}

/** Selectors that name what the catalogue does not: globs, servers, other names. And every denial. */
function selectorsOf(policy: CompiledPolicy, { subject, at }: Holder): readonly Permission[] {
  const { index } = policy
  return index.bindingsFor(subject, at).flatMap((binding) =>
    index
      .binding(binding)
      .roles.flatMap(({ rules }) => rules)
      .filter((rule) => holdsFor(rule.when, subject))
      .flatMap((rule) => selectorRows(policy, rule, binding)),
  )
}

function selectorRows(
  policy: CompiledPolicy,
  rule: CompiledRule,
  binding: number,
): readonly Permission[] {
  const isDeny = rule.effect === 'deny'
  return rule.selectors
    .filter(({ text }) => isDeny || !policy.index.catalogue.has(text))
    .map(({ text }) => ({
      resource: text,
      verb: VERBS[isDeny ? rule.weakest : rule.strongest] ?? 'invoke',
      effect: rule.effect,
      scopes: isDeny ? null : scopesOf(policy, binding),
      constraints: constraintsOf(policy, rule.ref),
      rule: rule.ref,
    }))
}

function scopesOf(policy: CompiledPolicy, binding: number): readonly string[] | null {
  const { scopes, scopeList } = policy.index.binding(binding)
  return scopes === undefined ? null : scopeList
}

function constraintsOf(
  policy: CompiledPolicy,
  { role, index }: RuleRef,
): Readonly<Record<string, JsonValue>> {
  return policy.document.roles?.find(({ name }) => name === role)?.rules?.[index]?.constraints ?? {}
}

export function renderPermissions(
  agent: string,
  permissions: readonly Permission[],
  paint: Paint,
): string {
  if (permissions.length === 0) return `${printable(agent)} may do nothing\n`
  const header = ['RESOURCE', 'VERB', 'CONSTRAINTS', 'SCOPES', 'ROLE'].map(paint.quiet)
  const rows = permissions.map((one) => [
    printable(one.resource),
    verbCell(one, paint),
    constraintCell(one.constraints),
    one.scopes === null
      ? one.effect === 'deny'
        ? 'all'
        : 'any'
      : printable(one.scopes.join(', ')),
    printable(one.rule.role),
  ])
  return `${alignRows([header, ...rows]).join('\n')}\n`
}

function verbCell(one: Permission, paint: Paint): string {
  switch (one.effect) {
    case 'allow':
      return paint.good(one.verb)
    case 'deny':
      return paint.bad(`no ${one.verb}`)
    case 'escalate':
      return paint.warning(`${one.verb} (ask)`)
    case 'compute':
      return paint.warning(`${one.verb} (made safe)`)
  }
}

const MAX_CELL = 48

function constraintCell(constraints: Readonly<Record<string, JsonValue>>): string {
  const entries = Object.entries(constraints)
  if (entries.length === 0) return '-'
  const text = entries.map(([kind, config]) => `${kind}: ${configText(config)}`).join('; ')
  return printable(text.length > MAX_CELL ? `${text.slice(0, MAX_CELL - 1)}…` : text)
}

function configText(config: JsonValue): string {
  const allow = isObject(config) ? config['allow'] : config
  if (Array.isArray(allow))
    return allow.map((one) => (isObject(one) ? '{}' : String(one))).join(', ')
  return JSON.stringify(config)
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
