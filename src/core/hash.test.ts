import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, MAX_CANONICAL_DEPTH, sha256Hex } from './hash.ts'
import type { JsonValue } from './model/json.ts'

/** The same value with the keys of every map the other way round. */
function reversed(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(reversed)
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  )
}

describe('sha256Hex', () => {
  it('is SHA-256 of the UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(sha256Hex(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'))
      }),
    )
  })
})

describe('canonicalJson', () => {
  it('sorts keys by UTF-16 units and writes numbers as ECMAScript does', () => {
    expect(canonicalJson({ '\ufb33': 1, '\u{1f600}': 2, b: -0, a: [1e21, 0.1, true, null] })).toBe(
      '{"a":[1e+21,0.1,true,null],"b":0,"\u{1f600}":2,"\ufb33":1}',
    )
  })

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const json = JSON.parse(JSON.stringify(value)) as JsonValue
        expect(canonicalJson(reversed(json))).toBe(canonicalJson(json))
        expect(JSON.parse(canonicalJson(json))).toEqual(json)
      }),
    )
  })

  it.each([
    ['NaN', Number.NaN],
    ['infinity', Number.NEGATIVE_INFINITY],
    ['undefined', [undefined]],
    ['a lone surrogate', '\ud800'],
    ['a big integer', 1n],
  ])('refuses %s', (_name, value) => {
    expect(() => canonicalJson(value as JsonValue)).toThrow(TypeError)
  })

  it('refuses what is nested too deep', () => {
    let value: JsonValue = 0
    for (let depth = 0; depth <= MAX_CANONICAL_DEPTH; depth++) value = [value]
    expect(() => canonicalJson(value)).toThrow(/nested deeper/)
  })
})
