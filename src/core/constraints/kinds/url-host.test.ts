import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import { faults, judge, standing } from '../probe.fixture.ts'

const ALLOW = [
  'shop.test',
  '*.cdn.test',
  'https://pay.test:9443',
  'any.test:*',
  'bücher.test',
  '198.51.100.7',
  '[2001:db8::7]',
]
const of = (value: JsonValue) => standing('url_host', ALLOW, { url: value })

describe('url_host', () => {
  it.each([
    ['https://shop.test'],
    ['http://shop.test/'],
    ['HTTPS://Shop.TEST/a/b?c#d'],
    ['https://shop.test:443/'],
    ['http://shop.test:80/'],
    ['https://a.cdn.test/'],
    ['https://a.b.c.cdn.test/'],
    ['https://pay.test:9443/x'],
    ['http://any.test:81/'],
    ['https://any.test/'],
    ['https://bücher.test/'],
    ['https://xn--bcher-kva.test/'],
    ['https://198.51.100.7/'],
    ['https://[2001:DB8:0::7]/'],
    ['https://shop.test/?next=https://evil.test/'],
    ['https://shop.test/@evil.test'],
    ['https://shop.test/日本'],
    ['shop.test'],
  ])('takes %s', (url) => {
    expect(of(url)).toBe('inside')
  })

  it.each([
    ['https://evil.test/shop.test'],
    ['https://evil.test?shop.test'],
    ['https://evil.test#shop.test'],
    ['https://shop.test.evil.test'],
    ['https://evilshop.test'],
    ['https://www.shop.test'],
    ['https://cdn.test'],
    ['https://evilcdn.test'],
    ['https://a.cdn.test.evil.test'],
    ['https://pay.test/'],
    ['http://pay.test:9443/'],
    ['https://198.51.100.8/'],
    ['https://[::1]/'],
    ['https://localhost/'],
    ['https://xn--shp-qna.test/'],
    ['evil.test'],
  ])('refuses %s', (url) => {
    expect(of(url)).toBe('outside')
  })

  it.each([['https://shop.test:8443/'], ['ftp://shop.test/'], ['https://a.cdn.test:1/']])(
    'neither allows %s nor lets a deny rule miss it',
    (url) => {
      expect(of(url)).toBe('inside outside')
    },
  )

  it.each<[JsonValue]>([
    ['https://shop.test@evil.test/'],
    ['https://a:b@shop.test/'],
    ['https://@shop.test/'],
    ['https://evil.test\\@shop.test'],
    ['https:/\\shop.test'],
    ['https:shop.test'],
    ['https:///shop.test'],
    ['//shop.test/'],
    ['https://'],
    ['https://sh\nop.test'],
    [' https://shop.test'],
    ['https://shop.test/a b'],
    ['https://shop.test\u0000'],
    ['https://sho\u00adp.test'],
    ['https://sh\u200bop.test'],
    ['https://ｓｈｏｐ.test'],
    ['https://shop。test'],
    ['https://ⓢhop.test'],
    ['https://shop%2etest'],
    ['https://shop.test.'],
    ['https://shop..test'],
    ['https://.cdn.test'],
    ['https://*.cdn.test'],
    ['https://shop.test:'],
    ['https://shop.test:0443'],
    ['https://shop.test:99999'],
    ['https://shop.test:a'],
    ['https://0xc6336407/'],
    ['https://3325256711/'],
    ['https://198.51.25607/'],
    ['https://0306.51.100.7/'],
    ['https://[::ffff:198.51.100.7]/'],
    ['https://[2001:db8::7%25eth0]/'],
    ['https://[2001:db8::7'],
    ['javascript:alert(1)'],
    ['data:text/html,shop.test'],
    ['blob:https://shop.test/x'],
    ['view-source:https://shop.test'],
    ['mailto:a@shop.test'],
    ['shop.test:443'],
    ['https://shop.test,https://evil.test/'],
    ['https://shop.test/,https://evil.test/'],
    [`https://${'a.'.repeat(130)}test/`],
    [`https://shop.test/${'a'.repeat(65_536)}`],
    [''],
    [7],
    [{ href: 'x' }],
  ])('is unsure of %j', (url) => {
    expect(of(url)).toBe('unsure')
  })

  it('never takes broken punycode for a listed host, whatever the platform makes of it', () => {
    expect(of('https://xn--a.test/')).not.toBe('inside')
  })

  it('judges every alias, nested and repeated ones', () => {
    const args = { url: 'https://shop.test', hooks: [{ callbackUrl: 'https://evil.test' }] }
    expect(judge('url_host', ALLOW, args)).toEqual({
      standing: 3,
      detail: '`hooks[0].callbackUrl` has a host, or a port, that is not listed',
    })
  })

  it('takes other schemes where the config lists them, or an entry names one', () => {
    expect([
      standing('url_host', { allow: ['live.test'], schemes: ['wss'] }, { url: 'wss://live.test/' }),
      standing(
        'url_host',
        { allow: ['live.test'], schemes: ['wss'] },
        { url: 'https://live.test' },
      ),
      standing('url_host', ['wss://live.test'], { url: 'wss://live.test:443/' }),
    ]).toEqual(['inside', 'inside outside', 'inside'])
  })

  it.each<[string, string]>([
    ['*', 'bad_glob 0'],
    ['a.*.test', 'bad_glob 0'],
    ['*shop.test', 'bad_glob 0'],
    ['*.198.51.100.7', 'bad_glob 0'],
    ['shop.test/path', 'bad_name 0'],
    ['user@shop.test', 'bad_name 0'],
    ['shop test', 'bad_name 0'],
    ['shop.test:99999', 'bad_name 0'],
    ['shop.test.', 'bad_name 0'],
    ['010.0.0.1', 'bad_name 0'],
  ])('refuses %s in a policy', (entry, fault) => {
    expect(faults('url_host', [entry])).toEqual([fault])
  })

  it('takes its own entries in a policy', () => {
    expect(faults('url_host', { allow: [...ALLOW, 'https://shop.test/'] })).toEqual([])
  })

  it('agrees with its reference: whatever is inside, WHATWG URL and a plain reader find the host', () => {
    const piece = fc.constantFrom(
      'https',
      'http',
      ':',
      '/',
      '//',
      '\\',
      '@',
      '#',
      '?',
      '.',
      '%2e',
      'shop',
      'test',
      'evil',
      'shop.test',
      'evil.test',
      '.cdn.test',
      ':443',
      ':9443',
      '[::1]',
      ' ',
      '\t',
      '*',
      'xn--',
      '\u00ad',
    )
    const text = fc.array(piece, { maxLength: 9 }).map((parts) => parts.join(''))
    const url = fc.oneof(
      text,
      text.map((rest) => `https://${rest}`),
      text.map((rest) => `https://shop.test${rest}`),
    )
    fc.assert(
      fc.property(url, (value) => {
        if (standing('url_host', ['shop.test', '*.cdn.test'], { url: value }) !== 'inside') return
        const full = value.includes('://') ? value : `https://${value}`
        const host = new URL(full).host
        const plain = full
          .split('//')[1]
          ?.split(/[/?#]/)[0]
          ?.replace(/:(443|80)$/, '')
        expect([host, /^(?:shop\.test|[^/]+\.cdn\.test)$/.test(host)]).toEqual([plain, true])
      }),
      { numRuns: 3000 },
    )
  })

  it.each<[JsonObject, string]>([
    [{ url: 'https://a.test', proxy: 'https://evil.test' }, 'inside outside'],
    [{ url: 'https://a.test', uploadURL: 'https://evil.test' }, 'inside outside'],
    [{ url: 'https://a.test', db_host: 'evil.test' }, 'inside outside'],
    [
      { url: 'https://a.test', url_id: 'x', curl: 'x', max_links: 3, country_of_origin: 'DE' },
      'inside',
    ],
  ])('looks at names that end in a word for hosts: %j is %s', (args, wanted) => {
    expect(standing('url_host', ['a.test'], args)).toBe(wanted)
  })
})
