import { Buffer } from 'node:buffer'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainResponse } from './plain-response.ts'

const LIMITS = { maxDepth: 64, maxNodes: 50_000, maxSize: 40_000 }
const SECRET = 'Q7mZt4Wc9LrXv2Kp'

const textOf = (value: unknown): string => JSON.stringify(plainResponse(value, LIMITS).value)

describe('a response', () => {
  it('that is JSON is taken as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const plain = plainResponse(value, LIMITS)
        expect([JSON.stringify(plain.value), plain.exact]).toEqual([JSON.stringify(value), true])
      }),
    )
  })

  it.each<[string, unknown]>([
    ['a Map', new Map([['password', SECRET]])],
    ['a Map with keys of any kind', new Map([[{}, SECRET]])],
    ['a Set', new Set([SECRET])],
    ['a Buffer', Buffer.from(`key ${SECRET}`)],
    ['an ArrayBuffer', new Uint8Array(Buffer.from(SECRET)).buffer],
    ['a view of bytes', new DataView(new Uint8Array(Buffer.from(SECRET)).buffer)],
    ['an Error', new Error(`no ${SECRET}`)],
    ['an Error’s cause', new Error('no', { cause: new Error(SECRET) })],
    ['an Error with data', Object.assign(new Error('no'), { data: { key: SECRET } })],
    ['errors of an error', new AggregateError([new Error(SECRET)], 'all failed')],
    [
      'an instance of a class',
      new (class Row {
        key = SECRET
      })(),
    ],
    ['what gives itself as JSON', { toJSON: () => ({ key: SECRET }) }],
    ['an address', new URL(`https://a.test/?key=${SECRET}`)],
    ['a String object', new String(SECRET)],
    ['an object without a prototype', Object.assign(Object.create(null), { key: SECRET })],
    ['a field whose neighbour throws', Object.defineProperty({ key: SECRET }, 'bad', throwing())],
    ['what lies deep', deep(70)],
    ['what lies deeper than calls may nest', deep(20_000)],
    ['a list with holes', Object.assign(new Array(3), { 1: SECRET })],
    ['a member beside a function', { run() {}, key: SECRET }],
    ['a member beside a bigint', { count: 10n, key: SECRET }],
  ])('that is %s is read as far as it goes', (_, value) => {
    const plain = plainResponse(value, LIMITS)
    expect([textOf(value).includes(SECRET), JSON.stringify(plain.value) !== undefined]).toEqual([
      true,
      true,
    ])
  })

  it('that is an Error shows no credentials of the request that failed', () => {
    const config = { headers: { authorization: SECRET } }
    expect(textOf(Object.assign(new Error('no'), { config }))).not.toContain(SECRET)
  })

  it('of fields by name keeps the names', () => {
    expect(plainResponse(new Map([['password', 'x']]), LIMITS).value).toEqual({ password: 'x' })
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a symbol', Symbol('x')],
    ['a function', () => SECRET],
    ['a number that is none', Number.NaN],
    ['a proxy that throws', new Proxy({}, { ownKeys: fail, get: fail, getPrototypeOf: fail })],
    ['a proxy of a function', new Proxy(() => 1, { get: fail })],
    ['an Error that throws', Object.defineProperty(new Error('x'), 'message', throwing())],
    ['what throws as JSON', { toJSON: fail }],
    ['what gives itself as JSON for ever', endless()],
    ['a revoked proxy', revoked()],
  ])('that is %s throws nothing, and is some JSON', (_, value) => {
    const plain = plainResponse(value, LIMITS)
    expect([plain.exact, typeof JSON.stringify(plain.value)]).toEqual([
      value === undefined,
      'string',
    ])
  })

  it('that goes round in a circle, or is too large, is read up to a bound', () => {
    const loop: Record<string, unknown> = { key: SECRET }
    loop['self'] = [loop, loop]
    const sizes = [
      loop,
      new Map(Array.from({ length: 50_000 }, (_, index) => [index, 'x'.repeat(50)])),
      Buffer.alloc(1_000_000, 'a'),
      new Error('x'.repeat(1_000_000)),
      Array.from({ length: 100_000 }, () => ({ a: 1n })),
    ].map((value) => textOf(value).length)
    expect(sizes.filter((size) => size > 20 * LIMITS.maxSize)).toEqual([])
  })

  it('keeps a field named `__proto__` as a field', () => {
    const value = Object.assign(JSON.parse('{"__proto__": {"admin": true}}'), { n: 1n })
    const plain = plainResponse(value, LIMITS).value
    expect([Object.keys(plain as object), 'admin' in (plain as object)]).toEqual([
      ['__proto__', 'n'],
      false,
    ])
  })

  it('never throws, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withBoxedValues: true,
          withDate: true,
          withMap: true,
          withNullPrototype: true,
          withObjectString: true,
          withSet: true,
          withSparseArray: true,
          withTypedArray: true,
        }),
        (value) => {
          expect(() => textOf(value)).not.toThrow()
        },
      ),
      { numRuns: 500 },
    )
  })
})

function fail(): never {
  throw new Error('no')
}

function throwing(): PropertyDescriptor {
  return { enumerable: true, get: fail }
}

function endless(): object {
  return { toJSON: endless }
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

function deep(depth: number): unknown {
  let value: unknown = { key: SECRET }
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value }
  return value
}
