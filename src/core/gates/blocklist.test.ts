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
    'a domain that is the name of a field',
    { domains: ['evil.test'] },
    call('a.b', { args: { hosts: { 'evil.test': 1 } } }),
    'domains: evil.test',
  ],
  [
    'a domain that a line end parts, at the end of an argument',
    { domains: ['evil.test'] },
    call('a.b', { args: { url: 'https://ev\nil.test', next: 'x' } }),
    'domains: evil.test',
  ],
  [
    'an address by another spelling',
    { domains: ['203.0.113.9'] },
    call('a.b', { args: { url: 'http://0xcb007109/' } }),
    'domains: 203.0.113.9',
  ],
  [
    'no two arguments as one',
    { domains: ['evil.test'] },
    call('a.b', { args: { first: 'ev', 'il.test': 1 } }),
    undefined,
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
    ['https://ev\til.test', 'evil.test'],
    ['ev\nil.test', 'evil.test'],
    ['evil.te\r\nst', 'evil.test'],
    ['evil.test\nThanks', 'evil.test'],
    ['ev\u00adil.test\nThanks', 'evil.test'],
    ['ev\u200bil.test', 'evil.test'],
    ['a\u200bevil.test\u200bb', 'evil.test'],
    ['https://evil.test\0', 'evil.test'],
    ['evil.test....', 'evil.test'],
    ['git@evil.test:team/repo', 'evil.test'],
    ['backup evil.test:/data', 'evil.test'],
    ['http://3405803785/', '203.0.113.9'],
    ['http:3405803785', '203.0.113.9'],
    ['http://0xcb007109/', '203.0.113.9'],
    ['http://[::ffff:203.0.113.9]/', '203.0.113.9'],
    ['::ffff:cb00:7109', '203.0.113.9'],
    ['http://[64:ff9b::203.0.113.9]:80/', '203.0.113.9'],
    ['http://[2001:DB8:0::1]/', '[2001:db8::1]'],
    ['http://localhost:80/', 'localhost'],
    ['?u=https%253A%252F%252Fevil.test', 'evil.test'],
    ['?u=https%3A%2F%2Fevil.test%20%ff%zz', 'evil.test'],
    ['?u=https%3A%2F%2Fev%0Ail.test', 'evil.test'],
  ])('in %s are found', (text, host) => {
    expect(hostsIn(text)).toContain(host)
  })

  it.each(['call back on Monday: order 4829, 12:30', 'Ana\nLima\tsaid std::vector', '3405803785'])(
    'in %j are none',
    (text) => {
      expect(hostsIn(text)).toEqual([])
    },
  )

  it('takes time in proportion to the text', () => {
    for (const text of ['%250a.\n\0', 'a.b\n', 'x::y ', ':', '@', '1:'])
      expect(hostsIn(text.repeat(200_000)).length).toBeLessThan(10)
    expect(hostsIn(`x${'.'.repeat(1_000_000)}x`)).toEqual([])
    expect(hostsIn('a.'.repeat(200_000)).length).toBeLessThan(10)
    expect(hostsIn('a.b '.repeat(100_000)).length).toBeGreaterThan(0)
  })
})
