import { describe, expect, it } from 'vitest'
import { createPolicyIndex } from './policy-index.ts'
import { serverOf } from './resolve-resource.ts'

const index = createPolicyIndex({
  servers: ['db', 'db.admin', 'a', 'b'],
  tools: [
    { name: 'db.read', server: 'db', scope: 'support', tags: ['sql'] },
    { name: 'execute_sql', server: 'db', tier: 'admin' },
    { name: 'a.listed', server: 'a', tier: 'admin' },
  ],
})
const entry = (name: string, server?: string) => {
  const resolved = index.resolve(name, server)
  return 'fault' in resolved ? resolved.fault : resolved
}

describe('resolve', () => {
  it.each([
    ['db.read', undefined, { server: 'db', listed: true, scope: 'support', tags: ['sql'] }],
    ['db.other', undefined, { server: 'db', listed: false, scope: undefined, tags: [] }],
    ['db.admin.drop', undefined, { server: 'db.admin', listed: false }],
    ['x.y.z', undefined, { server: 'x', listed: false }],
    ['read', 'a', { server: 'a', name: 'read', listed: false }],
    ['prompt:db/summary', undefined, { server: 'db', kind: 'prompt' }],
    ['resource:db/x/y', undefined, { server: 'db', kind: 'resource' }],
    ['model:openai/gpt', undefined, { server: undefined, kind: 'model' }],
  ])('%s, registered by %s', (name, server, wanted) => {
    expect(entry(name, server)).toMatchObject(wanted)
  })

  it('finds what the catalogue lists under the bare or the full spelling', () => {
    expect(entry('execute_sql', 'db')).toMatchObject({ tier: 'admin', listed: true })
    expect(entry('db.execute_sql')).toMatchObject({ tier: 'admin', listed: true })
    expect(entry('listed', 'a')).toMatchObject({ tier: 'admin', listed: true })
    expect(entry('listed', 'b')).toMatchObject({ tier: undefined, listed: false })
  })

  it('refuses a name that the catalogue lists under another server', () => {
    expect(entry('db.read', 'x')).toBe('the catalogue lists this tool under another server')
  })

  it('keeps what two servers register under one name apart, and from what names alone say', () => {
    const servers = ['a', 'b', undefined, 'a'].map((server) => {
      const resolved = index.resolve('tool', server)
      return 'fault' in resolved ? resolved.fault : resolved.server
    })
    expect(servers).toEqual(['a', 'b', undefined, 'a'])
  })

  it('gives the same frozen object for the same question', () => {
    expect(index.resolve('db.read')).toBe(index.resolve('db.read'))
    expect(Object.isFrozen(index.resolve('db.read'))).toBe(true)
    const { tags } = entry('db.read') as { tags: readonly string[] }
    expect(Object.isFrozen(tags)).toBe(true)
  })

  it('bounds what it remembers of names that callers try', () => {
    const first = index.resolve('tried.first')
    for (let count = 0; count < 20_001; count++) index.resolve(`tried.n${count}`)
    expect(index.resolve('tried.first')).not.toBe(first)
  })
})

describe('the server of a name that nobody registered', () => {
  it.each([
    ['github.x.read', ['github', 'github.x'], 'github.x'],
    ['github.y.read', ['github', 'github.x'], 'github'],
    ['githubx.read', ['github'], 'githubx'],
    ['read', ['github'], undefined],
  ])('of %s with %j is %s', (name, servers, wanted) => {
    expect(serverOf(name, new Set(servers))).toBe(wanted)
  })
})

describe('bindings', () => {
  const bound = createPolicyIndex({
    roles: [{ name: 'r' }],
    bindings: [
      { agent: 'a', roles: ['r'] },
      { user: 'ana', team: 'x', roles: ['r'] },
      { group: 'g', roles: ['r'] },
      { tier: 'admin', roles: ['r'] },
      { agent: 'a', department: 'd', roles: ['r'] },
      { tenant: 't', roles: ['r'], expires_at: '2026-01-01T00:00:00Z' },
    ],
  })
  const at = Date.UTC(2026, 0, 1)
  it.each([
    [{ agent: 'a' }, at, [0]],
    [{ agent: 'a', department: 'd' }, at, [0, 4]],
    [{ agent: 'z', user: 'ana' }, at, []],
    [{ agent: 'z', user: 'ana', team: 'x' }, at, [1]],
    [{ agent: 'z', groups: ['f', 'g', 'g'] }, at, [2]],
    [{ agent: 'z', tier: 'admin' as const }, at, [3]],
    [{ agent: 'z', tenant: 't' }, at - 1, [5]],
    [{ agent: 'z', tenant: 't' }, at, []],
    [{ agent: 'a', tier: 'admin' as const, groups: ['g'] }, at, [0, 2, 3]],
  ])('that speak of %j', (subject, time, wanted) => {
    expect(bound.bindingsFor(subject, time)).toEqual(wanted)
  })
})
