import { describe, expect, it } from 'vitest'
import type { Call, Subject } from '../model/call.ts'
import type { JsonObject } from '../model/json.ts'
import { checkBlocklist, compileBlocklist } from './blocklist.ts'
import { callOf } from './call.fixture.ts'
import { hostsIn } from './hosts-in.ts'

function call(
  name: string,
  {
    args = {},
    server = name.split('.')[0],
    subject = {},
  }: { args?: JsonObject; server?: string | undefined; subject?: Partial<Subject> } = {},
): Call {
  const who = { agent: 'bot', ...subject }
  return callOf({ resource: { name, server }, arguments: args, subject: who })
}

type Row = readonly [what: string, section: JsonObject, call: Call, entry: string | undefined]
const ROWS: readonly Row[] = [
  ['a tool by name', { tools: ['db.drop'] }, call('db.drop'), 'tools: db.drop'],
  ['a tool by glob', { tools: ['db.*'] }, call('db.read'), 'tools: db.*'],
  [
    'a bare name of the server',
    { tools: ['db.drop'] },
    call('drop', { server: 'db' }),
    'tools: db.drop',
  ],
  ['another tool not', { tools: ['db.drop'] }, call('db.dropped'), undefined],
  ['a server', { servers: ['db'] }, call('x', { server: 'db' }), 'servers: db'],
  ['a server by glob', { servers: ['legacy-*'] }, call('legacy-crm.get'), 'servers: legacy-*'],
  ['a user', { users: ['ana'] }, call('a.b', { subject: { user: 'ana' } }), 'users: ana'],
  ['no user where there is none', { users: ['*'] }, call('a.b'), undefined],
  [
    'an agent by glob',
    { agents: ['test-*'] },
    call('a.b', { subject: { agent: 'test-1' } }),
    'agents: test-*',
  ],
  ['a word of the name', { actions: ['drop'] }, call('db.drop_table'), 'actions: drop'],
  ['a word in camel case', { actions: ['drop'] }, call('db.tableDrop'), 'actions: drop'],
  ['no part of a word', { actions: ['drop'] }, call('db.dropbox'), undefined],
  ['a glob over words', { actions: ['delete_*'] }, call('db.delete_all'), undefined],
  ['a glob over one word', { actions: ['del*'] }, call('db.delete_all'), 'actions: del*'],
  [
    'destructive names below admin',
    { destructive_names: true },
    call('db.undeleted'),
    'destructive_names: delete',
  ],
  [
    'destructive names for nobody at admin',
    { destructive_names: true },
    call('db.delete', { subject: { tier: 'admin' } }),
    undefined,
  ],
  [
    'a domain in a link',
    { domains: ['evil.test'] },
    call('web.get', { args: { url: 'https://evil.test/a' } }),
    'domains: evil.test',
  ],
  [
    'a domain in an address',
    { domains: ['evil.test'] },
    call('mail.send', { args: { to: ['Bob <bob@EVIL.test>'] } }),
    'domains: evil.test',
  ],
  [
    'a domain deep inside',
    { domains: ['evil.test'] },
    call('a.b', { args: { x: { y: ['see http://u:p@evil.test:8080'] } } }),
    'domains: evil.test',
  ],
  [
    'what is below, by wildcard',
    { domains: ['*.evil.test'] },
    call('a.b', { args: { u: 'https://a.b.evil.test' } }),
    'domains: *.evil.test',
  ],
  [
    'the name itself not, by wildcard',
    { domains: ['*.evil.test'] },
    call('a.b', { args: { u: 'https://evil.test' } }),
    undefined,
  ],
  [
    'no longer name',
    { domains: ['evil.test'] },
    call('a.b', { args: { u: 'https://notevil.test' } }),
    undefined,
  ],
  [
    'no name below without a wildcard',
    { domains: ['evil.test'] },
    call('a.b', { args: { u: 'https://www.evil.test' } }),
    undefined,
  ],
]

describe('the blocklist', () => {
  it.each(ROWS)('blocks %s', (_what, section, request, entry) => {
    expect(compileBlocklist(section)?.find(request)).toBe(entry)
  })

  it('names the entry in the denial', () => {
    const verdict = checkBlocklist(compileBlocklist({ tools: ['db.drop'] }), call('db.drop'))
    expect(verdict).toEqual({
      kind: 'deny',
      reason: 'blocklisted',
      detail: 'the blocklist has `tools: db.drop`',
    })
  })

  it('is not there where the policy blocks nothing', () => {
    expect(compileBlocklist({ tools: [], destructive_names: false })).toBeUndefined()
    expect(checkBlocklist(undefined, call('a.b'))).toEqual({ kind: 'pass' })
  })
})

describe('the hosts of a text', () => {
  it.each([
    ['https://evil.test', 'evil.test'],
    ['HTTPS://EVIL.TEST.', 'evil.test'],
    ['//evil.test/x', 'evil.test'],
    ['https:\\\\evil.test\\x', 'evil.test'],
    ['https://good.test@evil.test/', 'evil.test'],
    ['evil。test', 'evil.test'],
    ['ｅｖｉｌ.test', 'evil.test'],
    ['https://evil%2etest/', 'evil.test'],
    ['(see evil.test).', 'evil.test'],
    ['mailto:a@evil.test?cc=b@good.test', 'evil.test'],
    ['mailto:a@good.test?cc=b@evil.test', 'evil.test'],
    ['https://good.test/r?to=https%3A%2F%2Fevil.test', 'evil.test'],
    ['http://0x7f.1/', '127.0.0.1'],
    ['[x](https://evil.test/p)', 'evil.test'],
  ])('in %s are found', (text, host) => {
    expect(hostsIn(text)).toContain(host)
  })

  it('takes time in proportion to the text', () => {
    expect(hostsIn('a.'.repeat(200_000)).length).toBeLessThan(10)
    expect(hostsIn('a.b '.repeat(100_000)).length).toBeGreaterThan(0)
  })
})
