import { describe, expect, it } from 'vitest'
import type { AuditRecord } from '../../../core/model/audit-record.ts'
import type { CallRequest } from '../../../core/model/call.ts'
import type { JsonObject } from '../../../core/model/json.ts'
import type { PolicyDocument } from '../../../core/policy/document.ts'
import { isFlip } from './judge-records.ts'
import { answersOf, judged, policyOf, recordsOf } from './records.fixture.ts'

const DOCUMENT: PolicyDocument = {
  servers: ['db', 'mail', 'crm'],
  tools: [
    { name: 'db.query', server: 'db', tags: ['sql'] },
    { name: 'db.drop', server: 'db' },
    { name: 'db.rows', server: 'db', scope: 'data' },
    { name: 'db.report', server: 'db' },
    { name: 'mail.send', server: 'mail' },
    { name: 'mail.read', server: 'mail' },
    { name: 'crm.note', server: 'crm' },
    { name: 'crm.staff', server: 'crm' },
  ],
  roles: [
    {
      name: 'worker',
      rules: [
        {
          resources: ['db.query'],
          verbs: ['invoke'],
          constraints: { one_of: { field: 'table', allow: ['orders'] } },
        },
        { resources: ['db.*'], verbs: ['discover'] },
        { effect: 'deny', resources: ['db.drop'], verbs: ['invoke'] },
        { effect: 'escalate', resources: ['mail.send'], verbs: ['invoke'] },
        {
          effect: 'compute',
          resources: ['db.report'],
          verbs: ['invoke'],
          compute: { set: { mode: 'ro' } },
        },
        { resources: ['mail.read', 'crm.note', 'db.rows'], verbs: ['invoke'] },
      ],
    },
    { name: 'staff', rules: [{ resources: ['crm.staff'], verbs: ['invoke'] }] },
  ],
  bindings: [
    { agent: 'bot', roles: ['worker'], scopes: ['*'] },
    { agent: 'narrow', roles: ['worker'], scopes: ['other'] },
    { agent: 'late', roles: ['worker'], expires_at: '2026-01-01T00:00:00Z' },
    { group: 'hr', roles: ['staff'] },
  ],
  blocklist: { tools: ['crm.blocked'], domains: ['evil.example'], users: ['mallory'] },
}
const POLICY = policyOf(DOCUMENT)

function ask(
  resource: string,
  args: JsonObject = {},
  more: Partial<CallRequest> = {},
): CallRequest {
  return { session: 's', subject: { agent: 'bot' }, resource, arguments: args, ...more }
}
const asAgent = (agent: string, more: object = {}): Partial<CallRequest> => ({
  subject: { agent, ...more },
})

async function answerTo(
  call: CallRequest,
  document: PolicyDocument = DOCUMENT,
  change: (record: AuditRecord) => AuditRecord = (record) => record,
) {
  const policy = policyOf(document)
  const records = await recordsOf({ policy }, [call])
  const judgements = await judged(records.map(change), policy)
  expect(judgements).toHaveLength(1)
  return { word: judgements[0]?.was, answer: answersOf(judgements)[0], now: judgements[0]?.now }
}

describe('a recorded decision derived anew', () => {
  it.each<[string, CallRequest, string, string]>([
    ['an allow', ask('crm.note', { text: 'hello' }), 'allow allowed', 'same'],
    ['an allow by a constraint', ask('db.query', { table: 'orders' }), 'allow allowed', 'same'],
    ['a violation', ask('db.query', { table: 'pay' }), 'deny constraint_violation', 'same'],
    ['a value that is missing', ask('db.query'), 'deny constraint_unverifiable', 'same'],
    ['a rewritten call', ask('db.report', { mode: 'rw' }), 'compute allowed', 'same'],
    ['a deny rule', ask('db.drop'), 'deny explicit_deny', 'same'],
    ['a weaker verb', ask('db.other'), 'deny no_matching_rule', 'same'],
    ['an expired binding', ask('crm.note', {}, asAgent('late')), 'deny no_binding', 'subject'],
    [
      'a blocked user',
      ask('crm.note', {}, asAgent('bot', { user: 'mallory' })),
      'deny blocklisted',
      'same',
    ],
    [
      'a blocked domain',
      ask('crm.note', { to: 'https://evil.example/x' }),
      'deny blocklisted',
      'same',
    ],
    [
      'a secret',
      ask('crm.note', { text: 'sk-live-9aF3kQ8zLm2Xw7Rt5Yp1' }),
      'deny secret_detected',
      'arguments_redacted',
    ],
    ['nobody to ask', ask('mail.send', { to: 'a' }), 'deny approval_required', 'approval'],
    [
      'a caller that is not named',
      { ...ask('crm.note'), subject: { agent: '' } },
      'deny no_principal',
      'identity',
    ],
    ['a malformed name', ask('crm..note'), 'deny malformed_request', 'identity'],
    [
      'a group that is not recorded',
      ask('crm.staff', {}, asAgent('bot', { groups: ['hr'] })),
      'allow allowed',
      'subject',
    ],
    [
      'scopes that are not recorded',
      ask('db.rows', {}, asAgent('bot', { scopes: ['x'] })),
      'deny scope_mismatch',
      'subject',
    ],
  ])('answers for %s', async (_what, call, word, answer) => {
    const said = await answerTo(call)
    expect([`${said.word?.effect} ${said.word?.reason}`, said.answer]).toEqual([word, answer])
  })

  it.each<[string, CallRequest, string]>([
    ['decides by rules without constraints', ask('crm.note', { text: 'x' }), 'same'],
    ['decides by a deny rule', ask('db.drop', { really: true }), 'same'],
    ['asks a constraint', ask('db.query', { table: 'orders' }), 'arguments_not_recorded'],
    ['rewrites', ask('db.report', { limit: 99 }), 'arguments_not_recorded'],
    [
      'found a domain in the arguments',
      ask('crm.note', { to: 'evil.example' }),
      'arguments_not_recorded',
    ],
    ['asks a constraint of no arguments', ask('db.query'), 'same'],
  ])('without recorded arguments answers where the policy %s', async (_what, call, answer) => {
    expect((await answerTo(call, { ...DOCUMENT, redaction: { enabled: false } })).answer).toBe(
      answer,
    )
  })

  it('takes time and expiry from the record, not from today', async () => {
    const document = {
      ...DOCUMENT,
      bindings: DOCUMENT.bindings?.filter(({ group }) => !group) ?? [],
    }
    const policy = policyOf(document)
    const clock = { now: () => Date.UTC(2025, 11, 31) }
    const records = await recordsOf({ policy, clock }, [ask('crm.note', {}, asAgent('late'))])
    const late = records.map((record) => ({ ...record, ts: '2026-02-01T00:00:00.000Z' }))
    expect([
      answersOf(await judged(records, policy)),
      answersOf(await judged(late, policy)),
    ]).toEqual([['same'], ['differs']])
  })

  it('takes what a person approved as approved', async () => {
    const approvals = { ask: () => ({ outcome: 'approved' as const, by: 'ana' }) }
    const records = await recordsOf({ policy: POLICY, approvals }, [ask('mail.send', { to: 'a' })])
    const [judgement] = await judged(records, POLICY)
    expect([judgement?.was.effect, judgement?.answer]).toEqual(['allow', 'same'])
    const invented = records.map((record) => ({ ...record, approval_id: 'apr_invented' }))
    const elsewhere = records.filter(({ kind }) => kind !== 'approval')
    const ofAnother = records.map((record) =>
      record.kind === 'approval' ? { ...record, agent: 'narrow' } : record,
    )
    for (const trail of [elsewhere, ofAnother, invented.filter(({ kind }) => kind !== 'approval')])
      expect(answersOf(await judged(trail, POLICY))).toEqual(['approval'])
    const unapproved = records.map((record) => ({ ...record, approval_id: null }))
    expect((await judged(unapproved, POLICY))[0]).toMatchObject({
      answer: 'differs',
      now: { effect: 'escalate', reason: 'approval_required' },
    })
  })

  it.each<[string, JsonObject, number, string]>([
    ['rate_limit', { limits: { base: { mcp: 1 }, burst_multiplier: 1 } }, 3, 'rate_limit'],
    [
      'session',
      { behavior: { risk: { warn_at: 1, pause_at: 2, terminate_at: 3 } } },
      12,
      'session',
    ],
  ])('cannot tell what only the moment knew: %s', async (_what, more, count, because) => {
    const policy = policyOf({ ...DOCUMENT, ...more })
    const calls = Array.from({ length: count * 10 }, () => ask('crm.note', { text: 'again' }))
    const answers = answersOf(await judged(await recordsOf({ policy }, calls), policy))
    expect([answers[0], answers.at(-1), answers.includes('differs')]).toEqual([
      'same',
      because,
      false,
    ])
  })

  it('cannot tell what a gate of the host decided', async () => {
    const gates = [
      { name: 'own', check: () => ({ kind: 'deny', reason: 'explicit_deny' }) as const },
    ]
    const records = await recordsOf({ policy: POLICY, gates }, [ask('crm.note')])
    expect(answersOf(await judged(records, POLICY))).toEqual(['host_gate'])
  })
})

describe('a record that was changed', () => {
  const allowed = ask('crm.note', { text: 'hello' })
  const denied = ask('db.query', { table: 'pay' })
  it.each<[string, CallRequest, Partial<AuditRecord>]>([
    ['a denial made an allow', denied, { effect: 'allow', reason: 'allowed', constraint: null }],
    ['an allow made a denial', allowed, { effect: 'deny', reason: 'no_matching_rule', rule: null }],
    ['another rule', allowed, { rule: { role: 'worker', name: null, index: 0 } }],
    ['another reason', denied, { reason: 'no_binding' }],
    ['another constraint', denied, { constraint: 'range' }],
    ['another agent', allowed, { agent: 'narrow' }],
    ['another tool', allowed, { resource: 'db.drop', server: 'db', tool: 'drop' }],
    ['another verb', allowed, { verb: 'admin' }],
    [
      'a denial by a limit that RBAC comes before',
      denied,
      { gate: 'rate_limit', reason: 'rate_limited' },
    ],
    [
      'an approval beside a denial',
      denied,
      { effect: 'allow', reason: 'allowed', constraint: null, rule: null, approval_id: null },
    ],
  ])('is told: %s', async (_what, call, change) => {
    expect((await answerTo(call, DOCUMENT, (record) => ({ ...record, ...change }))).answer).toBe(
      'differs',
    )
  })

  it('is told where its arguments were replaced without their hash', async () => {
    const replaced = { arguments: { table: 'orders' }, effect: 'allow', reason: 'allowed' } as const
    const said = await answerTo(denied, DOCUMENT, (record) => ({ ...record, ...replaced }))
    expect(said.answer).toBe('arguments_redacted')
  })
})

describe('another policy', () => {
  const calls = [
    ask('crm.note', { text: 'a' }),
    ask('mail.read'),
    ask('db.query', { table: 'orders' }),
    ask('db.query', { table: 'pay' }),
    ask('mail.send'),
  ]

  it('flips exactly the calls that the removed rule allowed', async () => {
    const roles = (DOCUMENT.roles ?? []).map((role) => ({
      ...role,
      rules: (role.rules ?? []).filter(({ constraints }) => constraints === undefined),
    }))
    const records = await recordsOf({ policy: POLICY }, calls)
    const judgements = await judged(records, policyOf({ ...DOCUMENT, roles }))
    expect(
      judgements
        .filter(isFlip)
        .map(({ was, now }) => [was.effect, was.reason, now.effect, now.reason]),
    ).toEqual([
      ['allow', 'allowed', 'deny', 'verb_insufficient'],
      ['deny', 'constraint_violation', 'deny', 'verb_insufficient'],
    ])
  })

  it('is no flip where another rule says the same', async () => {
    const roles = (DOCUMENT.roles ?? []).map((role) => ({ ...role, name: `new-${role.name}` }))
    const bindings = (DOCUMENT.bindings ?? []).map((binding) => ({
      ...binding,
      roles: binding.roles.map((role) => `new-${role}`),
    }))
    const records = await recordsOf({ policy: POLICY }, calls)
    const judgements = await judged(records, policyOf({ ...DOCUMENT, roles, bindings }))
    expect([
      judgements.some(({ answer }) => answer === 'differs'),
      judgements.some(isFlip),
    ]).toEqual([true, false])
  })
})
