import { describe, expect, it } from 'vitest'
import type { Credentials, Subject } from '../core/model/call.ts'
import { testIdentityProvider } from '../testing/contracts/identity-provider.ts'
import { compilePeers } from './peers.ts'
import {
  type ProxyHeaders,
  type TrustedProxyOptions,
  trustedProxyIdentity,
} from './trusted-proxy.ts'

const PEERS = ['10.1.0.0/16', '192.0.2.7', '2001:db8::/32']
const PEER = '10.1.2.3'
const ANA = { 'x-proxy-verified': 'true', 'x-user-id': 'ana' }

const identify = (headers: Record<string, unknown>, more?: ProxyHeaders, peer?: string) =>
  trustedProxyIdentity({ peers: PEERS, ...(more && { headers: more }) }).identify({
    headers: headers as Record<string, string>,
    peer: peer ?? PEER,
  }) as Subject | undefined
const refusal = (run: () => unknown): string => {
  try {
    run()
    return 'believed'
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_NOT_AUTHENTICATED' })
    return (error as Error).message
  }
}

describe('trustedProxyIdentity', () => {
  it.each<[string, Record<string, unknown>, Partial<Subject> | undefined, ProxyHeaders?]>([
    ['no headers of a proxy as anonymous', { accept: '*/*' }, undefined],
    [
      'a caller the proxy has not checked, and does not name, as anonymous',
      { 'x-proxy-verified': 'false' },
      undefined,
    ],
    [
      'the user, who is the agent as well',
      ANA,
      { agent: 'ana', user: 'ana', proof: { method: 'proxy' } },
    ],
    [
      'names of headers in any case',
      { 'X-Proxy-Verified': 'TRUE', 'X-USER-ID': ' ana ' },
      { agent: 'ana', user: 'ana', proof: { method: 'proxy' } },
    ],
    [
      'tiers among the permissions',
      { ...ANA, 'x-user-permissions': 'user admin' },
      {
        agent: 'ana',
        user: 'ana',
        tier: 'admin',
        scopes: ['user', 'admin'],
        proof: { method: 'proxy' },
      },
    ],
    [
      'scopes among the permissions, with commas',
      { ...ANA, 'x-user-permissions': 'crm.read, crm.write,service' },
      {
        agent: 'ana',
        user: 'ana',
        tier: 'service',
        scopes: ['crm.read', 'crm.write', 'service'],
        proof: { method: 'proxy' },
      },
    ],
    [
      'no permissions at all as none',
      { ...ANA, 'x-user-permissions': '' },
      { agent: 'ana', user: 'ana', scopes: [], proof: { method: 'proxy' } },
    ],
    [
      'nothing from headers that nobody named',
      { ...ANA, 'x-agent-id': 'bot', 'x-tier': 'admin', 'x-tenant': 'acme' },
      { agent: 'ana', user: 'ana', proof: { method: 'proxy' } },
    ],
    [
      'all that headers are named for',
      {
        'x-sso-ok': 'true',
        'x-sso-user': 'ana',
        'x-perm': 'admin crm.read',
        'x-agent': 'bot',
        'x-team': 'support',
        'x-groups': 'eu leads, all',
        'x-dept': 'finance',
        'x-tenant': 'acme',
        'x-tier': 'service',
        'x-roles': 'analyst',
        'x-aud': 'crm, mail',
        'x-session': 's1',
        'x-rate': 'a2a',
      },
      {
        agent: 'bot',
        user: 'ana',
        team: 'support',
        groups: ['eu leads', 'all'],
        department: 'finance',
        tenant: 'acme',
        tier: 'service',
        roles: ['analyst'],
        scopes: ['admin', 'crm.read'],
        proof: {
          method: 'proxy',
          audience: ['crm', 'mail'],
          session: 's1',
          rate_tier: 'a2a',
          act_chain: ['ana', 'bot'],
        },
      },
      {
        verified: 'X-SSO-OK',
        user: 'X-SSO-User',
        scopes: 'x-perm',
        agent: 'x-agent',
        team: 'x-team',
        groups: 'x-groups',
        department: 'x-dept',
        tenant: 'x-tenant',
        tier: 'x-tier',
        roles: 'x-roles',
        audience: 'x-aud',
        session: 'x-session',
        rate_tier: 'x-rate',
      },
    ],
    [
      'a tier nobody knows as the least, whatever the permissions',
      { ...ANA, 'x-tier': 'root', 'x-user-permissions': 'admin' },
      {
        agent: 'ana',
        user: 'ana',
        tier: 'anonymous',
        scopes: ['admin'],
        proof: { method: 'proxy' },
      },
      { tier: 'x-tier' },
    ],
  ])('takes %s', (_, headers, subject, names) => {
    expect(identify(headers, names)).toEqual(subject)
  })

  it.each<[string, Record<string, unknown>, string, ProxyHeaders?]>([
    [
      'a name without the mark',
      { 'x-user-id': 'ana' },
      'the proxy does not say that it has checked the caller',
    ],
    [
      'a name with the mark `false`',
      { ...ANA, 'x-proxy-verified': 'false' },
      'the proxy does not say that it has checked the caller',
    ],
    [
      'a mark that came twice',
      { ...ANA, 'x-proxy-verified': 'true, true' },
      'the proxy does not say that it has checked the caller',
    ],
    [
      'permissions without the mark',
      { 'x-user-permissions': 'admin' },
      'the proxy does not say that it has checked the caller',
    ],
    ['a mark without a name', { 'x-proxy-verified': 'true' }, 'the proxy names no user'],
    ['an empty name', { ...ANA, 'x-user-id': ' ' }, 'the proxy names no user'],
    [
      'a name that came twice',
      { ...ANA, 'x-user-id': 'eve, ana' },
      'the proxy names more than one user',
    ],
    [
      'a name in two spellings',
      { ...ANA, 'X-User-Id': 'eve' },
      'header `x-user-id` is given twice',
    ],
    [
      'a name that is a list',
      { ...ANA, 'x-user-id': ['ana'] },
      'header `x-user-id` is no single text',
    ],
    ['no agent where one is to be', ANA, 'the proxy names no agent', { agent: 'x-agent' }],
    [
      'an invisible name',
      { ...ANA, 'x-user-id': 'an\u200ba' },
      'a header of the proxy: agent: the name has a character that is not visible',
    ],
    [
      'an odd session',
      { ...ANA, 'x-s': 'a\u0000b' },
      'a header of the proxy: session: the name has a character that is not visible',
      { session: 'x-s' },
    ],
  ])('refuses %s', (_, headers, message, names) => {
    expect(refusal(() => identify(headers, names))).toBe(message)
  })

  it.each<[string, string | undefined, boolean]>([
    ['a listed address', '192.0.2.7', true],
    ['an address in a listed network', '10.1.255.255', true],
    ['an IPv4 address as IPv6 shows it', '::ffff:10.1.2.3', true],
    ['the same in hexadecimal', '::FFFF:0a01:0203', true],
    ['an address in a listed IPv6 network', '2001:db8:0:1::1', true],
    ['another address', '10.2.0.1', false],
    ['another IPv4 address as IPv6 shows it', '::ffff:10.2.0.1', false],
    ['an IPv6 address that only ends like it', '2001:db9::10.1.2.3', false],
    ['an IPv4 address in octal', '012.1.2.3', false],
    ['an address with a port', '10.1.2.3:443', false],
    ['a name', 'proxy.example', false],
    ['nothing', undefined, false],
  ])('believes headers from %s: %s', (_, peer, isBelieved) => {
    const provider = trustedProxyIdentity({ peers: PEERS })
    const credentials: Credentials = { headers: ANA, ...(peer === undefined ? {} : { peer }) }
    const refused = 'headers of a proxy came from a peer that is not listed as one'
    expect(refusal(() => provider.identify(credentials))).toBe(isBelieved ? 'believed' : refused)
  })

  it('takes a peer that is not listed and shows no such headers for anonymous', () => {
    expect(identify({ authorization: 'Bearer x' }, undefined, '203.0.113.1')).toBeUndefined()
  })

  it('keeps the contract of identity providers', async () => {
    const make = () => trustedProxyIdentity({ peers: PEERS })
    const invalid = [
      { headers: ANA },
      { headers: ANA, peer: '203.0.113.1' },
      { headers: { 'x-user-id': 'ana' }, peer: PEER },
    ]
    expect(
      await testIdentityProvider(make, { valid: { headers: ANA, peer: PEER }, invalid }),
    ).toEqual([])
  })

  it.each<[string, object]>([
    ['no peers', { peers: [] }],
    ['no list of peers', { peers: '10.0.0.0/8' }],
    ['a name as a peer', { peers: ['proxy.example'] }],
    ['a network with host bits', { peers: ['10.1.2.3/8'] }],
    ['everybody as a peer', { peers: ['0.0.0.0/0'] }],
    ['everybody as a peer, in IPv6', { peers: ['::/0'] }],
    ['everybody as a peer, mapped', { peers: ['::ffff:0.0.0.0/96'] }],
    ['a misspelt header', { peers: PEERS, headers: { usr: 'x' } }],
    ['a header with a blank', { peers: PEERS, headers: { user: 'x user' } }],
    ['one header for two things', { peers: PEERS, headers: { team: 'X-Same', tenant: 'x-same' } }],
    ['a misspelt option', { peers: PEERS, header: {} }],
  ])('cannot be made with %s', (_, options) => {
    expect(() => trustedProxyIdentity(options as TrustedProxyOptions)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })
})

describe('compilePeers', () => {
  it('takes a network of mapped addresses for the IPv4 network that it is', () => {
    const isListed = compilePeers(['::ffff:10.1.0.0/112'])
    expect(['10.1.9.9', '::ffff:10.1.9.9', '10.2.0.0'].map(isListed)).toEqual([true, true, false])
  })
})
