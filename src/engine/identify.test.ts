import { describe, expect, it } from 'vitest'
import { isPlainObject } from '../core/json-kind.ts'
import type { Credentials, Subject } from '../core/model/call.ts'
import type { IdentityProvider } from '../core/model/ports.ts'
import { parsePolicy } from '../core/policy/parse.ts'
import { engineWith, READ } from './engine.fixture.ts'

const { subject: _subject, ...UNNAMED } = READ
const reasonOf = async (identity: IdentityProvider, subject?: Subject): Promise<string> => {
  const { engine } = engineWith({ identity, limits: { gateTimeoutMs: 20 } })
  const request = subject === undefined ? UNNAMED : { ...UNNAMED, subject }
  return (await engine.begin(request)).decision.reason
}
const fail = (): never => {
  throw new Error('nobody catches this')
}
const knowing = (subject: Subject | undefined): IdentityProvider => ({ identify: () => subject })

describe('identity', () => {
  it.each<[string, IdentityProvider, Subject | undefined, string]>([
    ['somebody who is proven', knowing({ agent: 'bot' }), undefined, 'allowed'],
    [
      'somebody who is proven later',
      { identify: async () => ({ agent: 'bot' }) },
      undefined,
      'allowed',
    ],
    [
      'a claim that is the proven one',
      knowing({ agent: 'bot', tier: 'user' }),
      { agent: 'bot' },
      'allowed',
    ],
    ['a claim to be somebody else', knowing({ agent: 'bot' }), { agent: 'admin' }, 'token_invalid'],
    [
      'a claim to more than is proven',
      knowing({ agent: 'bot' }),
      { agent: 'bot', tier: 'admin' },
      'token_invalid',
    ],
    [
      'a claim of scopes',
      knowing({ agent: 'bot' }),
      { agent: 'bot', scopes: ['x'] },
      'token_invalid',
    ],
    ['a claim of nobody proven', knowing(undefined), { agent: 'bot' }, 'token_invalid'],
    [
      'a claim of fewer groups',
      knowing({ agent: 'bot', groups: ['a', 'b'] }),
      { agent: 'bot', groups: ['a', 'a'] },
      'token_invalid',
    ],
    [
      'a claim of the same groups in another order',
      knowing({ agent: 'bot', groups: ['a', 'b'] }),
      { agent: 'bot', groups: ['b', 'a'] },
      'allowed',
    ],
    ['nobody', knowing(undefined), undefined, 'no_binding'],
    [
      'a provider that throws',
      {
        identify: () => {
          throw new Error('expired')
        },
      },
      undefined,
      'token_invalid',
    ],
    [
      'a provider that rejects',
      { identify: () => Promise.reject(new Error('expired')) },
      undefined,
      'token_invalid',
    ],
    [
      'a provider that never answers',
      { identify: () => new Promise(() => undefined) },
      undefined,
      'token_invalid',
    ],
    ['a provider that gives rubbish', knowing('bot' as never), undefined, 'token_invalid'],
    [
      'a provider that gives a look-alike',
      knowing({ agent: 'b\u043et' }),
      undefined,
      'token_invalid',
    ],
    ['a provider that names no agent', knowing({ agent: '' }), undefined, 'no_principal'],
  ])('judges %s', async (_name, provider, subject, reason) => {
    expect(await reasonOf(provider, subject)).toBe(reason)
  })

  it('shows the provider credentials only, never arguments', async () => {
    const seen: Credentials[] = []
    const provider = {
      identify: (credentials: Credentials) => {
        seen.push(credentials)
        return { agent: 'bot' }
      },
    }
    const { engine } = engineWith({ identity: provider })
    await engine.begin({ ...UNNAMED, credentials: { bearer: 'abc' } })
    expect(seen).toEqual([{ bearer: 'abc' }])
  })

  it.each<[string, Credentials]>([
    ['credentials', new Proxy({}, { get: () => fail() })],
    ['headers', { headers: new Proxy({}, { ownKeys: () => fail() }) }],
    ['a header', Object.defineProperty({}, 'headers', { get: () => fail() })],
  ])('denies a call whose %s throw where they are read', async (_what, credentials) => {
    const policy = parsePolicy(`
roles: [{ name: r, rules: [{ resources: [db.read], verbs: [invoke] }] }]
bindings: [{ agent: bot, roles: [r] }]
scanner: {}
`)
    const { engine } = engineWith({ policy, identity: knowing({ agent: 'bot' }) })
    expect((await engine.begin({ ...UNNAMED, credentials })).decision.reason).toBe(
      'malformed_request',
    )
  })

  it('shows the provider a copy of the credentials, in which other objects are no headers', async () => {
    const seen: Credentials[] = []
    const provider = {
      identify: (credentials: Credentials) => {
        seen.push(credentials)
        return { agent: 'bot' }
      },
    }
    const { engine } = engineWith({ identity: provider })
    const headers = { 'user-agent': ['one', {}], forwarded: { toString: () => fail() } }
    await engine.begin({ ...UNNAMED, credentials: { headers } as unknown as Credentials })
    expect(seen).toEqual([{ headers: { 'user-agent': ['one'], forwarded: null } }])

    const hiding = new Headers({ authorization: 'x' }) as unknown as Record<string, string>
    await engine.begin({ ...UNNAMED, credentials: { headers: hiding } })
    expect(isPlainObject(seen[1]?.headers)).toBe(false)
  })

  it('lets an anonymous caller in by a binding of its tier only', async () => {
    const policy = (tier: string) =>
      parsePolicy(`
roles: [{ name: r, rules: [{ resources: [db.read], verbs: [invoke] }] }]
bindings: [{ tier: ${tier}, roles: [r] }]
`)
    const reason = async (tier: string) =>
      (
        await engineWith({ identity: knowing(undefined), policy: policy(tier) }).engine.begin(
          UNNAMED,
        )
      ).decision.reason
    expect([await reason('user'), await reason('anonymous')]).toEqual(['no_binding', 'allowed'])
  })

  it('is not asked about a request that is malformed', async () => {
    let asked = 0
    const provider = {
      identify: () => {
        asked++
        return { agent: 'bot' }
      },
    }
    await engineWith({ identity: provider }).engine.begin({ ...UNNAMED, session: '' })
    expect(asked).toBe(0)
  })
})
