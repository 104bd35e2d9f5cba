import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePath } from './path-decode.ts'
import { isTraversal } from './path-judgement.ts'
import { walkPath } from './path-walk.ts'

const name = fc
  .stringMatching(/^[a-z][a-z0-9_-]{0,8}$/)
  .filter((text) => !/0x(?:2[ef]|5c)/.test(text))
const DOTS = [
  '..',
  '%2e%2e',
  '%252e%252e',
  '.%2e',
  '\uff0e\uff0e',
  '%c0%ae%c0%ae',
  '%u002e%u002e',
  '0x2e0x2e',
  '.\u200b.',
  '%25252e.',
]
const SEPARATORS = [
  '/',
  '\\',
  '%2f',
  '%5c',
  '%252f',
  '%c0%af',
  '%e0%80%af',
  '\uff0f',
  '%u2215',
  '0x2f',
]

describe('walkPath', () => {
  it('finds what climbs, in every form of its dots and separators', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...DOTS), fc.constantFrom(...SEPARATORS)), {
          minLength: 3,
          maxLength: 8,
        }),
        name,
        (steps, last) => {
          const path = steps.map(([dots, separator]) => dots + separator).join('') + last
          expect([path, isTraversal(walkPath(path))]).toEqual([path, true])
        },
      ),
    )
  })

  it('agrees with the file system’s own reading of plain paths', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(name, fc.constantFrom('..', '.')), { maxLength: 10 }),
        (parts) => {
          const reference: string[] = []
          let exits = 0
          for (const part of parts)
            if (part === '..') exits += reference.pop() === undefined ? 1 : 0
            else if (part !== '.') reference.push(part)
          const { names, exits: found } = walkPath(parts.join('/'))
          expect({ names, found }).toEqual({ names: reference, found: exits })
        },
      ),
    )
  })

  it('calls no path of plain names a traversal', () => {
    fc.assert(
      fc.property(fc.array(name, { maxLength: 10 }), fc.boolean(), (parts, isAbsolute) => {
        expect(isTraversal(walkPath((isAbsolute ? '/' : '') + parts.join('/')))).toBe(false)
      }),
    )
  })

  it('finds the target of a path that is padded', () => {
    expect(walkPath(`${'./'.repeat(3000)}etc/shadow`).names.slice(-2)).toEqual(['etc', 'shadow'])
    expect(isTraversal(walkPath(`${'a/../'.repeat(2000)}../../../x`))).toBe(true)
  })

  it('takes an encoded path for disguised where it may not decode it', () => {
    expect([walkPath('a/%2e%2e/b', false), walkPath('a/b', false)].map(isTraversal)).toEqual([
      true,
      false,
    ])
  })

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const { text: decoded } = decodePath(text)
        expect(decoded.length).toBeLessThanOrEqual(text.length)
        expect(walkPath(text).climbs).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['%2e%2e', '..', false],
    ['a%20b', 'a b', false],
    ['%C3%A9', 'é', false],
    ['%c0%ae', '.', true],
    ['%e0%80%af', '/', true],
    ['%%32%65', '.', false],
    ['%bg%qf', '/', true],
    ['%00', '', true],
    ['100%', '100%', false],
    ['%zz', '', true],
    ['%u0041%U002e', 'A.', false],
    ['%u00', '', true],
    ['0x2e0X2f', './', false],
    ['0xzz', '0xzz', false],
    ['a0x0a', 'a0x0a', false],
    ['b0x4142', 'b0x4142', false],
  ])('reads %s as %j', (text, decoded, isForged) => {
    const read = decodePath(text)
    expect(read.isForged).toBe(isForged)
    if (decoded !== '') expect(read.text).toBe(decoded)
  })
})
