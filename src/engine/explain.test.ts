import { describe, expect, it } from 'vitest'
import type { CallRequest } from '../core/model/call.ts'
import type { PolicyDocument } from '../core/policy/document.ts'
import { compilePolicy } from '../core/policy/parse.ts'
import { createPolicyEngine } from './create-policy-engine.ts'

const DOCUMENT = {
  tools: [
    { name: 'db.read', server: 'db', scope: 'support' },
    { name: 'db.admin', server: 'db', scope: 'support', tier: 'admin' },
    { name: 'crm.lookup', server: 'crm', scope: 'sales' },
  ],
  roles: [
    {
      name: 'reader',
      rules: [
        {
          name: 'orders only',
          resources: ['db.read'],
          verbs: ['invoke'],
          constraints: { one_of: { field: 'table', allow: ['orders'] } },
        },
        { resources: ['db.list'], verbs: ['discover'] },
        { resources: ['db.admin'], verbs: ['admin'] },
        { effect: 'deny', name: 'no payroll', resources: ['db.payroll'], verbs: ['invoke'] },
      ],
    },
    {
      name: 'wide',
      rules: [
        { resources: ['crm.*', 'db.*', 'mail.*'], verbs: ['invoke'] },
        { resources: ['x'], verbs: ['invoke'] },
      ],
    },
    { name: 'crm-user', rules: [{ resources: ['crm.lookup'], verbs: ['invoke'] }] },
  ],
  bindings: [{ agent: 'bot', roles: ['reader'], scopes: ['support'] }],
  unlisted: 'allow',
} satisfies PolicyDocument

const call = (resource: string, rest: Partial<CallRequest> = {}): CallRequest => ({
  session: 's',
  subject: { agent: 'bot' },
  resource,
  scope: 'support',
  arguments: {},
  ...rest,
})
const explain = (request: CallRequest, document: PolicyDocument = DOCUMENT) =>
  createPolicyEngine({ policy: compilePolicy(document) }).explain(request)

/** Applies the patches a remedy may hold: additions at the end of a list. */
function patched(
  document: PolicyDocument,
  patch: readonly { path: string; value: unknown }[],
): PolicyDocument {
  const copy = JSON.parse(JSON.stringify(document)) as PolicyDocument
  for (const { path, value } of patch) {
    const steps = path.split('/').slice(1, -1)
    const list = steps.reduce<unknown>((at, step) => {
      const holder = at as Record<string, unknown>
      holder[step] ??= []
      return holder[step]
    }, copy)
    ;(list as unknown[]).push(value)
  }
  return copy
}

describe('explain', () => {
  it.each<[string, CallRequest, string, string]>([
    [
      'no binding',
      call('crm.lookup', { subject: { agent: 'rogue' } }),
      'no_binding',
      'bind role `crm-user` to agent `rogue` in scope `sales`',
    ],
    [
      'another scope',
      call('crm.lookup'),
      'scope_mismatch',
      'bind role `crm-user` to agent `bot` in scope `sales`',
    ],
    ['a scope alone', call('db.read', { arguments: { table: 'orders' } }), 'allowed', ''],
    [
      'a weaker verb',
      call('db.list'),
      'verb_insufficient',
      'add verb `invoke` to rule 1 of role `reader`',
    ],
    [
      'no rule, but a role has one',
      call('mail.send'),
      'no_matching_rule',
      'bind role `wide` to agent `bot` in scope `support`',
    ],
    [
      'no rule at all',
      call('fs.read'),
      'no_matching_rule',
      'add a rule for `fs.read` to role `reader`',
    ],
  ])(
    'names the smallest change for %s, and that change allows the call',
    async (_name, request, reason, operator) => {
      const { decision, remedy } = await explain(request)
      expect([decision.reason, remedy?.operator ?? '']).toEqual([reason, operator])
      if (remedy === undefined) return
      const again = await explain(request, patched(DOCUMENT, remedy.patch ?? []))
      expect(again.decision.effect).toBe('allow')
    },
  )

  it.each(['db.list'])(
    'lists %s in the catalogue that keeps a rule from it, and that change allows the call',
    async (name) => {
      const document: PolicyDocument = {
        tools: [{ name: 'db.read', server: 'db', scope: 'support' }],
        roles: [{ name: 'reader', rules: [{ resources: [name], verbs: ['invoke'] }] }],
        bindings: [{ agent: 'bot', roles: ['reader'] }],
      }
      const { decision, remedy } = await explain(call(name), document)
      expect([decision.reason, remedy?.operator]).toEqual([
        'no_matching_rule',
        `list \`${name}\` under \`tools\``,
      ])
      const again = await explain(call(name), patched(document, remedy?.patch ?? []))
      expect(again.decision.effect).toBe('allow')
    },
  )

  it('tries a scope on an existing binding before a new binding', async () => {
    const request = call('db.read', { scope: 'other', arguments: { table: 'orders' } })
    const document = { ...DOCUMENT, tools: [] }
    expect((await explain(request, document)).remedy?.operator).toBe(
      'add scope `other` to binding 0',
    )
  })

  it.each<[string, CallRequest, string, string, string]>([
    [
      'a violated constraint',
      call('db.read', { arguments: { table: 'salaries' } }),
      'constraint_violation',
      'widen `one_of` in rule 0 ("orders only") of role `reader`',
      'change the arguments',
    ],
    [
      'a missing argument',
      call('db.read'),
      'constraint_unverifiable',
      'widen `one_of`',
      'change the arguments',
    ],
    [
      'a deny',
      call('db.payroll'),
      'explicit_deny',
      'the deny in rule 3 ("no payroll") of role `reader`',
      'forbidden',
    ],
    [
      'too low a tier',
      call('db.admin'),
      'tier_insufficient',
      "lower the tool's `tier`",
      'needs tier `admin`, the caller has `user`',
    ],
  ])('tells operator and agent apart for %s', async (_name, request, reason, operator, agent) => {
    const { decision, remedy } = await explain(request)
    expect([decision.reason, remedy?.patch]).toEqual([reason, null])
    expect(remedy?.operator).toContain(operator)
    expect(remedy?.agent).toContain(agent)
    expect(remedy?.agent).not.toContain('reader')
  })

  it('lists every rule that names the resource, with what kept it from applying', async () => {
    const document: PolicyDocument = {
      ...DOCUMENT,
      bindings: [{ agent: 'bot', roles: ['reader', 'wide'], scopes: ['support'] }],
    }
    const { considered } = await explain(
      call('db.read', { arguments: { table: 'salaries' } }),
      document,
    )
    expect(considered).toEqual([
      {
        rule: { role: 'reader', name: 'orders only', index: 0 },
        effect: 'allow',
        binding: 0,
        outcome: 'does_not_apply',
        because: 'constraint',
        constraints: [
          { kind: 'one_of', standing: 'outside', detail: expect.stringContaining('table') },
        ],
      },
      {
        rule: { role: 'wide', name: null, index: 0 },
        effect: 'allow',
        binding: 0,
        outcome: 'applies',
        because: null,
        constraints: [],
      },
    ])
  })

  it('never shows the value of an argument', async () => {
    const explanation = await explain(call('db.read', { arguments: { table: 'sk-live-canary' } }))
    expect(JSON.stringify(explanation)).not.toContain('canary')
  })

  it('has no remedy for what is allowed or malformed', async () => {
    expect(
      (await explain(call('db.read', { arguments: { table: 'orders' } }))).remedy,
    ).toBeUndefined()
    expect(await explain(call('db.*'))).toMatchObject({ considered: [] })
  })
})
