import { describe, expect, it } from 'vitest'
import type { Subject } from '../core/model/call.ts'
import type { JsonObject } from '../core/model/json.ts'
import type { IdentityProvider } from '../core/model/ports.ts'
import { parsePolicy } from '../core/policy/parse.ts'
import { createTestEngine } from '../testing/create-test-engine.ts'
import { expectAuthenticated, isAuthenticated } from './expect-authenticated.ts'
import { firstOf } from './first-of.ts'
import { fixedIdentity } from './fixed.ts'
import { type IdentityHost, identityOf } from './identity-of.ts'
import { jwtIdentity } from './jwt.ts'
import { highestTier, implies, tierOfUserType } from './levels.ts'
import { AUDIENCE, ISSUER, optionsOf, pemOf, RSA, SECRET, tokenOf } from './tokens.fixture.ts'
import { trustedProxyIdentity } from './trusted-proxy.ts'

const knowing = (agent: string | undefined): IdentityProvider => ({
  identify: () => (agent === undefined ? undefined : { agent }),
})
const later = (agent: string | undefined): IdentityProvider => ({
  identify: async () => (agent === undefined ? undefined : { agent }),
})
const bad: IdentityProvider = {
  identify() {
    throw new Error('bad')
  },
}
const badLater: IdentityProvider = { identify: () => Promise.reject(new Error('bad')) }

describe('fixedIdentity', () => {
  it('is the same subject, frozen, whatever is shown', () => {
    const provider = fixedIdentity({ agent: 'bot', user: 'ana', roles: ['a'] })
    const subject = provider.identify({ bearer: 'whatever' })
    expect([subject, Object.isFrozen(subject)]).toEqual([
      { agent: 'bot', user: 'ana', roles: ['a'], proof: { method: 'fixed' } },
      true,
    ])
  })

  it.each<[string, unknown]>([
    ['nobody', undefined],
    ['an empty agent', { agent: '' }],
    ['no agent', { user: 'ana' }],
    ['an invisible letter', { agent: 'bo\u200bt' }],
    ['an unknown tier', { agent: 'bot', tier: 'root' }],
    ['roles that are no list', { agent: 'bot', roles: 'admin' }],
  ])('refuses %s', (_, subject) => {
    expect(() => fixedIdentity(subject as Subject)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })
})

describe('firstOf', () => {
  const ask = async (...providers: readonly IdentityProvider[]): Promise<string> => {
    try {
      return (await firstOf(...providers).identify({}))?.agent ?? 'nobody'
    } catch (error) {
      return (error as Error).message
    }
  }

  it.each<[string, readonly IdentityProvider[], string]>([
    ['the first that knows the caller', [knowing(undefined), knowing('a'), knowing('b')], 'a'],
    ['the first, now or later', [later(undefined), knowing(undefined), later('a'), bad], 'a'],
    ['nobody, when none knows the caller', [knowing(undefined), later(undefined)], 'nobody'],
    ['no other after one that throws', [knowing(undefined), bad, knowing('a')], 'bad'],
    ['no other after one that rejects', [later(undefined), badLater, knowing('a')], 'bad'],
  ])('answers with %s', async (_, providers, said) => {
    expect(await ask(...providers)).toBe(said)
  })

  it('answers at once where its providers do', () => {
    expect(firstOf(knowing(undefined), knowing('a')).identify({})).toEqual({ agent: 'a' })
  })

  it('does not let a bad token through to a proxy’s headers, or bad headers to a token', async () => {
    const proxy = trustedProxyIdentity({ peers: ['10.0.0.1'] })
    const jwt = jwtIdentity(optionsOf())
    const headers = { 'x-proxy-verified': 'true', 'x-user-id': 'ana' }
    const badToken = { bearer: tokenOf({ exp: 1 }), headers, peer: '10.0.0.1' }
    const spoofed = { bearer: tokenOf(), headers, peer: '10.0.0.2' }
    await expect(firstOf(jwt, proxy).identify(badToken)).rejects.toThrow('expired')
    expect(() => firstOf(proxy, jwt).identify(spoofed)).toThrow('not listed')
  })

  it.each<[string, readonly unknown[]]>([
    ['no providers', []],
    ['what is no provider', [knowing('a'), {}]],
  ])('refuses %s', (_, providers) => {
    expect(() => firstOf(...(providers as IdentityProvider[]))).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })
})

describe('expectAuthenticated', () => {
  it.each<[string, Subject | undefined, boolean]>([
    ['a proven caller', { agent: 'bot', proof: { method: 'jwt' } }, true],
    [
      'a proven caller of the least tier',
      { agent: 'bot', tier: 'anonymous', proof: { method: 'jwt' } },
      true,
    ],
    ['a caller the host vouches for', { agent: 'bot' }, true],
    ['a caller without credentials', { agent: 'anonymous', tier: 'anonymous' }, false],
    [
      'a caller without credentials, of a tier that a policy gives',
      { agent: 'anonymous', tier: 'mcp' },
      false,
    ],
    ['a caller the host calls anonymous', { agent: 'visitor', tier: 'anonymous' }, false],
    ['an empty agent', { agent: '' }, false],
    ['nobody', undefined, false],
  ])('takes %s: %s', (_, subject, isThere) => {
    const call = { subject, id: 1 }
    expect(isAuthenticated(subject)).toBe(isThere)
    if (isThere) expect(expectAuthenticated(call)).toBe(call)
    else
      expect(() => expectAuthenticated(call)).toThrow(
        expect.objectContaining({ code: 'ERR_NOT_AUTHENTICATED', name: 'NotAuthenticatedError' }),
      )
  })
})

describe('levels', () => {
  it.each([
    ['admin', 'user', true],
    ['user', 'admin', false],
    ['mcp', 'hook:govern', true],
    ['hook:track', 'hook:govern', true],
    ['hook:track', 'anonymous', true],
    ['anonymous', 'hook:track', false],
  ] as const)('%s implies %s: %s', (one, other, isImplied) => {
    expect(implies(one, other)).toBe(isImplied)
  })

  it('gives every user type a tier, and one nobody knows the least', () => {
    const types = [
      'admin',
      'user',
      'service',
      'a2a',
      'mcp',
      'anonymous',
      'anon',
      'unknown',
      'root',
      '',
      7,
      undefined,
    ]
    expect(types.map(tierOfUserType)).toEqual([
      'admin',
      'user',
      'service',
      'a2a',
      'mcp',
      ...new Array<string>(7).fill('anonymous'),
    ])
  })

  it('finds the highest tier among other words', () => {
    expect([
      highestTier(['mcp', 'crm.read', 'service', 'hook:track']),
      highestTier(['hook:track', 'constructor']),
    ]).toEqual(['service', undefined])
  })
})

describe('identityOf', () => {
  const JWT = { issuer: ISSUER, audience: AUDIENCE }
  const section = (yaml: string): JsonObject => parsePolicy(yaml).document.identity as JsonObject

  it('makes what a policy asks for', async () => {
    const made = identityOf(
      section(`
identity:
  required: true
  jwt: { issuer: "${ISSUER}", audience: [${AUDIENCE}], algorithms: [HS256], claims: { agent: app }, clock_tolerance_seconds: 5 }
  trusted_proxy: { peers: [10.0.0.1], headers: { agent: x-agent } }
  anonymous: { tier: mcp }
`),
      { key: SECRET, clock: optionsOf().clock ?? Date },
    )
    const headers = { 'x-proxy-verified': 'true', 'x-user-id': 'ana', 'x-agent': 'desk' }
    const { provider, ...rest } = made
    const agents = [
      await provider?.identify({ bearer: tokenOf({ app: 'bot' }) }),
      await provider?.identify({ headers, peer: '10.0.0.1' }),
      await provider?.identify({}),
    ].map((subject) => subject?.agent)
    expect([rest, agents]).toEqual([
      { required: true, anonymousTier: 'mcp' },
      ['bot', 'desk', undefined],
    ])
  })

  it('asks for nothing where a policy does not', () => {
    expect(identityOf(section('identity: {}'))).toEqual({
      provider: undefined,
      required: false,
      anonymousTier: 'anonymous',
    })
  })

  it('takes the usual public algorithms with a key set', async () => {
    const jwks = { keys: [RSA.publicKey.export({ format: 'jwk' })] }
    const clock = optionsOf().clock ?? Date
    const { provider } = identityOf({ jwt: JWT }, { jwks, clock })
    const token = tokenOf({}, RSA.privateKey, { algorithm: 'RS256' })
    expect(await provider?.identify({ bearer: token })).toMatchObject({ agent: 'support-bot' })
  })

  it.each<[string, JsonObject, IdentityHost, string]>([
    ['no key', { jwt: JWT }, {}, 'there is no key'],
    ['a key and no algorithms', { jwt: JWT }, { key: pemOf(RSA.publicKey) }, '`algorithms` says'],
    ['`none`', { jwt: { ...JWT, algorithms: ['none'] } }, { key: SECRET }, '`algorithms` are of'],
    ['a plain address', { jwt: { ...JWT, jwks_url: 'http://issuer.example/jwks' } }, {}, 'https:'],
    ['a peer that is no network', { trusted_proxy: { peers: ['proxy'] } }, {}, 'no network'],
  ])('refuses %s', (_, given, host, message) => {
    expect(() => identityOf(given, host)).toThrow(
      expect.objectContaining({
        code: 'ERR_OPTIONS_INVALID',
        message: expect.stringContaining(message),
      }),
    )
  })
})

describe('an engine with tokens', () => {
  const policy = parsePolicy(`
tools: [{ name: crm.read, server: crm, scope: support }]
roles: [{ name: reader, rules: [{ resources: [crm.read], verbs: [invoke] }] }]
bindings: [{ agent: support-bot, roles: [reader] }]
`)
  const engine = createTestEngine({ policy, identity: jwtIdentity(optionsOf()) })
  const call = { session: 's', resource: 'crm.read', arguments: {} }

  it.each<[string, string | undefined, string]>([
    ['a good token', tokenOf(), 'allowed'],
    ['a good token with the scope', tokenOf({ scope: 'support' }), 'allowed'],
    ['a good token for another scope', tokenOf({ scope: 'billing' }), 'scope_mismatch'],
    ['a token of another agent', tokenOf({ azp: 'other' }), 'no_binding'],
    ['a bad token', tokenOf({ exp: 1 }), 'token_invalid'],
    ['a token of blanks', ' ', 'token_invalid'],
    ['no token', undefined, 'no_binding'],
  ])('decides with %s: %s', async (_, bearer, reason) => {
    const credentials = bearer === undefined ? {} : { bearer }
    const { decision } = await engine.begin({ ...call, credentials })
    expect(decision.reason).toBe(reason)
  })
})
