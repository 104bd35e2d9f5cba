import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Subject } from '../core/model/call.ts'
import { subjectFault } from '../engine/receive.ts'
import type { ClaimNames } from './claim-names.ts'
import { claimsReader } from './claims.ts'

const read = (claims: object, names?: ClaimNames): Subject =>
  claimsReader(names)(JSON.parse(JSON.stringify(claims)))
/** The subject without its proof. */
const who = (claims: object, names?: ClaimNames): Partial<Subject> => {
  const { proof: _, ...subject } = read(claims, names)
  return subject
}

describe('claims', () => {
  it.each<[string, object, Partial<Subject>, ClaimNames?]>([
    ['a client that acts for itself', { sub: 'bot', azp: 'bot' }, { agent: 'bot' }],
    ['a subject alone, as the agent', { sub: 'bot' }, { agent: 'bot' }],
    ['a client and its user', { sub: 'ana', client_id: 'bot' }, { agent: 'bot', user: 'ana' }],
    [
      '`azp` before `client_id`',
      { sub: 'ana', client_id: 'x', azp: 'bot' },
      { agent: 'bot', user: 'ana' },
    ],
    [
      'the present actor before the client',
      { sub: 'ana', azp: 'x', act: { sub: 'bot' } },
      { agent: 'bot', user: 'ana' },
    ],
    [
      'an agent by its own claim first',
      { sub: 'ana', azp: 'x', act: { sub: 'y' }, agent: 'bot' },
      { agent: 'bot', user: 'ana' },
    ],
    [
      'an agent where it is said to be',
      { sub: 'ana', agent: 'x', app: 'bot' },
      { agent: 'bot', user: 'ana' },
      { agent: 'app' },
    ],
    [
      'a user where it is said to be',
      { sub: 'bot', email: 'ana@example.com' },
      { agent: 'bot', user: 'ana@example.com' },
      { user: 'email' },
    ],
    [
      'a user who is the agent, where that is said',
      { sub: 'ana' },
      { agent: 'ana', user: 'ana' },
      { user: 'sub' },
    ],
    [
      'all that there is',
      {
        sub: 'ana',
        agent: 'bot',
        team: 'support',
        groups: ['eu', 'leads', 'eu'],
        department: 'finance',
        tenant: 'acme',
        roles: ['analyst'],
        scope: 'crm.read  crm.write',
        user_type: 'service',
      },
      {
        agent: 'bot',
        user: 'ana',
        team: 'support',
        groups: ['eu', 'leads'],
        department: 'finance',
        tenant: 'acme',
        roles: ['analyst'],
        scopes: ['crm.read', 'crm.write'],
        tier: 'service',
      },
    ],
    [
      'one role as a text, blanks and all',
      { sub: 'bot', roles: 'Sales Lead' },
      { agent: 'bot', roles: ['Sales Lead'] },
    ],
    ['scopes as a list', { sub: 'bot', scp: ['a', 'b'] }, { agent: 'bot', scopes: ['a', 'b'] }],
    [
      '`scope` before `scp` and `scopes`',
      { sub: 'bot', scope: 'a', scp: ['b'], scopes: ['c'] },
      { agent: 'bot', scopes: ['a'] },
    ],
    ['an empty scope, which is none', { sub: 'bot', scope: '' }, { agent: 'bot', scopes: [] }],
    ['null as nothing', { sub: 'bot', team: null, roles: null, act: null }, { agent: 'bot' }],
    [
      'nested claims',
      { sub: 'bot', realm_access: { roles: ['a'] } },
      { agent: 'bot', roles: ['a'] },
      { roles: 'realm_access.roles' },
    ],
    [
      'claims named like URLs, nested too',
      {
        sub: 'bot',
        'https://example.com/roles': ['a'],
        'https://example.com/app': { v1: { team: 't' } },
      },
      { agent: 'bot', roles: ['a'], team: 't' },
      { roles: 'https://example.com/roles', team: 'https://example.com/app.v1.team' },
    ],
    [
      'the first of several',
      { sub: 'bot', b: 'y', c: 'z' },
      { agent: 'bot', team: 'y' },
      { team: ['a', 'b', 'c'] },
    ],
    [
      'a user type nobody knows as the least',
      { sub: 'bot', user_type: 'root' },
      { agent: 'bot', tier: 'anonymous' },
    ],
    [
      'a user type in capitals as the least',
      { sub: 'bot', user_type: 'Admin' },
      { agent: 'bot', tier: 'anonymous' },
    ],
    [
      'a user type that is a list as the least',
      { sub: 'bot', user_type: ['admin'] },
      { agent: 'bot', tier: 'anonymous' },
    ],
    [
      'a user type named like a part of every object as the least',
      { sub: 'bot', user_type: 'constructor' },
      { agent: 'bot', tier: 'anonymous' },
    ],
    [
      '`user_type` before `tier`',
      { sub: 'bot', user_type: 'mcp', tier: 'admin' },
      { agent: 'bot', tier: 'mcp' },
    ],
    [
      'the word of a tier among scopes as a scope',
      { sub: 'bot', scope: 'admin' },
      { agent: 'bot', scopes: ['admin'] },
    ],
  ])('are read as %s', (_, claims, subject, names) => {
    expect(who(claims, names)).toEqual(subject)
  })

  it.each<[string, object, string, ClaimNames?]>([
    ['no agent', {}, 'the token names no agent (`agent`, `act.sub`, `azp`, `client_id`, `sub`)'],
    [
      'no agent where it is said to be',
      { sub: 'bot' },
      'the token names no agent (`app`)',
      { agent: 'app' },
    ],
    ['an empty agent', { agent: '', sub: 'bot' }, 'the token: agent: the name is empty'],
    ['an agent that is a number', { agent: 7, sub: 'bot' }, 'the token: agent: a name is a string'],
    ['a user that is an object', { azp: 'bot', sub: {} }, 'the token: user: a name is a string'],
    [
      'a tenant with a line break',
      { sub: 'bot', tenant: 'a\nb' },
      'the token: tenant: the name has a character that is not visible',
    ],
    [
      'roles that are a number',
      { sub: 'bot', roles: 1 },
      'the token: roles: it is a list of names',
    ],
    [
      'roles with a number',
      { sub: 'bot', roles: ['a', 1] },
      'the token: roles: a name is a string',
    ],
    [
      'too many groups',
      { sub: 'bot', groups: Array.from({ length: 1001 }, (_, i) => `${i}`) },
      'the token: groups: it has more than 1000 names',
    ],
    [
      'scopes that are an object',
      { sub: 'bot', scope: { a: 1 } },
      'the token: scopes: it is a list of names',
    ],
    [
      'an audience with an object',
      { sub: 'bot', aud: ['x', {}] },
      'the token: audience: a name is a string',
    ],
    [
      'too many audiences',
      { sub: 'bot', aud: Array.from({ length: 101 }, (_, i) => `${i}`) },
      'the token: audience: it has more than 100 names',
    ],
    [
      'an odd session',
      { sub: 'bot', sid: ' x' },
      'the token: session: the name begins or ends with a blank',
    ],
    ['an actor that is a text', { sub: 'bot', act: 'x' }, 'the token: act: it is no object'],
    [
      'an actor without a name',
      { sub: 'bot', act: { act: { sub: 'x' } } },
      'the token: act: a name is a string',
    ],
    ['nine actors', { sub: 'ana', act: actors(9) }, 'the token: act: more than 8 actors'],
  ])('with %s are refused', (_, claims, message, names) => {
    expect(() => read(claims, names)).toThrow(
      expect.objectContaining({ code: 'ERR_NOT_AUTHENTICATED', message }),
    )
  })

  it.each<[string, object, object]>([
    [
      'session, rate tier, audience, issuer and expiry',
      { sub: 'bot', sid: 's1', rate_limit_tier: 'a2a', aud: ['a', 'b', 'a'], iss: 'x', exp: 12.5 },
      {
        method: 'jwt',
        session: 's1',
        rate_tier: 'a2a',
        audience: ['a', 'b'],
        issuer: 'x',
        expires_at: 12_500,
      },
    ],
    [
      'the least rate tier for one nobody knows',
      { sub: 'bot', rate_limit_tier: 'unlimited' },
      { method: 'jwt', audience: [], rate_tier: 'anonymous' },
    ],
    [
      'user and agent as a chain',
      { sub: 'ana', azp: 'bot' },
      { method: 'jwt', audience: [], act_chain: ['ana', 'bot'] },
    ],
    [
      'a chain of actors, the present one last',
      { sub: 'ana', act: { sub: 'bot', act: { sub: 'desk', act: { client_id: 'portal' } } } },
      { method: 'jwt', audience: [], act_chain: ['ana', 'portal', 'desk', 'bot'] },
    ],
    [
      'a chain that ends with the agent, where a claim of its own names it',
      { sub: 'ana', act: { sub: 'gateway' }, agent: 'bot' },
      { method: 'jwt', audience: [], act_chain: ['ana', 'gateway', 'bot'] },
    ],
    [
      'eight actors',
      { sub: 'ana', act: actors(8) },
      { method: 'jwt', audience: [], act_chain: ['ana', '1', '2', '3', '4', '5', '6', '7', '8'] },
    ],
    [
      'an expiry beyond all time',
      { sub: 'bot', exp: 1e300 },
      { method: 'jwt', audience: [], expires_at: Number.MAX_SAFE_INTEGER },
    ],
  ])('prove %s', (_, claims, proof) => {
    expect(read(claims).proof).toEqual(proof)
  })

  it('never make a subject that the engine would not take, whatever they are', () => {
    const names = [
      'agent',
      'sub',
      'azp',
      'act',
      'scope',
      'roles',
      'user_type',
      'tier',
      'aud',
      'sid',
      '__proto__',
    ]
    const claims = fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(
        fc.json().map((text) => JSON.parse(text) as unknown),
        fc.string({ unit: 'binary' }),
      ),
    )
    fc.assert(
      fc.property(claims, (given) => {
        let subject: Subject | undefined
        try {
          subject = claimsReader()(given)
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_NOT_AUTHENTICATED' })
          return
        }
        expect(subjectFault(subject)).toBeUndefined()
      }),
    )
  })
})

function actors(depth: number): object {
  let act: object | undefined
  for (let index = 1; index <= depth; index++) act = { sub: `${index}`, ...(act && { act }) }
  return act ?? {}
}
