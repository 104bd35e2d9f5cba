import { describe, expect, it } from 'vitest'
import { hostOf, isIpHost, matchesHost, parseHostPattern } from './host-name.ts'

describe('hostOf', () => {
  it.each<[string, string | undefined]>([
    ['Example.TEST', 'example.test'],
    ['a_b.test', 'a_b.test'],
    ['münchen.test', 'xn--mnchen-3ya.test'],
    ['MÜNCHEN.test', 'xn--mnchen-3ya.test'],
    ['10.0.0.1', '10.0.0.1'],
    ['[::0001]', '[::1]'],
    ['example.test.', undefined],
    ['-a.test', undefined],
    ['a-.test', undefined],
    ['10.1', undefined],
    ['ﬁle.test', undefined],
    ['a.test:80', undefined],
    ['a.test/x', undefined],
    ['', undefined],
    ['a'.repeat(64), undefined],
  ])('of %j is %j', (text, host) => {
    expect(hostOf(text)).toBe(host)
  })
})

describe('matchesHost', () => {
  it('covers with a wildcard what is below a name, not the name', () => {
    const pattern = parseHostPattern('*.a.test')
    const hosts = ['b.a.test', 'c.b.a.test', 'a.test', 'xa.test', 'a.test.evil.test']
    expect(hosts.map((host) => pattern && matchesHost(pattern, host))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})

describe('isIpHost', () => {
  it('tells addresses from names', () => {
    expect(['[::1]', '10.0.0.1', 'a1.test', '1a.test'].map(isIpHost)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})
