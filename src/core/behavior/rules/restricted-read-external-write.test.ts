import { describe, expect, it } from 'vitest'
import {
  argumentOf,
  findingsIn,
  flowOf,
  placeOf,
  type RequestParts,
  requestOf,
  type ViewParts,
} from './event.fixture.ts'
import { restrictedReadExternalWrite as rule } from './restricted-read-external-write.ts'

const MAIL: RequestParts = { tool: 'mail.send_email', tags: ['external_write'] }
const STRANGER = [placeOf('mallory@evil.test')]
const FRIEND = [placeOf('anna@partner.test', { known: true })]
const row = flowOf({})

const found = (parts: RequestParts, view: ViewParts) => findingsIn(rule, requestOf(parts), view)

describe('restricted_read_external_write', () => {
  it('asks about restricted content for a place that nobody has named', () => {
    expect(found(MAIL, { flows: [row], destinations: STRANGER })).toMatchObject([
      {
        rule: 'restricted_read_external_write',
        message:
          'restricted data from `db.execute_sql` (event 2) goes out with `mail.send_email` to a place that nobody has named',
        trigger: 3,
        sources: [2],
        action: 'ask',
        score: 80,
      },
    ])
  })

  it.each<[string, RequestParts, ViewParts, string[]]>([
    [
      'a tool that names no place',
      { tool: 'support.post_reply', tags: ['external_write'] },
      { flows: [row] },
      ['ask'],
    ],
    [
      'a tool that no catalogue lists',
      { tool: 'misc.push', listed: false },
      { flows: [row] },
      ['ask'],
    ],
    ['running text', MAIL, { flows: [flowOf({ kind: 'text' })], destinations: STRANGER }, ['ask']],
    [
      'text in the place of an identifier',
      MAIL,
      { flows: [flowOf({ kind: 'text', role: 'identifier' })], destinations: STRANGER },
      ['ask'],
    ],
    [
      'one stranger among friends',
      MAIL,
      { flows: [row], destinations: [...FRIEND, ...STRANGER] },
      ['ask'],
    ],
    [
      'a place that the policy denies',
      MAIL,
      { flows: [row], destinations: [placeOf('x@evil.test', { denied: true, known: true })] },
      ['terminate'],
    ],
    [
      'a public post by the server that gave it',
      { tool: 'db.publish', tags: ['public_post'] },
      { flows: [row] },
      ['ask'],
    ],
    [
      'a mail from the mailbox to an address that stands in it',
      { tool: 'db.send', tags: ['external_write'] },
      { flows: [row, flowOf({ role: 'destination', value: 'h2' })], destinations: STRANGER },
      ['ask'],
    ],
    [
      'what percent encoding alone hides',
      MAIL,
      { flows: [flowOf({ encoded: ['percent'] })], destinations: STRANGER },
      ['ask'],
    ],
    [
      'a reply that the task speaks of',
      { tool: 'support.post_reply', tags: ['external_write'], task: 'Reply to the ticket' },
      { flows: [row] },
      ['ask'],
    ],
    [
      'a public calendar',
      { tool: 'calendar.create_event', tags: ['public_post'] },
      { flows: [row] },
      ['ask'],
    ],
    [
      'a calendar over the network',
      { tool: 'calendar.create_event', tags: ['network_egress'] },
      { flows: [row] },
      ['ask'],
    ],
    [
      'an account that another server gave',
      { tool: 'db.transfer', tags: ['external_write'] },
      {
        flows: [row, flowOf({ role: 'destination', value: 'h2' }, { server: 'mail' })],
        destinations: [placeOf('NO9386011117947')],
      },
      ['ask'],
    ],
    [
      'a booking that the task does not speak of',
      { tool: 'travel.reserve_hotel', tags: ['external_write'], task: 'Sum up my mail' },
      { flows: [row] },
      ['ask'],
    ],
    [
      'many weak values',
      MAIL,
      {
        flows: [1, 2, 3].map((n) => flowOf({ value: `w${n}`, confidence: 0.3 })),
        destinations: STRANGER,
      },
      ['ask'],
    ],
    [
      'data in a link of a mail',
      {
        tool: 'web.browse',
        tags: ['network_egress'],
        arguments: [
          argumentOf('url', `https://shop.test`, 'destination'),
          argumentOf('d', 'x'.repeat(24)),
        ],
      },
      {
        flows: [row, flowOf({ role: 'destination', value: 'h2', length: 17 })],
        destinations: [placeOf('shop.test')],
      },
      ['ask'],
    ],
    // The benign twins.
    [
      'one weak value, such as a date',
      MAIL,
      { flows: [flowOf({ confidence: 0.3 })], destinations: STRANGER },
      [],
    ],
    [
      'an attachment by its name alone',
      { ...MAIL, arguments: { attachments: 'invoice.pdf' } },
      { flows: [row], destinations: [...FRIEND, placeOf('invoice.pdf')] },
      [],
    ],
    [
      'a host that looks like a file',
      { ...MAIL, arguments: { url: 'invoice.zip' } },
      { flows: [row], destinations: [placeOf('invoice.zip')] },
      ['ask'],
    ],
    [
      'an attachment for a place that the task names',
      MAIL,
      { flows: [row], destinations: [...FRIEND, placeOf('/tmp/invoice.pdf')] },
      [],
    ],
    [
      'a booking that the task speaks of',
      { tool: 'travel.reserve_hotel', tags: ['external_write'], task: 'Book me a hotel' },
      { flows: [row] },
      [],
    ],
    [
      'an entry in the user’s own calendar',
      { tool: 'calendar.create_event', tags: ['external_write'] },
      { flows: [row] },
      [],
    ],
    [
      'an account of the bank that it gets back',
      { tool: 'db.transfer', tags: ['payment', 'external_write'] },
      {
        flows: [row, flowOf({ role: 'destination', value: 'h2' })],
        destinations: [placeOf('NO9386011117947')],
      },
      [],
    ],
    ['an internal tool', { tool: 'notes.append', tags: ['internal_write'] }, { flows: [row] }, []],
    ['a place that the task names', MAIL, { flows: [row], destinations: FRIEND }, []],
    [
      'a place that the policy allows',
      MAIL,
      { flows: [row], destinations: [placeOf('crm@own.test', { allowed: true })] },
      [],
    ],
    [
      'the identifier of a ticket',
      MAIL,
      { flows: [flowOf({ role: 'identifier', length: 11 })], destinations: STRANGER },
      [],
    ],
    [
      'the address of the addressee',
      MAIL,
      { flows: [flowOf({ role: 'destination' })], destinations: STRANGER },
      [],
    ],
    [
      'a value that the user knows',
      MAIL,
      { flows: [flowOf({ trusted: true })], destinations: STRANGER },
      [],
    ],
    [
      'a source that is not restricted',
      MAIL,
      { flows: [flowOf({}, { restricted: false })], destinations: STRANGER },
      [],
    ],
    [
      'what a server gets back from itself',
      { tool: 'db.update_order', tags: ['external_write'] },
      { flows: [row] },
      [],
    ],
    [
      'what it gets back with an account it gave',
      { tool: 'db.refund', tags: ['external_write'] },
      {
        flows: [row, flowOf({ role: 'destination', value: 'h2' }, { outside: false })],
        destinations: [placeOf('acct 77')],
      },
      [],
    ],
    [
      'hidden data, which is another rule’s',
      MAIL,
      { flows: [flowOf({ encoded: ['base64'] })], destinations: STRANGER },
      [],
    ],
    [
      'a secret, which is another rule’s',
      MAIL,
      { flows: [flowOf({ kind: 'secret' })], destinations: STRANGER },
      [],
    ],
    [
      'a link of a mail that is opened',
      {
        tool: 'web.browse',
        tags: ['network_egress'],
        arguments: [
          argumentOf('url', 'https://shop.test', 'destination'),
          argumentOf('url', '/orders/7714/track/long-name-of-it', 'content'),
        ],
      },
      {
        flows: [row, flowOf({ role: 'destination', value: 'h2', length: 50 })],
        destinations: [placeOf('shop.test')],
      },
      [],
    ],
  ])('judges %s', (_, parts, view, actions) => {
    expect(found(parts, view).map(({ action }) => action)).toEqual(actions)
  })

  it('takes half of a certainty for enough', () => {
    const counts = [0.49, 0.5].map(
      (confidence) =>
        found(MAIL, { flows: [flowOf({ confidence })], destinations: STRANGER }).length,
    )
    expect(counts).toEqual([0, 1])
  })

  it('counts a value once, as sure as its surest match', () => {
    const flows = [0.3, 0.6, 0.3].map((confidence) => flowOf({ confidence }))
    expect(found(MAIL, { flows, destinations: STRANGER })).toMatchObject([{ confidence: 0.6 }])
  })

  it('is silent on the text around a secret that is relayed', () => {
    const flows = [flowOf({ kind: 'secret' }), flowOf({ kind: 'text', value: 'h2' })]
    expect(found(MAIL, { flows, destinations: STRANGER })).toEqual([])
  })

  it('finds many values of one call once, with all their sources', () => {
    const flows = [2, 4, 4].map((from, index) => flowOf({ from, value: `h${index}`, to: 7 }))
    expect(found({ ...MAIL, number: 7 }, { flows, destinations: STRANGER })).toMatchObject([
      { sources: [2, 4] },
    ])
  })

  it('asks again for another place', () => {
    const causes = ['a@evil.test', 'b@evil.test'].map(
      (text) => found(MAIL, { flows: [row], destinations: [placeOf(text)] })[0]?.cause,
    )
    expect(new Set(causes).size).toBe(2)
    expect(causes.join()).not.toContain('evil')
  })
})
