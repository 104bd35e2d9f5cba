import { describe, expect, it } from 'vitest'
import type { Subject } from '../model/call.ts'
import { compilePolicy } from '../policy/parse.ts'
import { evaluate } from './rbac.ts'
import type { RbacVerdict } from './rbac-verdict.ts'

const POLICY = compilePolicy({
  servers: [
    { name: 'crm', auth: { required: true, scopes: ['crm.read'], audience: ['crm', 'crm-eu'] } },
    { name: 'pay', tier: 'service', auth: { scopes: ['user'], issuer: 'https://id.test' } },
    { name: 'hr', departments: ['people', 'board'] },
    'open',
  ],
  tools: [
    { name: 'crm.get', server: 'crm' },
    { name: 'pay.send', server: 'pay', tier: 'user', scopes: ['payments'] },
    { name: 'hr.salary', server: 'hr', departments: ['people'] },
    { name: 'hr.holiday', server: 'hr' },
    { name: 'open.any', server: 'open' },
    { name: 'open.admin', server: 'open', scopes: ['hook:govern'] },
  ],
  agents: [{ name: 'declared', scope: 'support' }],
  roles: [{ name: 'all', rules: [{ resources: ['*'], verbs: ['invoke'] }] }],
  bindings: [
    { agent: 'bot', roles: ['all'] },
    { agent: 'declared', roles: ['all'] },
  ],
})

function ask(name: string, subject: Partial<Subject>, scope: string | undefined): RbacVerdict {
  const resource = POLICY.index.resolve(name)
  if ('fault' in resource) throw new Error(resource.fault)
  const query = { verb: 'invoke', resource, scope, arguments: {}, at: 0 } as const
  return evaluate(POLICY, { ...query, subject: { agent: 'bot', ...subject } }, {}) as RbacVerdict
}

const TOKEN = { method: 'jwt', issuer: 'https://id.test', audience: ['crm'] } as const

type Row = readonly [
  what: string,
  tool: string,
  subject: Partial<Subject>,
  scope: string | undefined,
  reason: string,
  detail?: string,
]
const ROWS: readonly Row[] = [
  [
    'an anonymous caller',
    'crm.get',
    { tier: 'anonymous', scopes: ['crm.read'] },
    'crm.read',
    'no_principal',
  ],
  [
    'no scope',
    'crm.get',
    {},
    undefined,
    'scope_mismatch',
    'needs scope `crm.read`, the caller has none',
  ],
  ['the scope', 'crm.get', { scopes: ['crm.read'] }, 'crm.read', 'allowed'],
  ['a token for it', 'crm.get', { scopes: ['crm.read'], proof: TOKEN }, 'crm.read', 'allowed'],
  [
    'a token for others',
    'crm.get',
    { scopes: ['crm.read'], proof: { ...TOKEN, audience: ['x'] } },
    'crm.read',
    'token_invalid',
    'needs audience `crm`, `crm-eu`, the token has `x`',
  ],
  [
    'a token for nobody',
    'crm.get',
    { scopes: ['crm.read'], proof: { method: 'proxy' } },
    'crm.read',
    'token_invalid',
  ],
  [
    'a fixed identity',
    'crm.get',
    { scopes: ['crm.read'], proof: { method: 'fixed' } },
    'crm.read',
    'allowed',
  ],
  [
    'a token of another issuer',
    'pay.send',
    { scopes: ['payments'], proof: { ...TOKEN, issuer: 'x' } },
    'payments',
    'token_invalid',
  ],
  [
    'a lower tier than the tool’s',
    'pay.send',
    { tier: 'service', scopes: ['payments'] },
    'payments',
    'tier_insufficient',
    'needs tier `user`, the caller has `service`',
  ],
  [
    'a lower tier than the server’s',
    'pay.send',
    { tier: 'mcp', scopes: ['payments'] },
    'payments',
    'tier_insufficient',
    'needs tier `service`, the caller has `mcp`',
  ],
  [
    'a tier as a scope, implied',
    'pay.send',
    { tier: 'admin', scopes: ['payments'] },
    'payments',
    'allowed',
  ],
  ['no scope of the tool', 'pay.send', { scopes: ['other'] }, 'other', 'scope_mismatch'],
  [
    'another department',
    'hr.holiday',
    { department: 'sales' },
    undefined,
    'scope_mismatch',
    'needs department `people`, `board`, the caller is of `sales`',
  ],
  ['no department', 'hr.holiday', {}, undefined, 'scope_mismatch'],
  ['a department of the server', 'hr.holiday', { department: 'board' }, undefined, 'allowed'],
  [
    'a department the tool leaves out',
    'hr.salary',
    { department: 'board' },
    undefined,
    'scope_mismatch',
  ],
  ['a department of both', 'hr.salary', { department: 'people' }, undefined, 'allowed'],
  ['nothing where nothing is asked', 'open.any', { tier: 'anonymous' }, undefined, 'allowed'],
  ['a permission of hooks by tier', 'open.admin', { tier: 'mcp' }, undefined, 'allowed'],
  [
    'less than a permission of hooks',
    'open.admin',
    { tier: 'anonymous' },
    undefined,
    'tier_insufficient',
  ],
  [
    'a permission of hooks as a scope',
    'open.admin',
    { tier: 'anonymous', scopes: ['hook:track'] },
    'hook:track',
    'allowed',
  ],
  [
    'an agent whose token lacks its scope',
    'open.any',
    { agent: 'declared', proof: TOKEN },
    undefined,
    'scope_mismatch',
    'the agent declares scope `support`, its token has none',
  ],
  [
    'an agent whose token has its scope',
    'open.any',
    { agent: 'declared', scopes: ['support'], proof: TOKEN },
    'support',
    'allowed',
  ],
  ['an agent that the host vouches for', 'open.any', { agent: 'declared' }, undefined, 'allowed'],
]

describe('what a tool and its server ask of callers', () => {
  it.each(ROWS.map((row) => [row[0], row[1], row] as const))(
    '%s on %s',
    (_what, _on, [, tool, subject, scope, reason, detail]) => {
      const verdict = ask(tool, subject, scope)
      expect(verdict.reason).toBe(reason)
      if (detail !== undefined) expect(verdict.detail).toContain(detail)
    },
  )
})

describe('entities', () => {
  const policy = compilePolicy({
    roles: [
      { name: 'reader', rules: [{ resources: ['db.read'], verbs: ['invoke'] }] },
      { name: 'none', rules: [{ effect: 'deny', resources: ['db.drop'], verbs: ['invoke'] }] },
    ],
    bindings: [{ agent: 'bot', roles: ['reader', 'none'] }],
    entities: [
      { for: 'user:ana', effect: 'deny', on: ['server:db'] },
      { for: 'group:ops', effect: 'allow', on: ['db.write', 'db.drop'] },
      { for: 'agent:helper', effect: 'allow', on: ['wiki.*'] },
    ],
  })
  const ask = (
    name: string,
    subject: Subject,
    verb: 'invoke' | 'discover' | 'admin' = 'invoke',
  ) => {
    const resource = policy.index.resolve(name)
    if ('fault' in resource) throw new Error(resource.fault)
    const query = { verb, resource, scope: undefined, arguments: {}, at: 0, subject }
    return evaluate(policy, query, {}) as RbacVerdict
  }

  it.each<[string, string, Subject, string]>([
    ['deny what a role allows', 'db.read', { agent: 'bot', user: 'ana' }, 'explicit_deny'],
    ['leave others alone', 'db.read', { agent: 'bot', user: 'ben' }, 'allowed'],
    ['allow members of a group', 'db.write', { agent: 'bot', groups: ['ops'] }, 'allowed'],
    [
      'allow nothing that a role denies',
      'db.drop',
      { agent: 'bot', groups: ['ops'] },
      'explicit_deny',
    ],
    ['bind an agent that has no other binding', 'wiki.get', { agent: 'helper' }, 'allowed'],
    ['and give it nothing else', 'db.read', { agent: 'helper' }, 'no_matching_rule'],
  ])('%s', (_what, tool, subject, reason) => {
    expect(ask(tool, subject).reason).toBe(reason)
  })

  it('hide what they deny, and say which entry decided', () => {
    const verdict = ask('db.read', { agent: 'bot', user: 'ana' }, 'discover')
    expect(verdict).toMatchObject({
      effect: 'deny',
      rule: { role: 'entities[0]', name: null, index: 0 },
    })
  })

  it('allow calling, and not administration', () => {
    const verdict = ask('wiki.get', { agent: 'helper' }, 'admin')
    expect(verdict.reason).toBe('verb_insufficient')
  })

  it('are not to be taken for roles of that name', () => {
    expect(() =>
      compilePolicy({ roles: [{ name: 'entities[0]', rules: [] }], bindings: [] }),
    ).toThrow(/entities/)
  })
})
