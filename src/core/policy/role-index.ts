import type { CompiledConstraint } from '../constraints/constraint.ts'
import { constraintKind } from '../constraints/index.ts'
import { textsIn } from '../json-kind.ts'
import { type ResourceEntry, type Subject, VERB_LEVEL } from '../model/call.ts'
import type { Effect, Obligation, RuleRef } from '../model/decision.ts'
import type { JsonObject } from '../model/json.ts'
import type { RoleDocument, RuleDocument, WhenDocument } from './document.ts'
import { matchesGlob, parseSelector, type Selector } from './selectors.ts'

/** A rule ready to be matched and judged. */
export interface CompiledRule {
  readonly ref: RuleRef
  readonly effect: Effect
  /** Levels of its weakest and strongest verb (discover 0, invoke 1, admin 2). */
  readonly weakest: number
  readonly strongest: number
  readonly selectors: readonly Selector[]
  readonly constraints: readonly CompiledConstraint[]
  readonly when: WhenDocument | undefined
  readonly compute: JsonObject | undefined
  /** What it demands of the response and of others, where it applies. */
  readonly obligations: readonly Obligation[]
}

/** The rules of one role, found by resource without looking at each. */
export interface RoleIndex {
  readonly name: string
  readonly rules: readonly CompiledRule[]
  /** Rules that name the resource, in the order of the file. */
  rulesFor(resource: ResourceEntry): readonly CompiledRule[]
  /** Its denies, which also read a bare name of a known server as `server.name`. */
  deniesFor(resource: ResourceEntry): readonly CompiledRule[]
  /** Escalate and compute rules that name only `server.name` of a bare name: they restrict, and grant nothing. */
  restrictionsFor(resource: ResourceEntry): readonly CompiledRule[]
}

export function compileRole(role: RoleDocument): RoleIndex {
  const rules = (role.rules ?? []).map((rule, index) => compileRule(role.name, rule, index))
  const exact = new Map<string, number[]>()
  const servers = new Map<string, number[]>()
  const globs: { readonly index: number; readonly parts: readonly string[] }[] = []
  rules.forEach((rule, index) => {
    for (const selector of rule.selectors) {
      if (selector.kind === 'exact') push(exact, selector.text, index)
      else if (selector.kind === 'server') push(servers, selector.server, index)
      else globs.push({ index, parts: selector.parts })
    }
  })
  const find = (name: string, server: string | undefined): readonly CompiledRule[] => {
    const found = new Set<number>(exact.get(name))
    if (server !== undefined)
      for (const wanted of [server, '*'])
        for (const index of servers.get(wanted) ?? []) found.add(index)
    for (const glob of globs) if (matchesGlob(glob.parts, name)) found.add(glob.index)
    return pick(rules, found)
  }
  const denies = (name: string, server: string | undefined): readonly CompiledRule[] =>
    find(name, server).filter((rule) => rule.effect === 'deny')
  const hasDenies = rules.some((rule) => rule.effect === 'deny')
  const hasOthers = rules.some((rule) => rule.effect === 'escalate' || rule.effect === 'compute')
  return {
    name: role.name,
    rules,
    rulesFor: (resource) => find(resource.name, resource.server),
    deniesFor(resource) {
      if (!hasDenies) return []
      const full = fullNameOf(resource)
      const plain = denies(resource.name, resource.server)
      return full === undefined ? plain : [...plain, ...denies(full, resource.server)]
    },
    restrictionsFor(resource) {
      const full = hasOthers ? fullNameOf(resource) : undefined
      if (full === undefined) return []
      const known = new Set(find(resource.name, resource.server))
      return find(full, resource.server).filter(
        (rule) => !known.has(rule) && rule.effect !== 'deny' && rule.effect !== 'allow',
      )
    },
  }
}

/** `server.name` for a tool whose bare name was given with its server; else undefined. */
export function fullNameOf({ kind, name, server }: ResourceEntry): string | undefined {
  if (kind !== 'tool' || server === undefined || name.startsWith(`${server}.`)) return undefined
  return `${server}.${name}`
}

/**
 * True where the selectors of an allow reach a tool that its server's catalogue does not list: only
 * `*` and `server:` say "whatever comes".
 */
export function reachesUnlisted(rule: CompiledRule, resource: ResourceEntry): boolean {
  return rule.selectors.some((selector) =>
    selector.kind === 'server'
      ? selector.server === '*' || selector.server === resource.server
      : selector.text === '*',
  )
}

/** True where every key of the condition holds for the subject. A missing attribute holds for none. */
export function holdsFor(when: WhenDocument | undefined, subject: Subject): boolean {
  if (when === undefined) return true
  for (const key of Object.keys(when) as (keyof WhenDocument)[]) {
    const wanted: readonly string[] = when[key] ?? []
    const actual = key === 'tier' ? (subject.tier ?? 'user') : subject[key]
    const holds =
      typeof actual === 'string'
        ? wanted.includes(actual)
        : (actual ?? []).some((value) => wanted.includes(value))
    if (!holds) return false
  }
  return true
}

function compileRule(role: string, rule: RuleDocument, index: number): CompiledRule {
  const levels = rule.verbs.map((verb) => VERB_LEVEL[verb])
  let constraints: readonly CompiledConstraint[] | undefined
  return {
    ref: Object.freeze({ role, name: rule.name ?? null, index }),
    effect: rule.effect ?? 'allow',
    weakest: Math.min(...levels),
    strongest: Math.max(...levels),
    selectors: rule.resources.map(parseSelector),
    when: rule.when,
    compute: rule.compute,
    obligations: obligationsOf(rule),
    // Schemas and patterns are costly to compile: only for rules that are judged.
    get constraints() {
      constraints ??= compileConstraints(rule)
      return constraints
    },
  }
}

function compileConstraints(rule: RuleDocument): readonly CompiledConstraint[] {
  return Object.entries(rule.constraints ?? {}).map(([name, config]) => {
    const kind = constraintKind(name)
    // INVARIANT: a constraint that is not understood never vanishes; the check of the file refuses it.
    if (kind === undefined) throw new TypeError(`unknown constraint \`${name}\``)
    return kind.compile(config)
  })
}

function obligationsOf({ effect, compute, obligations }: RuleDocument): readonly Obligation[] {
  const found: Obligation[] = []
  const columns = textsIn(effect === 'compute' ? compute?.['mask_columns'] : undefined)
  if (columns.length > 0) found.push({ kind: 'mask_columns', columns })
  const classes = textsIn(obligations?.['redact'])
  if (classes.length > 0) found.push({ kind: 'redact', classes })
  for (const channel of textsIn(obligations?.['notify'])) found.push({ kind: 'notify', channel })
  return Object.freeze(found)
}

function push(map: Map<string, number[]>, key: string, index: number): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [index])
  else list.push(index)
}

function pick(rules: readonly CompiledRule[], found: ReadonlySet<number>): readonly CompiledRule[] {
  const picked: CompiledRule[] = []
  for (const index of [...found].sort((a, b) => a - b)) {
    const rule = rules[index]
    if (rule !== undefined) picked.push(rule)
  }
  return picked
}
