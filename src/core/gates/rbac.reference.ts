import { constraintKind } from '../constraints/index.ts'
import { type Subject, TIER_LEVEL, VERB_LEVEL } from '../model/call.ts'
import type { PolicyDocument, RoleDocument, RuleDocument } from '../policy/document.ts'
import type { RbacQuery } from './rbac-verdict.ts'

/** The naive twin of `evaluate`: reads the document from top to bottom and remembers nothing. */
export function referenceEvaluate(written: PolicyDocument, query: RbacQuery): string {
  const { subject } = query
  if (subject === undefined) return 'no_principal'
  const document = unfolded(written)
  return verdictOf(document, query, subject, readingOf(document, query, subject))
}

/** How the twin reads a document for one query. */
export type Reading = ReturnType<typeof readingOf>

export function readingOf(document: PolicyDocument, query: RbacQuery, subject: Subject) {
  const { resource, scope, verb } = query
  const level = VERB_LEVEL[verb]
  const who = { tier: 'user', ...subject, group: subject.groups }
  const keys = ['agent', 'user', 'team', 'group', 'department', 'tenant', 'tier'] as const
  const bound = (document.bindings ?? []).filter(
    (one) =>
      keys.every((key) => one[key] === undefined || [who[key]].flat().includes(one[key])) &&
      (one.expires_at === undefined || query.at < Date.parse(one.expires_at)),
  )
  const covered = (scopes?: readonly string[]) => scope !== undefined && !!scopes?.includes(scope)
  const inScope = bound.filter(
    (one) => !one.scopes?.length || one.scopes.includes('*') || covered(one.scopes),
  )
  const own = subject.scopes?.every((one) => one in TIER_LEVEL) && subject.scopes.length > 0
  const isOutside = inScope.length === 0 || (subject.scopes && !own && !covered(subject.scopes))

  const hasCatalogue = (document.tools ?? []).some((tool) => tool.server === resource.server)
  const isTool = resource.kind === 'tool' && !resource.name.startsWith(`${resource.server}.mcp/`)
  const isUnlisted = document.unlisted !== 'allow' && hasCatalogue && !resource.listed && isTool
  const selects = (text: string, name: string) => {
    if (text === 'server:*') return resource.server !== undefined
    if (text.startsWith('server:')) return text === `server:${resource.server}`
    const pattern = text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.+')
    return new RegExp(`^${pattern}$`, 's').test(name)
  }
  const isBroad = (text: string) =>
    text === '*' || (text.startsWith('server:') && selects(text, resource.name))
  // Rules that restrict also read a bare name of a known server as `server.name`.
  const isFull =
    resource.kind !== 'tool' ||
    resource.server === undefined ||
    resource.name.startsWith(`${resource.server}.`)
  const spellings = [resource.name, ...(isFull ? [] : [`${resource.server}.${resource.name}`])]
  const names = (rule: RuleDocument) =>
    (rule.effect ?? 'allow') === 'allow' ? [resource.name] : spellings
  const isWhen = ([key, wanted]: [string, readonly string[]]) => {
    const actual = { tier: 'user', ...subject }[key as 'roles'] ?? []
    return [actual].flat().some((value) => wanted.includes(value))
  }
  const rolesOf = (name: string): readonly RoleDocument[] => {
    const roles = document.roles?.filter((one) => one.name === name) ?? []
    return [...roles, ...roles.flatMap((role) => (role.extends ?? []).flatMap(rolesOf))]
  }
  const rolesIn = (bindings: typeof bound) => [
    ...new Set(bindings.flatMap((one) => one.roles.flatMap(rolesOf))),
  ]
  const isMeant = (rule: RuleDocument) =>
    rule.resources.some((text) => names(rule).some((one) => selects(text, one)))
  const holdsWhen = (rule: RuleDocument) => Object.entries(rule.when ?? {}).every(isWhen)
  const rulesIn = (bindings: typeof bound) =>
    rolesIn(bindings)
      .flatMap((role) => role.rules ?? [])
      .filter((rule) => isMeant(rule) && holdsWhen(rule))
  const judged = (rule: RuleDocument) =>
    Object.entries(verb === 'discover' ? {} : (rule.constraints ?? {})).map(([kind, config]) => {
      const said = constraintKind(kind)
        ?.compile(config)
        .judge({ ...query, ports: {} })
      return { kind, standing: said && 'standing' in said ? said.standing : 4 }
    })
  const standings = (rule: RuleDocument) => judged(rule).map(({ standing }) => standing)
  const levels = (rule: RuleDocument) => rule.verbs.map((one) => VERB_LEVEL[one])
  const hides = (rule: RuleDocument) => Math.min(...levels(rule)) <= 1 && !rule.constraints
  const isNamed = (rule: RuleDocument) =>
    rule.resources.some((text) => selects(text, resource.name))
  return {
    bound,
    inScope,
    isOutside,
    rolesIn,
    rulesIn,
    isMeant,
    isNamed,
    holdsWhen,
    judged,
    standings,
    holds: (rule: RuleDocument) => standings(rule).every((one) => one === 0 || one === 1),
    mayHold: (rule: RuleDocument) => standings(rule).every((one) => (one & 5) !== 0),
    isRuledOut: (rule: RuleDocument) => standings(rule).includes(2),
    isTaken: (rule: RuleDocument) =>
      verb === 'discover' ? hides(rule) : Math.min(...levels(rule)) <= level,
    mayGrant: (rule: RuleDocument) =>
      isNamed(rule) && (!isUnlisted || rule.resources.some(isBroad)),
    isStrong: (rule: RuleDocument) => Math.max(...levels(rule)) >= level,
  }
}

function verdictOf(
  document: PolicyDocument,
  query: RbacQuery,
  subject: Subject,
  reading: Reading,
): string {
  const { verb } = query
  const { bound, inScope, rulesIn, holds, mayHold, isRuledOut, isStrong, standings } = reading
  if (bound.length === 0) return 'no_binding'
  if (reading.isOutside) return 'scope_mismatch'
  const denies = rulesIn(bound).filter((rule) => rule.effect === 'deny')
  if (denies.some((rule) => reading.isTaken(rule) && mayHold(rule))) return 'explicit_deny'
  const others = rulesIn(inScope).filter((rule) => rule.effect !== 'deny')
  const grants = others.filter(reading.mayGrant)
  const strong = grants.filter(isStrong)
  if (strong.some(holds)) {
    const missing = missingOf(document, query, subject)
    if (missing !== undefined) return missing
    const stricter = (['escalate', 'compute'] as const).find((effect) =>
      others.some((rule) => rule.effect === effect && isStrong(rule) && !isRuledOut(rule)),
    )
    return verb === 'discover' ? 'allow' : (stricter ?? 'allow')
  }
  if (strong.some((rule) => standings(rule).some((one) => one & 4)))
    return 'constraint_unverifiable'
  if (strong.length > 0) return 'constraint_violation'
  return grants.length > 0 ? 'verb_insufficient' : 'no_matching_rule'
}

/** Entries of `entities` as the roles and bindings that would say the same. */
export function unfolded(document: PolicyDocument): PolicyDocument {
  const entries = (document.entities ?? []).map(({ for: whom, effect, on }, index) => {
    const [key = '', name = ''] = whom.split(':')
    const verb = effect === 'deny' ? 'discover' : 'invoke'
    const rule: RuleDocument = { effect, resources: on, verbs: [verb] }
    const role = `entities[${index}]`
    return { role: { name: role, rules: [rule] }, binding: { [key]: name, roles: [role] } }
  })
  return {
    ...document,
    roles: [...(document.roles ?? []), ...entries.map(({ role }) => role)],
    bindings: [...(document.bindings ?? []), ...entries.map(({ binding }) => binding)],
  }
}

/** What an allowed caller lacks of what the agent declares, the server and the tool ask for. */
function missingOf(
  document: PolicyDocument,
  { resource }: RbacQuery,
  subject: Subject,
): string | undefined {
  const has = (scope: string) => subject.scopes?.includes(scope) === true
  const level = TIER_LEVEL[subject.tier ?? 'user']
  const isToken = subject.proof !== undefined && subject.proof.method !== 'fixed'
  const declared = document.agents?.find(({ name }) => name === subject.agent)?.scope
  if (declared !== undefined && (subject.scopes || isToken) && !has(declared))
    return 'scope_mismatch'
  const tool = resource.listed
    ? document.tools?.find(
        (one) =>
          [one.name, `${one.server}.${one.name}`].some((name) =>
            [resource.name, `${resource.server}.${resource.name}`].includes(name),
          ) && one.server === resource.server,
      )
    : undefined
  const server = document.servers?.find(
    (one) => typeof one !== 'string' && one.name === resource.server,
  )
  const asked = typeof server === 'object' ? server : undefined
  const auth = asked?.auth ?? {}
  const isNobody = subject.tier === 'anonymous' || subject.agent === 'anonymous'
  if (auth['required'] === true && isNobody && subject.proof === undefined) return 'no_principal'
  const audience = auth['audience']
  if (
    isToken &&
    audience !== undefined &&
    !subject.proof?.audience?.some((one) => one === audience)
  )
    return 'token_invalid'
  const tiers = [asked?.tier, tool?.tier]
  if (tiers.some((tier) => tier !== undefined && level < TIER_LEVEL[tier]))
    return 'tier_insufficient'
  for (const scope of [...((auth['scopes'] ?? []) as readonly string[]), ...(tool?.scopes ?? [])]) {
    if (has(scope)) continue
    if (!Object.hasOwn(TIER_LEVEL, scope)) return 'scope_mismatch'
    const held = (subject.scopes ?? []).map((one) =>
      one in TIER_LEVEL ? TIER_LEVEL[one as 'user'] : 0,
    )
    if (Math.max(level, ...held) < TIER_LEVEL[scope as 'user']) return 'tier_insufficient'
  }
  const lists = [asked?.departments, tool?.departments]
  if (lists.some((list) => list && !list.includes(subject.department ?? '')))
    return 'scope_mismatch'
  return undefined
}
