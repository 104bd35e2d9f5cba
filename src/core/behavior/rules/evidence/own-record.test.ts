import { describe, expect, it } from 'vitest'
import {
  actionsOf,
  argumentOf,
  findingsOver,
  flowOf,
  leafOf,
  placeOf,
  requestOf,
  responseOf,
  type ViewParts,
} from '../event.fixture.ts'
import { restrictedReadExternalWrite as rule } from '../restricted-read-external-write.ts'

describe('what a customer is told of his own record', () => {
  const rows = [
    ['501', '9001', 'Northway', 'IN77 5521 9090 1111'],
    ['502', '9002', 'Swift Post', 'IN77 5521 9090 2222'],
  ] as const
  const leaves = rows.flatMap(([ticket, order, carrier, account], record) => [
    leafOf('ticket', ticket, record),
    leafOf('order', order, record),
    leafOf('carrier', carrier, record),
    leafOf('account', account, record),
  ])
  const told = (ticket: string, text: string, view: ViewParts = {}, restricted = true) =>
    actionsOf(
      findingsOver(rule, [
        [
          responseOf({
            tool: 'orders.list',
            tags: restricted ? ['restricted'] : [],
            number: 2,
            leaves,
          }),
        ],
        [
          requestOf({
            tool: 'desk.reply',
            tags: ['external_write'],
            arguments: [argumentOf('ticket', ticket, 'identifier'), argumentOf('text', text)],
          }),
          { flows: [flowOf({ length: 12 })], ...view },
        ],
      ]),
    )

  it.each<[string, string, string, ViewParts, string[]]>([
    ['his own', '502', 'Your order 9002 comes with Swift Post.', {}, []],
    ['another’s', '502', 'Your order comes with Northway.', {}, ['ask']],
    [
      'his own and another’s',
      '502',
      'Order 9002 by Swift Post, order 9001 by Northway.',
      {},
      ['ask'],
    ],
    ['his own account', '502', 'Your account is IN77 5521 9090 2222.', {}, ['ask']],
    ['a record of no customer', '777', 'Your order comes with Swift Post.', {}, ['ask']],
    [
      'his own, and a long text of the source',
      '502',
      'Swift Post',
      { flows: [flowOf({ kind: 'text', length: 400 })] },
      ['ask'],
    ],
    [
      'his own, and data of another answer',
      '502',
      'Swift Post',
      { flows: [flowOf({}), flowOf({ from: 1, value: 'h2' })] },
      ['ask'],
    ],
    [
      'his own, at a place that the policy denies',
      '502',
      'Swift Post',
      { destinations: [placeOf('x', { denied: true })] },
      ['terminate'],
    ],
  ])('judges %s', (_, ticket, text, view, actions) => {
    expect(told(ticket, text, view)).toEqual(actions)
  })
})
