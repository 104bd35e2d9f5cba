import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SECRET_FORMATS } from '../core/detection/secrets/detectors.ts'
import { sampleOf } from '../core/detection/secrets/sample.fixture.ts'
import type { AuditRecord } from '../core/model/audit-record.ts'
import { KEYED } from '../core/redaction/keyed.fixture.ts'
import { hasSecret } from '../core/redaction/without-secrets.ts'
import { createRecordCleaner, isPlain } from './clean-record.ts'
import { type DraftRecord, eventRecord } from './record.ts'

const clean = createRecordCleaner(KEYED)
const TOKEN = sampleOf('ghp_{alnum:36}')
const GLUED = [
  'ghp_{alnum:36}',
  'npm_{alnum:36}',
  'sk_live_{alnum:24}',
  'eyJhbGciOiJIUzI1NiJ9.{alnum:100}.{alnum:43}',
].map(sampleOf)
const STAND_IN = /^\[github_personal_token#[a-p]{12}\]$/

function draft(fields: Partial<AuditRecord>): DraftRecord {
  return eventRecord({ id: 'call-1', kind: 'decision', status: 'pending', ...fields }, 0)
}

/** Ids as people and machines make them. */
const HONEST: readonly (readonly [string, fc.Arbitrary<string>])[] = [
  ['UUIDs', fc.uuid()],
  ['UUIDs in capitals', fc.uuid().map((id) => id.toUpperCase())],
  ...[16, 32, 40, 64].map((length) => [`${length} hexadecimal digits`, hex(length)] as const),
  ['ULIDs', fc.ulid()],
  ['ids of sessions', alnum(24).map((text) => `sess_${text}`)],
  ['ids of tool calls', alnum(24).map((text) => `call_${text}`)],
  ['ids of tool uses', alnum(24).map((text) => `toolu_${text}`)],
  ['ids of requests', fc.nat().map((number) => `req-${number}`)],
  [
    'parents of W3C traces',
    fc.tuple(hex(32), hex(16)).map(([trace, span]) => `00-${trace}-${span}-01`),
  ],
  ['mailboxes', fc.tuple(alnum(8), alnum(6)).map(([user, host]) => `${user}@${host}.test`)],
  ['names of tools', fc.stringMatching(/^[a-z]{2,12}\.[a-z]{2,12}(_[a-z]{2,12}){0,2}$/)],
]

function hex(length: number): fc.Arbitrary<string> {
  return fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`))
}

function alnum(length: number): fc.Arbitrary<string> {
  return fc.stringMatching(new RegExp(`^[A-Za-z0-9]{${length}}$`))
}

describe('a record without secrets', () => {
  it('stays the same object', () => {
    const record = draft({ agent: 'bot', resource: 'db.read', act_chain: ['ana', 'bot'] })
    expect(clean(record)).toBe(record)
  })

  it.each(HONEST)('keeps %s as they are', (_what, ids) => {
    fc.assert(
      fc.property(ids, (id) => {
        const record = draft({ trace_id: id, session_id: id, user_id: id, tool_call_id: id })
        expect(clean(record)).toBe(record)
      }),
      { numRuns: 500 },
    )
  })

  it('is only cut: names of resources at 2,048 characters, ids at 256', () => {
    const { resource, request_id } = clean(
      draft({ resource: 'a '.repeat(2_000), request_id: 'a '.repeat(200) }),
    )
    expect([resource?.length, request_id?.length]).toEqual([2_048, 256])
  })
})

describe('a record with a secret', () => {
  it.each([
    ...['trace_id', 'session_id', 'context_id', 'client_id', 'task_id', 'request_id'],
    ...['tool_call_id', 'request_method', 'request_source', 'parent_id', 'user_id', 'agent'],
    ...['tenant', 'team', 'department', 'server', 'tool', 'scope', 'constraint', 'approval_id'],
    ...['error', 'model', 'gate'],
  ] as const)('has what stands for it as its %s', (field) => {
    const record = clean(draft({ [field]: TOKEN }))
    expect(record[field]).toMatch(STAND_IN)
    // The same wherever it stands, so that records can be joined.
    expect(clean(draft({ session_id: TOKEN, tenant: 'acme' })).session_id).toBe(record[field])
  })

  it.each(
    ['-', '_', '.', ':', '/'].flatMap((glue) => [`s${glue}`, `srv${glue}a${glue}`, `x-y${glue}`]),
  )('has nothing of one that is glued to `%s`', (before) => {
    fc.assert(
      fc.property(fc.constantFrom(...GLUED), (token) => {
        const name = before + token
        const record = clean(draft({ session_id: name, server: name, scope: name }))
        expect(JSON.stringify(record)).not.toContain(token)
        expect(clean(record)).toEqual(record)
      }),
    )
  })

  it('keeps what is glued before one, and replaces several', () => {
    const { session_id } = clean(draft({ session_id: `srv-${TOKEN}/db-${TOKEN}` }))
    expect(session_id).toMatch(
      /^srv-\[github_personal_token#[a-p]{12}\]\/db-\[github_personal_token#[a-p]{12}\]$/,
    )
  })

  it('has nothing of many that are glued together', () => {
    const { resource } = clean(draft({ resource: `a-${TOKEN}/`.repeat(20) }))
    expect(resource).not.toContain(TOKEN.slice(4))
  })

  it('has nothing of it in lists and objects either', () => {
    const rule = { role: TOKEN, name: `name ${TOKEN}`, index: 0 }
    const finding = { rule: 'r', severity: 'low', confidence: 1, trigger: 1 } as const
    const { rule: decided, ...record } = clean(
      draft({
        act_chain: [TOKEN, 'bot'],
        rule,
        evaluated_rules: [{ ...rule, outcome: 'granted' }],
        findings: [{ ...finding, message: `no ${TOKEN}`, sources: [], action: 'warn', score: 0 }],
        obligations: [{ kind: 'notify', channel: TOKEN }],
      }),
    )
    expect(JSON.stringify([decided, record])).not.toContain(TOKEN.slice(4, 16))
    expect(decided?.role).toMatch(STAND_IN)
    expect(record.evaluated_rules).toEqual([{ ...decided, outcome: 'granted' }])
    expect(record.findings[0]?.message).toBe('no [github_personal_token]')
  })

  it('has nothing of one that is cut, nor of one that reaches over the dot of a name', () => {
    const token = `eyJhbGciOiJIUzI1NiJ9.${sampleOf('{alnum:40}.{alnum:43}')}`
    const [server = '', ...tool] = token.split('.')
    const record = clean(
      draft({
        request_id: `${'r '.repeat(110)}${token}`,
        resource: token,
        server,
        tool: tool.join('.'),
      }),
    )
    expect(JSON.stringify(record)).not.toContain(token.slice(30, 42))
    expect([record.server, record.tool]).toEqual([null, record.resource])
  })

  it('keeps server and tool apart where only one of them holds it', () => {
    const names = (server: string, tool: string) =>
      clean(draft({ resource: `${server}.${tool}`, server, tool }))
    const first = names(TOKEN, 'read')
    expect(first.server).toMatch(STAND_IN)
    expect(first.tool).toBe('read')
    const second = names('db', TOKEN)
    expect(second.server).toBe('db')
    expect(second.tool).toMatch(STAND_IN)
    expect(second.resource).toBe(`db.${second.tool}`)
  })
})

describe('a text that is told to be plain without a scan', () => {
  it('is of no format of secrets', () => {
    const plain = SECRET_FORMATS.flatMap(([, shapes]) => shapes)
      .map((shape) => sampleOf(shape))
      .filter(isPlain)
    expect(plain).toEqual([])
  })

  it('holds no secret that the scanner would find', () => {
    const units = fc.constantFrom(...'0123456789abcdef-ABCXYZghpxo_./:=@ '.split(''))
    fc.assert(
      fc.property(fc.string({ unit: units, maxLength: 80 }), (text) => {
        expect(isPlain(text) && hasSecret(text)).toBe(false)
      }),
      { numRuns: 5_000 },
    )
  })

  it.each([
    ['7c9e6679-7425-40de-944b-e07fc1f90ae7', true],
    ['0af7651916cd43dd8448eb211c80319c', true],
    ['support-bot', true],
    ['fc-0af7651916cd43dd8448eb211c80319c', false],
    ['deadbeef-fc-0af7651916cd43dd8448eb211c80319c', false],
    ['a://b:cde@f', false],
    ['call_abc123def456', false],
  ])('%s: %s', (text, is) => {
    expect(isPlain(text)).toBe(is)
  })
})
