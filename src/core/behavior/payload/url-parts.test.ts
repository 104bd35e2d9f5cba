import { describe, expect, it } from 'vitest'
import { hostOf, splitUrl } from './url-parts.ts'

describe('the host of an address', () => {
  it.each([
    'https://good.test/path?q=1',
    'https://user:pass@good.test:8443/',
    'https://x@good.test@evil.test/',
    'https://evil.test\\@good.test/',
    'https:evil.test/a',
    'https:///evil.test/a',
    'https:\\\\evil.test',
    ' \thttps://evil.test/',
    'ht\ntps://evil.test/',
    'wss://evil.test:99/#f',
  ])('is where a client would go: %j', (text) => {
    expect(hostOf(text)).toBe(new URL(text).hostname)
  })

  it.each(['mail someone', 'a:b', '//x', '', 'https://', 'x@y.test'])('is none in %j', (text) => {
    expect(hostOf(text)).toBeUndefined()
  })

  it('keeps what an address carries as content', () => {
    expect(splitUrl('https://a.test/p?k=v%20w#f')).toEqual([
      { key: '', text: 'https://a.test', role: 'destination' },
      { key: '', text: '/p', role: 'identifier' },
      { key: 'k', text: 'v w', role: 'content' },
      { key: '', text: 'f', role: 'content' },
    ])
  })
})
