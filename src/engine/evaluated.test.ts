import { describe, expect, it } from 'vitest'
import { memorySink } from '../audit/memory.ts'
import type { AuditRecord, Evaluated } from '../core/model/audit-record.ts'
import type { CallRequest } from '../core/model/call.ts'
import { compilePolicy } from '../core/policy/parse.ts'
import { createPolicyEngine } from './create-policy-engine.ts'
import type { EngineOptions } from './options.ts'

const CALL: CallRequest = {
  session: 's',
  subject: { agent: 'bot' },
  resource: 'db.read',
  scope: 'crm',
  arguments: { table: 'customers' },
}
const allow = { resources: ['db.*'], verbs: ['invoke' as const] }
const onOrders = { one_of: { field: 'table', allow: ['orders'] } }

/** The records of one call under rules of the role `r`, which is bound in the scope `crm`. */
async function recordsOf(
  rules: readonly object[],
  more: object = {},
  options: Partial<EngineOptions> = {},
): Promise<readonly AuditRecord[]> {
  const sink = memorySink()
  const policy = compilePolicy({
    roles: [
      { name: 'r', rules },
      { name: 'away', rules: [allow] },
    ],
    bindings: [
      { agent: 'bot', roles: ['r'], scopes: ['crm'] },
      { agent: 'bot', roles: ['away'], scopes: ['hr'] },
    ],
    ...more,
  } as Parameters<typeof compilePolicy>[0]) // written as a policy file has it
  const engine = createPolicyEngine({ policy, audit: [sink], ...options })
  await engine.guard(CALL, () => 1).catch(() => undefined)
  await engine.close()
  return sink.records().filter(({ kind }) => kind === 'decision' || kind === 'outcome')
}

const said = (evaluated: readonly Evaluated[] = []): readonly string[] =>
  evaluated.map((one) => {
    if ('left_out' in one) return `and ${one.left_out} more`
    const what = 'gate' in one ? one.gate : `${one.role}/${one.index}`
    return `${what} ${one.outcome}${'constraint' in one ? ` ${one.constraint}` : ''}`
  })
const rulesSaid = async (rules: readonly object[], more?: object) =>
  said((await recordsOf(rules, more))[0]?.evaluated_rules).filter((text) => text.includes('/'))

describe('what a decision record says was evaluated', () => {
  it('is every gate in the order of the line, then every rule that names the resource', async () => {
    const [intent, outcome] = await recordsOf([allow])
    expect(said(intent?.evaluated_rules)).toEqual([
      'identity passed',
      'session passed',
      'rbac passed',
      'secrets passed',
      'blocklist disabled',
      'rate_limit disabled',
      'hooks disabled',
      'behavior passed',
      'r/0 granted',
      'away/0 out_of_scope',
    ])
    expect(outcome?.evaluated_rules).toEqual([])
  })

  it('says which gates a denial kept from running, and which had nothing to do', async () => {
    const more = { limits: { base: { mcp: 5 } }, secrets: { enabled: false } }
    const [denied] = await recordsOf([{ ...allow, effect: 'deny' }], more)
    expect(said(denied?.evaluated_rules).slice(0, 8)).toEqual([
      'identity passed',
      'session passed',
      'rbac denied',
      'secrets disabled',
      'blocklist disabled',
      'rate_limit not_reached',
      'hooks disabled',
      'behavior not_reached',
    ])
    expect(denied?.gates).toEqual(['session', 'rbac'])
  })

  it('tells gates that asked, rewrote and failed apart, whoever decided', async () => {
    const gates: EngineOptions['gates'] = [
      { name: 'trims', check: () => ({ kind: 'compute', arguments: { table: 'orders' } }) },
      { name: 'asks', check: () => ({ kind: 'escalate', reason: 'approval_required' }) },
      {
        name: 'breaks',
        check() {
          throw new Error('broken')
        },
      },
    ]
    const [record] = await recordsOf([allow], {}, { gates, onDiagnostic: () => undefined })
    expect(said(record?.evaluated_rules).slice(7, 11)).toEqual([
      'trims rewrote',
      'asks asked',
      'breaks failed',
      'behavior not_reached',
    ])
  })

  it('names the gate `identity` where nobody is known to call', async () => {
    const sink = memorySink()
    const engine = createPolicyEngine({ policy: compilePolicy({}), audit: [sink] })
    const { subject: _nobody, ...call } = CALL
    await engine.begin(call)
    expect(said(sink.records()[0]?.evaluated_rules).slice(0, 3)).toEqual([
      'identity denied',
      'session not_reached',
      'rbac not_reached',
    ])
  })

  it.each([
    ['a deny ends it', [{ ...allow, effect: 'deny' }, allow], ['r/0 denied', 'r/1 not_reached']],
    [
      'a deny whose constraint rules it out does not',
      [{ ...allow, effect: 'deny', constraints: onOrders }, allow],
      ['r/0 failed one_of', 'r/1 granted'],
    ],
    ['a constraint is not met', [{ ...allow, constraints: onOrders }], ['r/0 failed one_of']],
    [
      'a condition does not hold',
      [allow, { ...allow, effect: 'escalate', when: { team: ['ops'] } }],
      ['r/0 granted', 'r/1 condition_unmet'],
    ],
    ['a verb is another', [{ ...allow, verbs: ['discover'] }], ['r/0 wrong_verb']],
    [
      'a person is asked, and arguments are rewritten',
      [
        allow,
        { ...allow, effect: 'escalate' },
        { ...allow, effect: 'compute', compute: { limit_rows: 5 } },
      ],
      ['r/0 granted', 'r/1 asked', 'r/2 rewrote'],
    ],
    [
      'the answer stands without what has a condition',
      [allow, { ...allow, constraints: onOrders }],
      ['r/0 granted', 'r/1 not_reached'],
    ],
  ])('tells that %s', async (_what, rules, wanted) => {
    const heard = await rulesSaid(rules)
    expect(heard.filter((text) => text.startsWith('r/'))).toEqual(wanted)
  })

  it('says that a tool is not listed, and that a rule restricts what nobody grants', async () => {
    const more = { tools: [{ name: 'db.write', server: 'db' }] }
    const rules = [{ ...allow }, { ...allow, effect: 'escalate' }]
    expect(await rulesSaid(rules, more)).toEqual([
      'r/0 not_listed',
      'r/1 no_grant',
      'away/0 out_of_scope',
    ])
  })

  it('has at most 32 entries, the last of which says how many were left out', async () => {
    const [record] = await recordsOf(Array.from({ length: 40 }, () => allow))
    expect(record?.evaluated_rules).toHaveLength(32)
    // Eight gates and 41 rules, of which 31 are told.
    expect(said(record?.evaluated_rules).at(-1)).toBe('and 18 more')
  })

  it('lists the rules in every scope that nobody is bound in', async () => {
    const sink = memorySink()
    const policy = compilePolicy({
      roles: [{ name: 'r', rules: [allow, { ...allow, effect: 'deny' }] }],
      bindings: [{ agent: 'bot', roles: ['r'], scopes: ['crm'] }],
    })
    const engine = createPolicyEngine({ policy, audit: [sink] })
    for (const more of [{ scope: 'hr' }, { subject: { agent: 'bot', scopes: ['hr'] } }])
      await engine.begin({ ...CALL, ...more })
    for (const { reason, evaluated_rules } of sink.records())
      expect([reason, ...said(evaluated_rules).slice(8)]).toEqual([
        'scope_mismatch',
        'r/1 not_reached',
        'r/0 out_of_scope',
      ])
  })
})

describe('what a conditional allow demands', () => {
  it('is demanded beside an allow that needs no condition', async () => {
    const obligations = { redact: ['pii'] }
    const constraints = { one_of: { field: 'table', allow: ['customers'] } }
    const [record] = await recordsOf([allow, { ...allow, constraints, obligations }])
    expect(record?.obligations).toEqual([{ kind: 'redact', classes: ['pii'] }])
  })
})
