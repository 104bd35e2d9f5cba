import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SnapshotLimits, snapshot } from './snapshot.ts'

const LIMITS: SnapshotLimits = { maxDepth: 64, maxNodes: 100_000, maxSize: 4 * 1024 * 1024 }

const detailOf = (value: unknown, limits = LIMITS): string => {
  const taken = snapshot(value, limits)
  return taken.ok ? 'taken' : taken.detail
}

const cyclic: Record<string, unknown> = {}
cyclic['self'] = cyclic

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? { a: value } : [value]
  return { value }
}

describe('snapshot', () => {
  it.each([
    ['a cycle', cyclic, 'nested deeper than 64'],
    ['100,000 levels', nested(100_000), 'nested deeper than 64'],
    ['a big integer', { a: 1n }, 'a value is a bigint'],
    ['a function', { a: () => 1 }, 'a value is a function'],
    ['a symbol', { a: Symbol('x') }, 'a value is a symbol'],
    ['NaN', { a: Number.NaN }, 'not finite'],
    ['infinity', { a: [Number.POSITIVE_INFINITY] }, 'not finite'],
    ['a Map', { a: new Map() }, 'instance of a class'],
    ['a Date', { a: new Date() }, 'instance of a class'],
    [
      'a throwing getter',
      Object.defineProperty({}, 'a', {
        enumerable: true,
        get: () => {
          throw new Error('x')
        },
      }),
      'a getter or proxy threw',
    ],
    [
      'a throwing proxy',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('x')
          },
        },
      ),
      'a getter or proxy threw',
    ],
    ['a text of 50 MB', { a: 'x'.repeat(50_000_000) }, 'too large'],
    ['a sparse array of ten million', { a: new Array(10_000_000) }, 'too many values'],
    ['a million numbers', { a: Array.from({ length: 1_000_000 }, () => 1) }, 'too many values'],
    ['text', 'x', 'not a plain object'],
    ['an array', [], 'not a plain object'],
    ['nothing', undefined, 'not a plain object'],
    ['null', null, 'not a plain object'],
  ])('refuses %s without throwing', (_name, value, detail) => {
    expect(detailOf(value)).toContain(detail)
  })

  it.each([
    [
      'an object of another realm',
      Object.setPrototypeOf(
        { a: 1 },
        Object.create(null, Object.getOwnPropertyDescriptors(Object.prototype)),
      ),
    ],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
    ['63 levels', nested(62)],
  ])('takes %s', (_name, value) => {
    expect(detailOf(value)).toBe('taken')
  })

  it('copies what JSON would say, and freezes every level', () => {
    fc.assert(
      fc.property(
        fc.object({
          maxDepth: 6,
          values: [
            fc.string(),
            fc.double({ noNaN: true, noDefaultInfinity: true }),
            fc.boolean(),
            fc.constant(null),
            fc.constant(undefined),
          ],
        }),
        (value) => {
          const taken = snapshot(value, LIMITS)
          expect(taken.ok && JSON.stringify(taken.value)).toBe(JSON.stringify(value))
          expect(taken.ok && isDeepFrozen(taken.value)).toBe(true)
        },
      ),
    )
  })

  it('reads each property once, so a getter that changes its answer is judged by its first', () => {
    let reads = 0
    const value = Object.defineProperty({}, 'query', {
      enumerable: true,
      get: () => `read ${++reads}`,
    })
    expect([snapshot(value, LIMITS), reads]).toEqual([{ ok: true, value: { query: 'read 1' } }, 1])
  })

  it('keeps a key named __proto__ as plain data', () => {
    const taken = snapshot(JSON.parse('{"__proto__":{"isAdmin":true},"a":1}'), LIMITS)
    const value = taken.ok ? taken.value : {}
    expect([
      Object.keys(value),
      (value as { isAdmin?: boolean }).isAdmin,
      Object.getPrototypeOf(value) === Object.prototype,
    ]).toEqual([['__proto__', 'a'], undefined, true])
  })

  it('is untouched by what the caller does afterwards', () => {
    const args = { list: ['SELECT 1'] }
    const taken = snapshot(args, LIMITS)
    args.list[0] = 'DROP TABLE users'
    expect(taken).toEqual({ ok: true, value: { list: ['SELECT 1'] } })
  })

  it.each([
    ['depth', { ...LIMITS, maxDepth: 2 }, { a: { b: { c: 1 } } }, 'nested deeper than 2'],
    ['values', { ...LIMITS, maxNodes: 2 }, { a: 1, b: 2, c: 3 }, 'too many values'],
    ['size', { ...LIMITS, maxSize: 40 }, { a: 'x'.repeat(40) }, 'too large'],
    ['size of keys', { ...LIMITS, maxSize: 40 }, { ['k'.repeat(40)]: 1 }, 'too large'],
  ])('bounds %s', (_name, limits, value, detail) => {
    expect(detailOf(value, limits)).toContain(detail)
  })
})

function isDeepFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return Object.isFrozen(value) && Object.values(value).every(isDeepFrozen)
}
