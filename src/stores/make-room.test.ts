import { describe, expect, it } from 'vitest'
import type { BucketTake, Charge } from '../core/model/ports.ts'
import { toDrop } from './make-room.ts'
import { MemoryBudgets } from './memory-budgets.ts'
import { MemoryRateLimits } from './memory-rates.ts'

const kept = (owner: string | undefined, usedAt: number, isOfSession = true) => ({
  owner,
  usedAt,
  isOfSession,
})

describe('what goes to make room', () => {
  it.each<[string, ReturnType<typeof kept>[], number, string | undefined, number[]]>([
    ['the longest unused of who holds most', [3, 1, 2].map((at) => kept('a', at)), 1, 'b', [1]],
    [
      'nothing of who holds less',
      [kept('b', 0), ...[1, 2, 3].map((at) => kept('a', at))],
      2,
      'c',
      [1, 2],
    ],
    ['what is of a session first', [kept('a', 1, false), kept('a', 2)], 1, 'b', [2]],
    ['never what is of all', [kept(undefined, 1), kept(undefined, 2)], 1, 'b', []],
    ['no more than asked for', ['a', 'b', 'c'].map((owner, at) => kept(owner, at)), 1, 'd', [0]],
    ['what others keep for longer', [kept('b', 1, false), kept('b', 2, false)], 1, 'a', [1]],
    ['never what the asker keeps for longer', [1, 2].map((at) => kept('a', at, false)), 1, 'a', []],
  ])('is %s', (_what, all, count, asker, gone) => {
    expect(toDrop(all, count, asker).map(({ usedAt }) => usedAt)).toEqual(gone)
  })
})

const MOST = 20

describe('a full store', () => {
  const charge = (owner: string, key: string, isOfSession = true): Charge => ({
    key: `${owner} ${key}`,
    amount: 1,
    limit: 2,
    windowMs: 86_400_000,
    owner,
    isOfSession,
  })
  const take = (owner: string, key: string, isOfSession = true): BucketTake => ({
    key: `${owner} ${key}`,
    intervalMs: 86_400_000,
    burst: 1,
    owner,
    isOfSession,
  })
  const stores = {
    accounts: () => {
      const store = new MemoryBudgets({ maxAccounts: MOST, idleMs: 86_400_000 })
      return {
        size: () => store.size,
        ask: (owner: string, key: string, at: number, isOfSession?: boolean) =>
          store.reserve([charge(owner, key, isOfSession), charge(owner, key, isOfSession)], at),
      }
    },
    buckets: () => {
      const store = new MemoryRateLimits(MOST)
      return {
        size: () => store.size,
        ask: (owner: string, key: string, at: number, isOfSession?: boolean) =>
          store.take([take(owner, key, isOfSession)], at),
      }
    },
  }

  it.each(['accounts', 'buckets'] as const)(
    'of %s lets others in, and keeps what they have, whoever opens sessions',
    (kind) => {
      const store = stores[kind]()
      expect(store.ask('victim', 'first', 0, false)).toBeUndefined()
      for (let at = 1; at < 10 * MOST; at++) expect(store.ask('flood', `${at}`, at)).toBeUndefined()

      expect(store.size()).toBeLessThanOrEqual(MOST)
      for (let session = 0; session < 5; session++)
        expect(store.ask('victim', `${session}`, 10 * MOST)).toBeUndefined()
      // Spent before the flood, and spent still.
      expect(store.ask('victim', 'first', 10 * MOST, false)).toBeDefined()
    },
  )

  it.each(['accounts', 'buckets'] as const)(
    'of %s refuses who fills it with what lasts, and nobody else',
    (kind) => {
      const store = stores[kind]()
      for (let name = 0; name < MOST; name++) store.ask('flood', `${name}`, name, false)

      expect(store.ask('flood', 'one more', MOST, false)).toMatchObject({ index: 0 })
      expect(store.ask('flood', 'and one', MOST, false)).toMatchObject({ index: 0 })
      expect(store.ask('victim', 'first', MOST, false)).toBeUndefined()
      expect(store.ask('flood', `${MOST - 1}`, MOST, false)).toBeDefined()
    },
  )
})
