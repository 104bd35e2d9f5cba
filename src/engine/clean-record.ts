import type { AuditRecord, Evaluated } from '../core/model/audit-record.ts'
import type { RuleRef } from '../core/model/decision.ts'
import type { Finding } from '../core/model/finding.ts'
import type { JsonValue } from '../core/model/json.ts'
import { redactValue } from '../core/redaction/redact-value.ts'
import type { Keyed } from '../core/redaction/replace.ts'
import type { Redaction } from '../core/redaction/settings.ts'
import { hasSecret, withoutSecrets } from '../core/redaction/without-secrets.ts'
import { hasGluedSecret, withoutGluedSecrets } from './clean-name.ts'
import type { DraftRecord } from './record.ts'

/** Gives a record as it may be told: the same where nothing has to go. */
export type RecordCleaner = (draft: DraftRecord) => DraftRecord

/** Fields whose text comes from outside. What else is text is ours: ids, hashes, words of closed lists. */
const TEXTS = [
  'trace_id',
  'session_id',
  'context_id',
  'client_id',
  'task_id',
  'request_id',
  'tool_call_id',
  'request_method',
  'request_source',
  'parent_id',
  'user_id',
  'agent',
  'tenant',
  'team',
  'department',
  'server',
  'tool',
  'resource',
  'scope',
  'gate',
  'constraint',
  'approval_id',
  'error',
  'model',
] as const satisfies readonly (keyof AuditRecord)[]
type TextField = (typeof TEXTS)[number]

/** UTF-16 units. Names of resources may be URIs. */
const LONGEST_ID = 256
const LONGEST_NAME = 2_048
const MOST: Partial<Record<TextField, number>> = {
  tool: LONGEST_NAME,
  resource: LONGEST_NAME,
  server: LONGEST_NAME,
  scope: LONGEST_NAME,
  trace_id: LONGEST_NAME,
}
// Nothing that is looked for needs more than this to be known for what it is.
const AHEAD = 16_384
const MOST_KNOWN = 4_096
const GLUED_AHEAD = 1_024

const STAND_INS: Redaction = Object.freeze({
  classes: Object.freeze(['secret'] as const),
  kinds: undefined,
  fields: new Set<string>(),
  action: 'hash',
})

/**
 * INVARIANT: no text in a record holds a secret. One that stands in a name or an id is replaced by a
 * keyed hash, `[npm_token#abcdefghijkl]`, in every field and for every tenant alike, so that records
 * of one session can still be joined.
 */
export function createRecordCleaner(keyed: Keyed): RecordCleaner {
  const clean = createTextCleaner(keyed)
  const name = (text: string): string => clean(text, LONGEST_NAME)
  const rule = createRuleCleaner(name)
  const evaluated = (one: Evaluated): Evaluated => {
    if ('role' in one) return rule(one)
    if (!('gate' in one)) return one
    const gate = name(one.gate)
    return gate === one.gate ? one : Object.freeze({ ...one, gate })
  }
  const obligation = (one: JsonValue): JsonValue => redactValue(one, STAND_INS, keyed)
  return (draft) => {
    const texts = cleanTexts(draft, clean)
    const lists = {
      act_chain: mapped(draft.act_chain, name),
      rule: draft.rule === null ? null : rule(draft.rule),
      evaluated_rules: mapped(draft.evaluated_rules, evaluated),
      findings: mapped(draft.findings, cleanFinding),
      obligations: mapped(draft.obligations, obligation),
    }
    // Nearly always: copying costs more than all of the above.
    if (texts === undefined && isSame(draft, lists)) return draft
    return { ...draft, ...texts, ...namesIn(draft, texts), ...lists }
  }
}

type CleanTexts = { readonly [field in TextField]?: string }
type CleanText = (text: string, most: number) => string

/** Cleans before it cuts, for half a secret is known no more. */
function createTextCleaner(keyed: Keyed): CleanText {
  // Names come again and again. Only what was found clean is kept, never a secret.
  const known = new Set<string>()
  return (text, most) => {
    if (isPlain(text) || known.has(text)) return text
    const read = text.length > most + AHEAD ? text.slice(0, most + AHEAD) : text
    // Behind what is cut off nothing need be looked for.
    if (hasSecret(read) || hasGluedSecret(read.slice(0, most + GLUED_AHEAD)))
      return withoutGluedSecrets(read, STAND_INS, keyed).slice(0, most)
    if (text.length > LONGEST_ID) return text.slice(0, most)
    if (known.size >= MOST_KNOWN) known.clear()
    known.add(text)
    return text
  }
}

// Of ASCII: digits of hexadecimal, dashes, what else names are made of, and the rest.
const [HEX, DASH, NAME, REST] = [0, 1, 2, 4] as const
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const unit = String.fromCharCode(code)
  if (/[0-9a-f]/.test(unit)) return HEX
  if (unit === '-') return DASH
  return /[\w./]/.test(unit) ? NAME : REST
})
const LONGEST_PLAIN = 64
const SHORTEST_TOKEN = 12
// Where a UUID has its dashes; what has one elsewhere may be a prefix and its token.
const DASHES: ReadonlySet<number> = new Set([8, 13, 18, 23])

/**
 * What no secret looks like, told without a scan: UUIDs and ids in hexadecimal, each of them new, and
 * short names.
 */
export function isPlain(text: string): boolean {
  const { length } = text
  if (length > LONGEST_PLAIN) return false
  let kinds = 0
  for (let at = 0; at < length; at++) {
    const kind = KINDS[text.charCodeAt(at)] ?? REST
    kinds |= kind === DASH && !DASHES.has(at) ? NAME : kind
  }
  return kinds < NAME || (kinds < REST && length < SHORTEST_TOKEN)
}

/** A secret may reach over the dot between server and tool: then neither is told by itself. */
function namesIn(
  draft: DraftRecord,
  { resource, server: named }: CleanTexts = {},
): Partial<Pick<AuditRecord, 'server' | 'tool'>> {
  if (resource === undefined) return {}
  const server = named ?? draft.server
  if (server === null || draft.tool === draft.resource) return { tool: resource }
  const isApart = resource.startsWith(`${server}.`)
  return isApart ? { tool: resource.slice(server.length + 1) } : { server: null, tool: resource }
}

/** Only what has changed. */
function cleanTexts(draft: DraftRecord, clean: CleanText): CleanTexts | undefined {
  let changes: CleanTexts | undefined
  for (const field of TEXTS) {
    const text = draft[field]
    // Its own id is ours, and is the trace of what names none.
    if (text === null || text === draft.id) continue
    const now = clean(text, MOST[field] ?? LONGEST_ID)
    if (now !== text) changes = { ...changes, [field]: now }
  }
  return changes
}

function createRuleCleaner(name: (text: string) => string): <T extends RuleRef>(rule: T) => T {
  // Rules are objects of the policy, the same in every record.
  const known = new WeakSet<RuleRef>()
  return (rule) => {
    if (known.has(rule)) return rule
    // Gates of a host may be written without types.
    const role = name(String(rule.role))
    const title = rule.name === null ? null : name(String(rule.name))
    if (role !== rule.role || title !== rule.name)
      return Object.freeze({ ...rule, role, name: title })
    known.add(rule)
    return rule
  }
}

/** A message is read, not joined on. */
function cleanFinding(finding: Finding): Finding {
  const [rule, message] = [withoutSecrets(finding.rule), withoutSecrets(finding.message)]
  const isClean = rule === finding.rule && message === finding.message
  return isClean ? finding : Object.freeze({ ...finding, rule, message })
}

/** The same list where no member has changed: then nothing is allocated. */
function mapped<T>(list: readonly T[], change: (one: T) => T): readonly T[] {
  const first = list.findIndex((one) => change(one) !== one)
  return first < 0 ? list : Object.freeze(list.map(change))
}

type Lists = Pick<
  AuditRecord,
  'act_chain' | 'rule' | 'evaluated_rules' | 'findings' | 'obligations'
>

function isSame(draft: DraftRecord, lists: Lists): boolean {
  return (
    lists.act_chain === draft.act_chain &&
    lists.rule === draft.rule &&
    lists.evaluated_rules === draft.evaluated_rules &&
    lists.findings === draft.findings &&
    lists.obligations === draft.obligations
  )
}
