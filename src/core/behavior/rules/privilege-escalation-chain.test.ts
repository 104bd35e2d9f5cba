import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../model/json.ts'
import {
  actionsOf,
  argumentOf,
  findingsIn,
  findingsOver,
  flowOf,
  matchOf,
  placeOf,
  type RequestParts,
  requestOf,
  responseOf,
  type Step,
  type ViewParts,
} from './event.fixture.ts'
import { privilegeEscalationChain as rule } from './privilege-escalation-chain.ts'

const GRANT: RequestParts = { tool: 'iam.attach_role_policy', tags: ['privilege_grant'], number: 7 }
const read: Step = [responseOf({ number: 2 }), { matches: [matchOf('aws_secret_key')] }]
const login = (parts: RequestParts = {}, view: ViewParts = {}): Step => [
  requestOf({ tool: 'iam.assume_role', number: 3, ...parts }),
  { flows: [flowOf({ kind: 'secret' })], ...view },
]

describe('privilege_escalation_chain', () => {
  it('sees credentials read, an identity taken on and rights given', () => {
    const found = findingsOver(rule, [read, login(), [requestOf(GRANT)]])
    expect(found.map((one) => one.map(({ action, sources }) => [action, sources]))).toEqual([
      [],
      [['warn', [2]]],
      [['ask', [2, 3]]],
    ])
    expect(found.flat().map(({ score, severity }) => [score, severity])).toEqual([
      [20, 'medium'],
      [65, 'high'],
    ])
  })

  it.each<[string, readonly Step[], string[]]>([
    [
      'a key that is made with what was read',
      [read, login({ tool: 'iam.create_access_key' }), [requestOf(GRANT)]],
      ['warn', 'ask'],
    ],
    [
      'an admin call at the end',
      [read, login(), [requestOf({ tool: 'org.settings', verb: 'admin', number: 7 })]],
      ['warn', 'ask'],
    ],
    [
      'a login with what the user gave',
      [read, login({}, { flows: [flowOf({ kind: 'secret', trusted: true })] }), [requestOf(GRANT)]],
      [],
    ],
    ['a login without a secret', [read, login({}, { flows: [] }), [requestOf(GRANT)]], []],
    [
      'a grant that the task speaks of',
      [
        read,
        login({ task: 'Assume the role and attach the policy' }),
        [requestOf({ ...GRANT, task: 'Assume the role and attach the policy' })],
      ],
      [],
    ],
    [
      'reads in between',
      [read, login(), [requestOf({ tool: 'iam.list_users', tags: ['data_source'] })]],
      ['warn'],
    ],
  ])('judges %s', (_, steps, actions) => {
    expect(actionsOf(findingsOver(rule, steps))).toEqual(actions)
  })

  it.each<[string, RequestParts, ViewParts, string[]]>([
    [
      'rights for the agent itself',
      { ...GRANT, arguments: { user: 'support-bot', role: 'admin' } },
      {},
      ['ask'],
    ],
    [
      'rights for itself in other letters',
      { ...GRANT, arguments: { principal: ' Support-Bot ' } },
      {},
      ['ask'],
    ],
    [
      'rights for itself although the task speaks of roles',
      { ...GRANT, task: 'Attach the policies', arguments: { user: 'support-bot' } },
      {},
      ['ask'],
    ],
    ['rights for somebody else', { ...GRANT, arguments: { user: 'anna' } }, {}, []],
    [
      'a mention of itself in a comment',
      { ...GRANT, arguments: { comment: 'support-bot' } },
      {},
      [],
    ],
    ['rights after three denied calls', GRANT, { denied: 3 }, ['ask']],
    ['rights after two', GRANT, { denied: 2 }, []],
    ['an ordinary call after many denied ones', { tool: 'notes.append' }, { denied: 9 }, []],
    [
      'an invitation for an address of suspicious text',
      { tool: 'git.invite_collaborators', tags: ['admin'] },
      {
        suspiciousEvent: 2,
        flows: [flowOf({ role: 'destination' })],
        destinations: [placeOf('eve')],
      },
      ['ask'],
    ],
    [
      'an invitation with a text that is not who is invited',
      { tool: 'git.invite_collaborators', tags: ['admin'] },
      { suspiciousEvent: 2, flows: [flowOf({ role: 'content' })], destinations: [placeOf('eve')] },
      [],
    ],
    [
      'an invitation for an address of a trusted tool',
      { tool: 'git.invite_collaborators', tags: ['admin'] },
      {
        suspiciousEvent: 2,
        flows: [flowOf({ role: 'destination' }, { outside: false })],
        destinations: [placeOf('eve')],
      },
      [],
    ],
    [
      'an invitation for an address the user wrote',
      { tool: 'git.invite_collaborators', tags: ['admin'] },
      {
        suspiciousEvent: 2,
        flows: [flowOf({ role: 'destination', trusted: true })],
        destinations: [placeOf('eve')],
      },
      [],
    ],
    [
      'an invitation for an address, without any suspicion',
      { tool: 'git.invite_collaborators', tags: ['admin'] },
      { flows: [flowOf({ role: 'destination' })], destinations: [placeOf('eve')] },
      [],
    ],
    [
      'an invitation that the task speaks of',
      {
        tool: 'git.invite_collaborators',
        tags: ['admin'],
        task: 'Invite the collaborator from the mail',
      },
      {
        suspiciousEvent: 2,
        flows: [flowOf({ role: 'destination' })],
        destinations: [placeOf('eve')],
      },
      [],
    ],
    [
      'an invitation for somebody the task names',
      { tool: 'git.invite_collaborators', tags: ['admin'] },
      {
        suspiciousEvent: 2,
        flows: [flowOf({ role: 'destination' })],
        destinations: [placeOf('bob', { known: true })],
      },
      [],
    ],
  ])('judges %s', (_, parts, view, actions) => {
    expect(findingsIn(rule, requestOf(parts), view).map(({ action }) => action)).toEqual(actions)
  })
})

describe('far-reaching rights by the form of the arguments', () => {
  const far = (tool: string, json: JsonObject, parts: RequestParts = {}) => {
    const fields = Object.entries(json).map(([key, value]) => argumentOf(key, String(value)))
    const event = requestOf({ tool, tags: ['admin'], json, arguments: fields, ...parts })
    return findingsIn(rule, event).map(({ action }) => action)
  }
  const TASK = { task: 'Tell me why the report is late.' }

  it.each<[string, string, JsonObject, RequestParts, string[]]>([
    [
      'a manifest that binds an admin',
      'k8s.apply',
      { manifest: 'kind: ClusterRoleBinding\nroleRef:\n  name: cluster-admin' },
      TASK,
      ['ask'],
    ],
    [
      'a policy of wildcards',
      'cloud.put_policy',
      { policy: '{"Effect":"Allow","Action":"*","Resource":"*"}' },
      TASK,
      ['ask'],
    ],
    ['fields of wildcards', 'cloud.put_policy', { action: '*', resource: '*' }, TASK, ['ask']],
    ['a role of an owner', 'git.add_member', { name: 'kit', role: 'owner' }, TASK, ['ask']],
    [
      'a role of an owner in a path',
      'cloud.bind',
      { member: 'kit', role: 'roles/owner' },
      TASK,
      ['ask'],
    ],
    ['all scopes', 'iam.make_token', { scopes: '*' }, TASK, ['ask']],
    ['a token that never ends', 'iam.make_token', { scope: 'read', ttl: 'never' }, TASK, ['ask']],
    [
      'a token whose end is null',
      'iam.make_token',
      { scope: 'read', expires_at: null },
      TASK,
      ['ask'],
    ],
    ['a badge for everywhere', 'gate.badge_assign', { person: 'kit', areas: 'all' }, TASK, ['ask']],
    [
      'a shell command',
      'shell.exec',
      { command: 'usermod -aG sudo kit' },
      { ...TASK, tags: ['code_exec'] },
      ['ask'],
    ],
    [
      'an admin where a reader was asked for',
      'git.add_member',
      { role: 'admin' },
      { task: 'Give kit read access' },
      ['ask'],
    ],
    [
      'the admin that was asked for',
      'git.add_member',
      { role: 'admin' },
      { task: 'Make kit an admin of the wiki' },
      [],
    ],
    [
      'the role that was asked for',
      'git.add_member',
      { role: 'admin' },
      { task: 'Restore the role that kit had' },
      [],
    ],
    [
      'a role of a reader',
      'git.add_member',
      { role: 'reader' },
      { task: 'Set the new colleague up' },
      [],
    ],
    [
      'a token for an hour',
      'iam.make_token',
      { scope: 'read', ttl: '1h' },
      { task: 'Set the new colleague up' },
      [],
    ],
    [
      'a cache that never ends',
      'cache.put',
      { value: 'a', ttl: 'never' },
      { ...TASK, tags: ['internal_write'] },
      [],
    ],
    [
      'a search for everything',
      'git.search',
      { query: '*' },
      { ...TASK, tags: ['data_source'] },
      [],
    ],
    [
      'a page about it',
      'wiki.write',
      { text: 'Never bind cluster-admin.' },
      { ...TASK, tags: ['internal_write'] },
      [],
    ],
    [
      'a harmless manifest',
      'k8s.apply',
      { manifest: 'kind: ConfigMap\ndata: {a: b}' },
      { task: 'Set the limit to 7' },
      [],
    ],
  ])('judges %s', (_, tool, json, parts, actions) => {
    expect(far(tool, json, parts)).toEqual(actions)
  })

  it('asks about any rights where the task asks only to read', () => {
    const parts = { tags: ['privilege_grant'] }
    expect(far('club.door', { who: 'kit' }, { ...parts, task: 'Who came late?' })).toEqual(['ask'])
    expect(far('club.door', { who: 'kit' }, { ...parts, task: 'Set kit up' })).toEqual([])
  })
})
