import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fieldsHash, textHash } from './text-hash.ts'

describe('textHash', () => {
  // @see https://datatracker.ietf.org/doc/html/draft-eastlake-fnv (test values of FNV-1a, 32 bits)
  it.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('is FNV-1a: %j', (text, hash) => {
    expect(textHash(text)).toBe(hash)
  })

  it('tells long texts apart by their ends and length alone, where so asked', () => {
    const [long, other] = [`a${'x'.repeat(500)}b`, `a${'x'.repeat(200)}y${'x'.repeat(299)}b`]
    expect(textHash(long, 0, 100)).toBe(textHash(other, 0, 100))
    expect(textHash(long)).not.toBe(textHash(other))
    expect(textHash(`${long}b`, 0, 100)).not.toBe(textHash(long, 0, 100))
  })
})

describe('fieldsHash', () => {
  it('is the same for any order of fields', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ key: fc.string(), text: fc.string() })), (fields) => {
        expect(fieldsHash([...fields].reverse())).toBe(fieldsHash(fields))
      }),
    )
  })

  it('tells apart which field has which value', () => {
    const one = [
      { key: 'a', text: '1' },
      { key: 'b', text: '2' },
    ]
    const other = [
      { key: 'a', text: '2' },
      { key: 'b', text: '1' },
    ]
    expect(fieldsHash(one)).not.toBe(fieldsHash(other))
  })
})
