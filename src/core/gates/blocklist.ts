import { textsIn } from '../json-kind.ts'
import { type Call, TIER_LEVEL } from '../model/call.ts'
import type { Verdict } from '../model/decision.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { fullNameOf } from '../policy/role-index.ts'
import { coversResource, matchesGlob, parseSelector, type Selector } from '../policy/selectors.ts'
import { hostsIn } from './hosts-in.ts'
import { textOfArguments } from './text-of-arguments.ts'

/** What is denied whoever asks: the policy's `blocklist`, ready to be asked. */
export interface Blocklist {
  /** The first entry that a call meets, as `list: entry`. */
  find(call: Pick<Call, 'resource' | 'subject' | 'arguments'>): string | undefined
}

/** Substrings of the source documents, for callers below `admin`. */
const DESTRUCTIVE = ['delete', 'drop', 'destroy'] as const

/** Undefined where nothing is blocked. */
export function compileBlocklist(section: JsonObject | undefined): Blocklist | undefined {
  if (section === undefined) return undefined
  const tools = textsIn(section['tools']).map((text) => parseSelector(text))
  const servers = globsOf(section['servers'])
  const users = globsOf(section['users'])
  const agents = globsOf(section['agents'])
  const domains = textsIn(section['domains']).map(domainOf)
  const actions = globsOf(section['actions'], fold)
  const destructive = section['destructive_names'] === true
  const lists = [tools, servers, users, agents, domains, actions]
  if (!destructive && lists.every(({ length }) => length === 0)) return undefined
  return {
    find({ resource, subject, arguments: args }) {
      const full = fullName(resource)
      return (
        named('tools', blockedTool(tools, resource)) ??
        named('servers', matching(servers, resource.server)) ??
        named('users', matching(users, subject.user)) ??
        named('agents', matching(agents, subject.agent)) ??
        named('actions', actionOf(actions, full)) ??
        named('destructive_names', destructive ? destructiveWord(full, subject.tier) : undefined) ??
        named('domains', domains.length === 0 ? undefined : blockedDomain(domains, args))
      )
    },
  }
}

export function checkBlocklist(blocklist: Blocklist | undefined, call: Call): Verdict {
  const entry = blocklist?.find(call)
  if (entry === undefined) return PASS
  return { kind: 'deny', reason: 'blocklisted', detail: `the blocklist has \`${entry}\`` }
}
const PASS: Verdict = Object.freeze({ kind: 'pass' })

function named(list: string, entry: string | undefined): string | undefined {
  return entry === undefined ? undefined : `${list}: ${entry}`
}

/** A denial reads a bare name with its server too, as deny rules do. */
function blockedTool(tools: readonly Selector[], resource: Call['resource']): string | undefined {
  const full = { ...resource, name: fullName(resource) }
  return tools.find(
    (selector) => coversResource(selector, resource) || coversResource(selector, full),
  )?.text
}

function fullName(resource: Call['resource']): string {
  return fullNameOf(resource) ?? resource.name
}

interface Glob {
  readonly text: string
  readonly parts: readonly string[]
}

function globsOf(value: JsonValue | undefined, change = (text: string) => text): readonly Glob[] {
  return textsIn(value).map((text) => ({ text, parts: change(text).split('*') }))
}

function matching(globs: readonly Glob[], name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  return globs.find((glob) => matches(glob, name))?.text
}

function matches({ parts }: Glob, name: string): boolean {
  return parts.length === 1 ? parts[0] === name : matchesGlob(parts, name)
}

/** A word of the name, whatever its case and however words are joined; a glob is held against all of it. */
function actionOf(actions: readonly Glob[], name: string): string | undefined {
  if (actions.length === 0) return undefined
  const whole = fold(name)
  const words = new Set(name.split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/).map(fold))
  return actions.find((glob) => {
    if (glob.parts.length > 1)
      return matches(glob, whole) || [...words].some((word) => matches(glob, word))
    const [word = ''] = glob.parts
    return words.has(word) || (/[^a-z0-9]/.test(word) && whole.includes(word))
  })?.text
}

function destructiveWord(name: string, tier: Call['subject']['tier']): string | undefined {
  if (TIER_LEVEL[tier ?? 'user'] >= TIER_LEVEL.admin) return undefined
  const folded = fold(name)
  return DESTRUCTIVE.find((word) => folded.includes(word))
}

function fold(text: string): string {
  return text.toLowerCase()
}

interface Domain {
  readonly text: string
  readonly host: string
  /** `*.host`: what is below it, and not itself. */
  readonly below: boolean
}

function domainOf(text: string): Domain {
  const below = text.startsWith('*.')
  return { text, host: hostsIn(below ? text.slice(2) : text)[0] ?? fold(text), below }
}

/** Any address, link or bare host in any argument. */
function blockedDomain(domains: readonly Domain[], args: JsonObject): string | undefined {
  // Each for itself, as a text's line ends are read both as such and as nothing.
  for (const text of textOfArguments(args).parts()) {
    const hosts = hostsIn(text)
    const found = domains.find(({ host: blocked, below }) =>
      hosts.some((host) => (below ? host.endsWith(`.${blocked}`) : host === blocked)),
    )
    if (found !== undefined) return found.text
  }
  return undefined
}
