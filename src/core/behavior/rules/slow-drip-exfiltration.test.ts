import { describe, expect, it } from 'vitest'
import {
  findingsOver,
  flowOf,
  placeOf,
  requestOf,
  responseOf,
  type Step,
  type ViewParts,
} from './event.fixture.ts'
import { slowDripExfiltration as rule } from './slow-drip-exfiltration.ts'

const STRANGER = [placeOf('x@evil.test')]

/** Sends one value a call. */
const drip = (
  calls: number,
  length: number,
  view: ViewParts = {},
  tags = ['external_write'],
): Step[] =>
  Array.from({ length: calls }, (_, index) => [
    requestOf({ tool: 'mail.send', tags, number: 3 + index }),
    {
      flows: [flowOf({ value: `h${index}`, length, confidence: 1 })],
      destinations: STRANGER,
      ...view,
    },
  ])

const firing = (steps: readonly Step[]): number[] =>
  findingsOver(rule, steps).flatMap((found, index) => (found.length > 0 ? [index] : []))

describe('slow_drip_exfiltration', () => {
  it('asks when the sum of small pieces passes the budget, and at each doubling', () => {
    expect(firing(drip(40, 512))).toEqual([7, 15, 31])
  })

  it.each<[string, readonly Step[], number]>([
    ['below the budget', drip(7, 512), 0],
    ['one large piece, which is another rule’s', drip(1, 9000), 0],
    [
      'places that are known',
      drip(40, 512, { destinations: [placeOf('a@b.test', { known: true })] }),
      0,
    ],
    [
      'the same value again and again',
      drip(40, 512).map(([event, view]) => [event, { ...view, flows: [flowOf({ length: 512 })] }]),
      0,
    ],
    ['an internal tool', drip(40, 512, {}, ['internal_write']), 0],
    [
      'data of no restricted source',
      drip(40, 512).map(([event], index) => [
        event,
        {
          flows: [flowOf({ value: `h${index}`, length: 512 }, { restricted: false })],
          destinations: STRANGER,
        },
      ]),
      0,
    ],
    [
      'addresses',
      drip(40, 512).map(([event], index) => [
        event,
        {
          flows: [flowOf({ value: `h${index}`, length: 512, role: 'destination' })],
          destinations: STRANGER,
        },
      ]),
      0,
    ],
    ['just the budget', drip(8, 512), 1],
    [
      'values that the user knows',
      drip(40, 512, { flows: [flowOf({ trusted: true, length: 9999 })] }),
      0,
    ],
    [
      'a lower budget',
      drip(4, 100, { policy: { rules: { slow_drip_exfiltration: { min_bytes: 300 } } } }),
      1,
    ],
    [
      'more calls than the policy lets go',
      drip(9, 512, { policy: { rules: { slow_drip_exfiltration: { min_calls: 10 } } } }),
      0,
    ],
  ])('counts findings for %s', (_, steps, count) => {
    expect(firing(steps)).toHaveLength(count)
  })

  it('sees a drip that goes to ever other places', () => {
    const steps = drip(9, 512).map(
      ([event, view], index): Step => [
        event,
        { ...view, destinations: [placeOf(`x${index}@evil.test`)] },
      ],
    )
    expect(firing(steps)).toEqual([7])
  })

  it('counts identifiers, which no other rule looks at', () => {
    const steps = drip(9, 512).map(
      ([event], index): Step => [
        event,
        {
          flows: [flowOf({ value: `h${index}`, length: 512, confidence: 1, role: 'identifier' })],
          destinations: STRANGER,
        },
      ],
    )
    expect(firing(steps)).toEqual([7])
  })
})

describe('slow_drip_exfiltration by names of hosts', () => {
  const read: Step = [responseOf({ tool: 'vault.read', tags: ['restricted'], number: 2 })]
  const lookups = (names: readonly string[], tags = ['network_egress']): Step[] =>
    names.map((name, index) => [
      requestOf({ tool: 'dns.resolve', tags, number: 3 + index, arguments: { name } }),
    ])
  const below = (labels: readonly string[], domain = 'n.drain.test') =>
    labels.map((label) => `${label}.${domain}`)
  const HEX = ['6b65792d', '31326234', '7a39306c', '70717273', '5a395951']

  it.each<[string, Step[], number[]]>([
    ['hexadecimal labels', [read, ...lookups(below(HEX))], [4, 5]],
    [
      'labels in URLs',
      [read, ...lookups(below(HEX).map((host) => `https://${host}/p.gif`))],
      [4, 5],
    ],
    [
      'labels in Base32',
      [read, ...lookups(below(['mzxw6ytb', 'oi2gk3tf', 'nz2xe43f', 'mfrgg2dj']))],
      [4],
    ],
    [
      'the same label again',
      [read, ...lookups(below(HEX.slice(0, 3).concat(HEX.slice(0, 3))))],
      [],
    ],
    [
      'labels below many domains',
      [read, ...HEX.flatMap((label, index) => lookups([`${label}.d${index}.test`]))],
      [],
    ],
    [
      'names that people give',
      [read, ...lookups(below(['www', 'mail', 'cdn-2', 'api', 'static', 'build7']))],
      [],
    ],
    ['labels before anything was read', lookups(below(HEX)), []],
    ['labels that go nowhere', [read, ...lookups(below(HEX), ['data_source'])], []],
  ])('judges %s', (_, steps, expected) => {
    expect(firing(steps)).toEqual(expected)
  })
})
