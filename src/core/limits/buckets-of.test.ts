import { describe, expect, it } from 'vitest'
import type { Subject } from '../model/call.ts'
import type { JsonObject } from '../model/json.ts'
import { bucketsOf, type EndpointClass } from './buckets-of.ts'
import { callOf, limitsOf } from './limits.fixture.ts'

const classOnly = limitsOf({})
const keyOf = (subject: Partial<Subject>) => bucketsOf(callOf(subject), classOnly)[0]?.key
const proof = (rate_tier: 'service') => ({ method: 'jwt', rate_tier }) as const

describe('bucketsOf', () => {
  it.each<[string, string, EndpointClass | undefined, number]>([
    ['a tool', 'db.query', undefined, 200],
    ['a model', 'model:openai/gpt', undefined, 20],
    ['a surface that names its class', 'db.query', 'oauth_public', 10],
  ])('takes %s from its class', (_, resource, endpoint, rate) => {
    const takes = bucketsOf(callOf({}, { resource }), classOnly, endpoint)

    expect(takes).toMatchObject([{ intervalMs: 1000 / rate, burst: 3 * rate }])
  })

  it.each<[string, Partial<Subject>, number]>([
    ['no tier, as a user', {}, 200],
    ['a tier', { tier: 'admin' }, 2_000],
    ['the tier of its token', { tier: 'user', proof: proof('service') }, 1_000],
    ['nobody', { agent: 'anonymous', tier: 'anonymous' }, 100],
  ])('gives %s its multiplier', (_, subject, rate) => {
    expect(bucketsOf(callOf(subject), classOnly)[0]?.intervalMs).toBe(1000 / rate)
  })

  it.each<[string, Partial<Subject>, Partial<Subject>, boolean]>([
    ['agents of a user', { user: 'ana' }, { user: 'ana', agent: 'other' }, true],
    ['tiers of a user', { user: 'ana' }, { user: 'ana', tier: 'admin' }, true],
    ['users', { user: 'ana' }, { user: 'bea' }, false],
    ['tenants', { user: 'ana', tenant: 'a' }, { user: 'ana', tenant: 'b' }, false],
    ['a user and an agent of the same name', { user: 'bot' }, { agent: 'bot' }, false],
    [
      'all that is anonymous',
      { tier: 'anonymous' },
      { tier: 'anonymous', agent: 'x', user: 'y' },
      true,
    ],
    [
      'parts that only look alike',
      { user: 'b', tenant: 'a' },
      { user: ' 1:b', tenant: 'a' },
      false,
    ],
  ])('%s: one bucket or two', (_, one, other, isShared) => {
    expect(keyOf(one) === keyOf(other)).toBe(isShared)
  })

  it('keeps sessions apart, and principals within the same session id', () => {
    const limits = limitsOf({ per_session: { per_second: 1, per_hour: 9 } })
    const keysOf = (subject: Partial<Subject>, session: string) =>
      bucketsOf(callOf(subject, { session }), limits)
        .slice(1)
        .map(({ key }) => key)
    const all = [
      ...keysOf({}, 's'),
      ...keysOf({}, 't'),
      ...keysOf({ user: 'ana' }, 's'),
      ...keysOf({ tenant: 'acme' }, 's'),
    ]

    expect(new Set(all).size).toBe(8)
    expect(keysOf({ agent: 'other' }, 's')).toEqual(keysOf({}, 's'))
  })

  it.each<[string, JsonObject, Partial<Subject>, string, number]>([
    ['names the agent', { agent: 'bot' }, {}, 'db.query', 1],
    ['names another agent', { agent: 'cat' }, {}, 'db.query', 0],
    ['names every key that holds', { agent: 'bot', user: 'ana' }, { user: 'ana' }, 'db.query', 1],
    ['names one key that does not', { agent: 'bot', user: 'bea' }, { user: 'ana' }, 'db.query', 0],
    ['speaks of each user', { user: '*' }, { user: 'ana' }, 'db.query', 1],
    ['speaks of each user, and there is none', { user: '*' }, {}, 'db.query', 0],
    ['speaks of each group', { group: '*' }, { groups: ['a', 'b', 'a'] }, 'db.query', 2],
    ['names a group', { group: 'b' }, { groups: ['a', 'b'] }, 'db.query', 1],
    ['names the tier that is presumed', { tier: 'user' }, {}, 'db.query', 1],
    ['names nobody', {}, {}, 'db.query', 1],
    ['names the resource', { resource: 'db.query' }, {}, 'db.query', 1],
    ['names another resource', { resource: 'db.other' }, {}, 'db.query', 0],
    ['names a glob', { resource: 'db.*' }, {}, 'db.query', 1],
    ['names the server', { resource: 'server:db' }, {}, 'db.query', 1],
    ['names every server', { resource: 'server:*' }, {}, 'db.query', 1],
    ['names the full spelling of a bare name', { resource: 'db.query' }, {}, 'query', 1],
  ])('takes from a limit that %s', (_, limit, subject, resource, count) => {
    const limits = limitsOf({ principals: [{ per_second: 1, ...limit }] })

    expect(bucketsOf(callOf(subject, { resource }), limits)).toHaveLength(1 + count)
  })

  it.each<[string, JsonObject, Partial<Subject>, Partial<Subject>, boolean]>([
    ['each agent by itself', { agent: '*' }, { agent: 'a' }, { agent: 'b' }, false],
    ['a team together', { team: 't' }, { agent: 'a', team: 't' }, { agent: 'b', team: 't' }, true],
    ['a name in two tenants', { agent: 'a' }, { agent: 'a', tenant: 'x' }, { agent: 'a' }, false],
    ['a tier of all tenants', { tier: 'user' }, { tenant: 'x' }, { tenant: 'y' }, true],
  ])('counts %s', (_, limit, one, other, isShared) => {
    const limits = limitsOf({ principals: [{ per_second: 1, ...limit }] })
    const key = (subject: Partial<Subject>) => bucketsOf(callOf(subject), limits)[1]?.key

    expect(key(one) === key(other)).toBe(isShared)
  })

  it('keeps the bucket of a limit that a reload moves, and makes another where it changes', () => {
    const limit = { agent: 'bot', per_second: 1 }
    const keysOf = (principals: readonly JsonObject[]) =>
      bucketsOf(callOf(), limitsOf({ principals: [...principals] })).map(({ key }) => key)

    expect(keysOf([{ user: 'x', per_day: 1 }, limit])[1]).toBe(keysOf([limit])[1])
    expect(keysOf([{ ...limit, per_second: 2 }])[1]).not.toBe(keysOf([limit])[1])
    expect(new Set(keysOf([limit, limit])).size).toBe(3)
  })

  it('answers the same, whoever was asked about before', () => {
    const section = { per_session: { per_second: 5 }, principals: [{ group: '*', per_hour: 3 }] }
    const warm = limitsOf(section)
    for (let round = 0; round < 2; round++)
      for (let who = 0; who < 12; who++) {
        const call = callOf({
          user: `u${who % 10}`,
          groups: [`g${who % 3}`],
          tenant: `t${who % 2}`,
        })
        expect(bucketsOf(call, warm)).toEqual(bucketsOf(call, limitsOf(section)))
      }
    for (let who = 0; who < 10_050; who++) bucketsOf(callOf({}, { session: `s${who}` }), warm)

    expect(warm.standings.size).toBeLessThanOrEqual(10_000)
  })

  it.each<Partial<Subject>>([
    { agent: 'other' },
    { user: 'ana' },
    { tenant: 'acme' },
    { team: 'x' },
    { groups: ['y'] },
    { department: 'z' },
    { tier: 'admin' },
    { proof: proof('service') },
  ])('does not take two subjects of a session for one that differ in %j', (subject) => {
    const keys = ['agent', 'user', 'team', 'group', 'department', 'tenant', 'tier']
    const section = { principals: keys.map((key) => ({ [key]: '*', per_second: 1 })) }
    const warm = limitsOf(section)
    bucketsOf(callOf(), warm)

    expect(bucketsOf(callOf(subject), warm)).toEqual(bucketsOf(callOf(subject), limitsOf(section)))
    expect(bucketsOf(callOf(subject), warm)).not.toEqual(bucketsOf(callOf(), warm))
  })

  it('fails for a class that there is not, and takes nothing where limits are disabled', () => {
    expect(() => bucketsOf(callOf(), classOnly, 'none' as EndpointClass)).toThrow(TypeError)
    expect(bucketsOf(callOf(), limitsOf({ disabled: true }))).toEqual([])
  })
})
