import { isList, isMap } from '../json-kind.ts'
import { durationMs } from '../policy/duration.ts'
import { coversResource, parseSelector } from '../policy/selectors.ts'
import type { BehaviorSettings, RuleSettings } from './settings.ts'

type Fields = Readonly<Record<string, unknown>>

/** Makes a checked `behavior` section ready to be asked. */
export function behaviorSettings(section: unknown): BehaviorSettings {
  const behavior: Fields = isMap(section) ? section : {}
  const rules = mapOf(behavior, 'rules')
  const compiled = new Map(Object.keys(rules).map((id) => [id, ruleSettings(mapOf(rules, id))]))
  const destinations = mapOf(behavior, 'destinations')
  const fields = textsOf(behavior, 'trusted_fields').map((text) => text.toLowerCase())
  const risk = mapOf(behavior, 'risk')
  return Object.freeze({
    rule: (id: string) => compiled.get(id) ?? DEFAULT_RULE,
    destinations: Object.freeze({
      allows: destinationTest(textsOf(destinations, 'allow'), plainHostIn),
      denies: destinationTest(textsOf(destinations, 'deny'), hostIn),
    }),
    trustsField: fieldTest(fields),
    trustsTool: selectorTest(textsOf(behavior, 'trusted_tools')),
    risk: Object.freeze({
      warnAt: numberOf(risk, 'warn_at') ?? 30,
      pauseAt: numberOf(risk, 'pause_at') ?? 60,
      terminateAt: numberOf(risk, 'terminate_at') ?? 90,
    }),
    suspiciousText: behavior['suspicious_text'] === 'remove' ? 'remove' : 'keep',
  })
}

function ruleSettings(rule: Fields): RuleSettings {
  const window = rule['window']
  return Object.freeze({
    enabled: rule['enabled'] !== false,
    action: rule['action'] as RuleSettings['action'], // the schema has checked the words
    severity: rule['severity'] as RuleSettings['severity'],
    score: numberOf(rule, 'score'),
    minConfidence: numberOf(rule, 'min_confidence') ?? 0,
    minCalls: numberOf(rule, 'min_calls'),
    minBytes: numberOf(rule, 'min_bytes'),
    windowMs: typeof window === 'string' ? durationMs(window) : undefined,
    excepts: selectorTest(textsOf(rule, 'except')),
  })
}

const DEFAULT_RULE = ruleSettings({})

/** `example.com`: the host, or any address at it. `*.example.com`: below it. Else the whole text. */
function destinationTest(
  entries: readonly string[],
  hostOf: (text: string) => string | undefined,
): (destination: string) => boolean {
  const exact = new Set<string>()
  const below: string[] = []
  for (const entry of entries) {
    const text = entry.trim().toLowerCase().replace(/^@/, '')
    if (text.startsWith('*.')) below.push(text.slice(1))
    else exact.add(text)
  }
  if (exact.size === 0 && below.length === 0) return () => false
  return (destination) => {
    const text = destination.trim().toLowerCase()
    if (exact.has(text)) return true
    const host = hostOf(text)
    if (host === undefined) return false
    return exact.has(host) || below.some((suffix) => host.endsWith(suffix))
  }
}

/** Where a mail or a request to it would arrive; undefined: the text is no address. */
function hostIn(text: string): string | undefined {
  const rest = text.replace(SCHEME, '')
  const end = rest.search(AFTER_AUTHORITY)
  const authority = end < 0 ? rest : rest.slice(0, end)
  if (/\s/.test(authority)) return undefined
  return authority
    .slice(authority.lastIndexOf('@') + 1)
    .replace(PORT, '')
    .replace(ROOT, '')
}

/** The same where every program reads it so: of a list, a route or a comment nothing is allowed. */
function plainHostIn(text: string): string | undefined {
  if (/[\s,;|<>"()\\]/.test(text)) return undefined
  const mailbox = /^[^/?#]{0,320}(?=@)/.exec(text)?.[0]
  if (mailbox !== undefined && !PLAIN_MAILBOX.test(mailbox)) return undefined
  const host = hostIn(text)
  return host !== undefined && PLAIN_HOST.test(host) ? host : undefined
}

const PLAIN_MAILBOX = /^[\p{L}\p{M}\p{N}.#$&'+=^_{}~-]*$/u
const PLAIN_HOST = /^(?:[\p{L}\p{M}\p{N}._-]+|\[[\da-f:.]+\])$/u
const SCHEME = /^(?:[a-z][a-z0-9+.-]{0,30}:)?[\\/]{2}/
// A backslash is a slash to browsers: what follows it is no part of the host.
const AFTER_AUTHORITY = /[/\\?#]/
const PORT = /:[0-9]{0,5}$/
const ROOT = /\.$/

function fieldTest(fields: readonly string[]): (resource: string, key: string) => boolean {
  if (fields.length === 0) return () => false
  const known = new Set(fields)
  return (resource, key) => {
    const name = key.toLowerCase()
    return known.has(name) || known.has(`${resource.toLowerCase()}.${name}`)
  }
}

function selectorTest(
  texts: readonly string[],
): (resource: string, server: string | undefined) => boolean {
  const selectors = texts.map(parseSelector)
  if (selectors.length === 0) return () => false
  return (resource, server) =>
    selectors.some((selector) => coversResource(selector, { name: resource, server }))
}

function mapOf(fields: Fields, key: string): Fields {
  const value = fields[key]
  return isMap(value) ? value : {}
}

function textsOf(fields: Fields, key: string): readonly string[] {
  const value = fields[key]
  return isList(value) ? value.filter((text): text is string => typeof text === 'string') : []
}

function numberOf(fields: Fields, key: string): number | undefined {
  const value = fields[key]
  return typeof value === 'number' ? value : undefined
}
