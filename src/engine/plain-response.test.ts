import { Buffer } from 'node:buffer'
import vm from 'node:vm'
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
    ['a Map of another realm', vm.runInNewContext(`new Map([['key', '${SECRET}']])`)],
    ['a Set of another realm', { of: vm.runInNewContext(`new Set(['${SECRET}'])`) }],
    ['an Error of another realm', vm.runInNewContext(`new Error('${SECRET}')`)],
    ['bytes of another realm', vm.runInNewContext('new Uint8Array(codes)', { codes: codes() })],
    ['a String object with a field', Object.assign(new String('x'), { key: SECRET })],
    ['a Map with a field', Object.assign(new Map(), { key: SECRET })],
    ['an Error with a text of its own', Object.assign(new Error('no'), { details: SECRET })],
    ['parameters of an address', new URLSearchParams({ key: SECRET })],
    ['the second of two parameters', new URLSearchParams(`key=a&key=${SECRET}&key=b`)],
    ['headers', new Headers({ authorization: SECRET })],
    ['a form', form()],
    ['an answer with a header', new Response('x', { headers: { 'x-key': SECRET } })],
    ['shared memory', sharedBytes()],
    ['a view of shared memory', new Uint8Array(sharedBytes())],
    [
      'what a class computes',
      new (class Row {
        get key() {
          return SECRET
        }
      })(),
    ],
    [
      'what a class above computes',
      new (class Row extends class Base {
        get key() {
          return SECRET
        }
      } {})(),
    ],
    ['a pattern', { pattern: new RegExp(SECRET) }],
    ['what its `toJSON` hides', { key: SECRET, toJSON: () => ({}) }],
    ['what hides behind another class', Object.create(Map.prototype, hidden())],
    ['what calls itself a Map', { key: SECRET, [Symbol.toStringTag]: 'Map', run() {} }],
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

it('a response of parameters by name keeps the names, and all of one name', () => {
  const read = (value: unknown) => plainResponse(value, LIMITS).value
  expect(read(new URLSearchParams('password=x&tag=a&tag=b'))).toEqual({
    password: 'x',
    tag: ['a', 'b'],
  })
})

it('a response that gives all of itself as JSON is read once', () => {
  const value = {
    key: SECRET,
    run() {},
    toJSON() {
      return { ...this }
    },
  }
  expect(textOf(value).split(SECRET)).toHaveLength(2)
})

it('a response whose prototypes go on for ever is read up to a bound', () => {
  const endlessly = (): object => new Proxy({}, { getPrototypeOf: endlessly })
  expect(plainResponse(endlessly(), LIMITS).exact).toBe(false)
})

class Closed {
  readonly #rows = [SECRET]
  size(): number {
    return this.#rows.length
  }
}

function codes(): number[] {
  return [...Buffer.from(SECRET)]
}

function sharedBytes(): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(SECRET.length)
  new Uint8Array(shared).set(Buffer.from(SECRET))
  return shared
}

function form(file?: Blob): FormData {
  const data = new FormData()
  data.set('key', SECRET)
  if (file !== undefined) data.set('file', file)
  return data
}

function hidden(): PropertyDescriptorMap {
  return { key: { value: SECRET, enumerable: true } }
}

function throwingClass(): object {
  return Object.defineProperty({}, 'key', { get: fail })
}

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

describe('a response is known not to be whole', () => {
  const throwingProxy = new Proxy({}, { ownKeys: fail })
  function* counting(): Iterable<number> {
    yield 1
  }

  it.each<[string, unknown]>([
    ['of more values than are looked at', { list: new Array(50_001).fill(1) }],
    ['of a longer text', { text: 'x'.repeat(40_001) }],
    ['of more bytes', Buffer.alloc(200_000, 'x')],
    ['of a Map with a longer text', new Map([['a', 'x'.repeat(40_001)]])],
    [
      'of more values deep down',
      deepWith(
        40,
        Array.from({ length: 60_000 }, () => 'a'),
      ),
    ],
    ['of a Map too deep to be read', deepWith(70, new Map([['a', SECRET]]))],
    ['that refuses to be read', throwingProxy],
    ['of a field that refuses to be read', Object.defineProperty({}, 'bad', throwing())],
    ['that comes in pieces later', (async function* () {})()],
    ['that is still to be counted', counting()],
    ['that is still to be fetched', new Response('x')],
    ['that is a file', new Blob(['x'])],
    ['that is a stream of its own making', { async *[Symbol.asyncIterator]() {} }],
    ['that holds a file', form(new Blob(['x']))],
    ['that holds what comes later', { rows: Promise.resolve(1) }],
    ['that nobody can look into', { rows: new WeakMap() }],
    ['that keeps to itself what it holds', new Closed()],
    ['of a class that refuses to compute', Object.create(throwingClass())],
  ])('%s', (_, value) => {
    expect(plainResponse(value, LIMITS).whole).toBe(false)
  })

  it.each<[string, unknown]>([
    ['JSON', { a: [1, 'x', null] }],
    ['a Map', new Map([['a', 1]])],
    ['bytes', Buffer.from(SECRET)],
    ['headers', new Headers({ a: 'b' })],
    ['parameters of an address', new URLSearchParams('a=b')],
    ['an address', new URL('https://a.test/')],
    ['a date', { at: new Date(0) }],
    ['an empty Map', new Map()],
    [
      'an instance of a class',
      new (class Row {
        a = 1
      })(),
    ],
    ['an Error', new Error('no')],
    ['numbers and texts deep down', deepWith(70, [SECRET, 7, 8n, null, true])],
    ['a member beside a function', { run() {}, key: SECRET }],
    ['nothing', undefined],
  ])('and to be, where it is %s', (_, value) => {
    expect(plainResponse(value, LIMITS).whole).toBe(true)
  })

  it('reads the numbers that lie deep', () => {
    expect(textOf(deepWith(70, { card: 4111 }))).toContain('4111')
  })
})

function deepWith(levels: number, bottom: unknown): unknown {
  let value = bottom
  for (let level = 0; level < levels; level++) value = { in: value }
  return value
}
