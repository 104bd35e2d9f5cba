import { describe, expect, it } from 'vitest'
import { createTenantShares, type Share } from './tenant-shares.ts'

interface Item {
  readonly name: string
}

function sharesOf(...all: readonly (readonly [string, Share])[]) {
  const shares = createTenantShares<Item>()
  const items = new Map<string, Item>()
  for (const [name, share] of all) {
    const item = items.get(name) ?? { name }
    items.set(name, item)
    shares.put(item, share)
  }
  const nobody = { name: 'nobody' }
  return {
    shares,
    first: (except = '') => shares.first(items.get(except) ?? nobody)?.name,
    remove(name: string) {
      const item = items.get(name)
      if (item !== undefined) shares.remove(item)
    },
  }
}

const of = (tenant: string | undefined, weight = 1, last = false): Share => ({
  tenant,
  weight,
  last,
})

describe('shares of tenants', () => {
  it.each<[string, readonly (readonly [string, Share])[], string, string | undefined]>([
    ['nothing gives nothing', [], '', undefined],
    [
      'of one tenant the least recently used goes first',
      [
        ['a', of('t')],
        ['b', of('t')],
      ],
      '',
      'a',
    ],
    [
      'what is used again goes later',
      [
        ['a', of('t')],
        ['b', of('t')],
        ['a', of('t')],
      ],
      '',
      'b',
    ],
    [
      'who holds most gives first, whoever came first',
      [
        ['a', of('small')],
        ['b', of('large', 2)],
        ['c', of('large', 1)],
      ],
      '',
      'b',
    ],
    [
      'no tenant is a tenant too',
      [
        ['a', of('t')],
        ['b', of(undefined, 2)],
      ],
      '',
      'b',
    ],
    [
      'what is to go last does',
      [
        ['a', of('t', 5, true)],
        ['b', of('t', 1)],
      ],
      '',
      'b',
    ],
    ['and goes where nothing else is left', [['a', of('t', 5, true)]], '', 'a'],
    [
      'what is needed now does not go',
      [
        ['a', of('t', 9)],
        ['b', of('u')],
      ],
      'a',
      'b',
    ],
    ['also where it is alone', [['a', of('t')]], 'a', undefined],
    ['what weighs nothing frees nothing', [['a', of('t', 0)]], '', undefined],
    [
      'a weight counts once',
      [
        ['a', of('t', 9)],
        ['b', of('u', 2)],
        ['a', of('t', 1)],
      ],
      '',
      'b',
    ],
    [
      'an item may change its tenant',
      [
        ['a', of('t', 3)],
        ['a', of('u', 1)],
        ['b', of('t', 2)],
      ],
      '',
      'b',
    ],
  ])('%s', (_, all, except, first) => {
    expect(sharesOf(...all).first(except)).toBe(first)
  })

  it('add up, and go down with what is removed', () => {
    const { shares, remove } = sharesOf(['a', of('t', 3)], ['b', of('u', 2)], ['a', of('t', 5)])
    const before = shares.total
    for (const name of ['a', 'a', 'unknown']) remove(name)
    expect([before, shares.total]).toEqual([7, 2])
  })
})
