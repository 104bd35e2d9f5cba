import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../model/json.ts'
import {
  actionsOf,
  argumentOf,
  findingsIn,
  findingsOver,
  flowOf,
  leafOf,
  matchOf,
  placeOf,
  type RequestParts,
  requestOf,
  responseOf,
  type ViewParts,
  viewFor,
} from './event.fixture.ts'
import { secretRelay } from './secret-relay.ts'

const REPLY = { tool: 'support.post_reply', tags: ['external_write'] }
const reply = (parts: RequestParts = {}) => requestOf({ ...REPLY, ...parts })
const secret = flowOf({ kind: 'secret', confidence: 0.97, value: 'h9' })

describe('secret_relay', () => {
  it('ends the session where a secret of a response goes out', () => {
    const event = reply({ number: 3, arguments: { body: 'here it is' } })
    expect(findingsIn(secretRelay, event, { flows: [secret] })).toEqual([
      {
        rule: 'secret_relay',
        severity: 'critical',
        confidence: 0.97,
        message: 'a secret from `db.execute_sql` (event 2) goes out with `support.post_reply`',
        trigger: 3,
        sources: [2],
        action: 'terminate',
        score: 90,
        cause: 'h9',
      },
    ])
  })

  it('finds every secret once, however often it stands in the request', () => {
    const flows = [
      secret,
      { ...secret, confidence: 0.8, role: 'identifier' as const },
      { ...secret, value: 'h10' },
    ]
    const found = findingsIn(secretRelay, reply(), { flows })
    expect(found.map(({ cause, confidence }) => [cause, confidence])).toEqual([
      ['h9', 0.97],
      ['h10', 0.97],
    ])
  })

  it.each<[string, RequestParts, ViewParts, number]>([
    ['an internal tool', { tool: 'vault.store', tags: ['internal_write'] }, { flows: [secret] }, 0],
    ['a value that is no secret, as the name of an author', REPLY, { flows: [flowOf({})] }, 0],
    ['a masked secret, which the scan takes for none', REPLY, { flows: [] }, 0],
    ['a secret that the user wrote', REPLY, { flows: [{ ...secret, trusted: true }] }, 0],
    [
      'a tool that no catalogue lists',
      { tool: 'mystery.post_note', listed: false },
      { flows: [secret] },
      1,
    ],
    [
      'a place that is known',
      REPLY,
      { flows: [secret], destinations: [placeOf('a@b.test', { known: true })] },
      1,
    ],
    [
      'a source that no tag calls restricted',
      REPLY,
      { flows: [{ ...secret, origin: { ...secret.origin, restricted: false } }] },
      1,
    ],
    ['a host name', REPLY, { flows: [{ ...secret, role: 'destination' }] }, 1],
  ])('counts findings for %s', (_, parts, view, count) => {
    expect(findingsIn(secretRelay, requestOf(parts), view)).toHaveLength(count)
  })

  it.each<[string, Partial<typeof secret>, string]>([
    ['encoded', { encoded: ['base64', 'compressed'] }, ', hidden as base64 in compressed'],
    [
      'split',
      { kind: 'secret', encoded: ['reversed'], hops: 2 },
      ', hidden as reversed, over 2 calls',
    ],
  ])('says how a secret travelled that is %s', (_, parts, words) => {
    const found = findingsIn(secretRelay, reply(), { flows: [{ ...secret, ...parts }] })
    expect(found[0]?.message.endsWith(`\`support.post_reply\`${words}`)).toBe(true)
  })

  describe('where a call was given the secret', () => {
    const encode = requestOf({ tool: 'text.encode', tags: ['internal_write'], number: 3 })
    const given = { ...secret, to: 3 }
    const derived = flowOf({
      kind: 'derived',
      from: 2,
      to: 5,
      chain: [2, 3, 4, 5],
      hops: 2,
      value: 'h20',
      confidence: 0.8,
    })

    it('takes what the call made of it for the same secret', () => {
      const found = findingsOver(secretRelay, [
        [encode, { flows: [given] }],
        [responseOf({ number: 4 })],
        [reply({ number: 5 }), { flows: [derived] }],
      ])
      expect(found[2]).toMatchObject([{ cause: 'h9', sources: [2, 3, 4], action: 'terminate' }])
    })

    it('is sure from 0.7 on', () => {
      const found = [0.69, 0.7].map((confidence) =>
        actionsOf(
          findingsOver(secretRelay, [
            [encode, { flows: [given] }],
            [reply({ number: 5 }), { flows: [{ ...derived, confidence }] }],
          ]),
        ),
      )
      expect(found).toEqual([['ask'], ['terminate']])
    })

    it('asks where it is not sure that the output is made of it', () => {
      const found = findingsOver(secretRelay, [
        [encode, { flows: [given] }],
        [reply({ number: 5 }), { flows: [{ ...derived, confidence: 0.5 }] }],
      ])
      expect(found[1]).toMatchObject([{ action: 'ask' }])
    })

    it('leaves the output of a call alone that was given no secret', () => {
      const found = findingsOver(secretRelay, [
        [encode, { flows: [flowOf({ to: 3 })] }],
        [reply({ number: 5 }), { flows: [derived] }],
      ])
      expect(found.flat()).toEqual([])
    })
  })

  describe('where the server gets back what it gave', () => {
    const own = flowOf({ kind: 'secret' }, { resource: 'shop.get_login', server: 'shop' })
    it.each<[string, RequestParts, number]>([
      [
        'a login with a credential',
        {
          tool: 'shop.login',
          tags: ['network_egress'],
          arguments: [argumentOf('username', 'somebody1'), argumentOf('password', 'x'.repeat(20))],
        },
        0,
      ],
      [
        'a reply that others read',
        { tool: 'shop.post_reply', tags: ['external_write'], arguments: { body: 'x'.repeat(20) } },
        1,
      ],
      [
        'a public post with a field called token',
        { tool: 'shop.post', tags: ['public_post'], arguments: { token: 'x'.repeat(20) } },
        1,
      ],
      [
        'a login at another server',
        { tool: 'other.login', tags: ['network_egress'], arguments: { password: 'x'.repeat(20) } },
        1,
      ],
      [
        'a login with a note for others',
        {
          tool: 'shop.login',
          tags: ['network_egress'],
          arguments: { password: 'short', note: 'x'.repeat(20) },
        },
        1,
      ],
    ])('tells a relay from %s', (_, parts, count) => {
      expect(findingsIn(secretRelay, requestOf(parts), { flows: [own] })).toHaveLength(count)
    })
  })

  it('keeps at most 64 carriers, and hashes only', () => {
    let memory: JsonValue | undefined
    for (let index = 0; index < 80; index++) {
      const event = requestOf({ tool: 'text.encode', tags: ['internal_write'], number: index + 3 })
      const flows = [{ ...secret, value: `h${index}` }]
      memory = secretRelay.remember?.(event, {
        ...viewFor(secretRelay, { flows }),
        memory,
      })
    }
    expect(memory).toEqual({
      doubtful: [],
      harmless: [],
      carriers: Array.from({ length: 64 }, (_, index) => [index + 19, `h${index + 16}`]),
    })
  })

  describe('where the source is not restricted', () => {
    const token = (header: string, signature: string): string =>
      [Buffer.from(header).toString('base64url'), 'eyJzdWIiOiJhIn0', signature].join('.')
    const signed = token('{"alg":"HS256"}', 'q'.repeat(43))
    const judged = (text: string, kind: string, confidence: number, tags: string[] = []) =>
      actionsOf(
        findingsOver(secretRelay, [
          [
            responseOf({ tool: 'docs.page', tags, number: 2, leaves: [leafOf('text', text)] }),
            {
              matches: [
                matchOf(kind, {
                  confidence,
                  start: Math.max(0, text.lastIndexOf(' ') + 1),
                  end: text.length,
                }),
              ],
            },
          ],
          [reply({ number: 3 }), { flows: [secret] }],
        ]),
      )

    it.each<[string, string, string, number, string[]]>([
      ['a key of a vendor', `the key ${'k'.repeat(20)}`, 'stripe_secret_key', 0.95, ['terminate']],
      ['a signed token', signed, 'json_web_token', 0.97, ['terminate']],
      ['a private key', '-----BEGIN', 'private_key_block', 0.99, ['terminate']],
      ['an unsigned token', token('{"alg":"none"}', ''), 'json_web_token', 0.97, []],
      [
        'a token with a word for a signature',
        token('{"alg":"HS256"}', 'signature'),
        'json_web_token',
        0.97,
        [],
      ],
      [
        'a signed token that is called an example',
        `Example (not valid): ${signed}`,
        'json_web_token',
        0.97,
        ['ask'],
      ],
      ['a value whose field is called so', 'harbour-61', 'password', 0.95, ['ask']],
      ['a vendor’s form by half', 'k'.repeat(20), 'stripe_secret_key', 0.7, ['ask']],
    ])('judges %s', (_, text, kind, confidence, actions) => {
      expect(judged(text, kind, confidence)).toEqual(actions)
    })

    it('ends the session for the same out of a restricted source', () => {
      expect(judged(`Example: ${signed}`, 'json_web_token', 0.97, ['restricted'])).toEqual([
        'terminate',
      ])
      expect(judged('harbour-61', 'password', 0.8, ['restricted'])).toEqual(['terminate'])
    })

    it('goes by the surest of several', () => {
      const text = `${'k'.repeat(24)} harbour-61`
      const matches = [
        matchOf('password', { start: 25, end: text.length }),
        matchOf('stripe_secret_key', { confidence: 0.95, start: 0, end: 24 }),
      ]
      const found = findingsOver(secretRelay, [
        [responseOf({ number: 2, leaves: [leafOf('', text)] }), { matches }],
        [reply({ number: 3 }), { flows: [secret] }],
      ])
      expect(actionsOf(found)).toEqual(['terminate'])
    })
  })
})
