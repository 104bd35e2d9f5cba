import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../model/json.ts'
import { applyPatch } from './apply-patch.fixture.ts'
import { patchOf } from './patch.ts'

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false, 0, 1, '', 'a', 'b'),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(
    fc.constantFrom('a', 'b', '', 'a/b', '~', '~1', '0', 'constructor'),
    tie('value'),
    {
      maxKeys: 4,
    },
  ),
}))
const object = json.object as fc.Arbitrary<JsonObject> // the grammar above makes nothing else

describe('patchOf', () => {
  it('leads from any object to any other', () => {
    fc.assert(
      fc.property(object, object, (before, after) => {
        expect(applyPatch(before, patchOf(before, after))).toEqual(after)
      }),
      { numRuns: 2_000 },
    )
  })

  it('is empty where nothing differs', () => {
    fc.assert(
      fc.property(object, (value) => {
        expect(patchOf(value, structuredClone(value))).toEqual([])
      }),
    )
  })

  it.each([
    ['a value', { a: 1, b: 2 }, { a: 1, b: 3 }, [{ op: 'replace', path: '/b', value: 3 }]],
    [
      'a value deep down',
      { a: { b: [{ c: 1 }] } },
      { a: { b: [{ c: 2 }] } },
      [{ op: 'replace', path: '/a/b/0/c', value: 2 }],
    ],
    ['a new key', { a: 1 }, { a: 1, 'x/y~z': 2 }, [{ op: 'add', path: '/x~1y~0z', value: 2 }]],
    ['a key less', { a: 1, b: 2 }, { a: 1 }, [{ op: 'remove', path: '/b' }]],
    ['a kind', { a: [1] }, { a: { 0: 1 } }, [{ op: 'replace', path: '/a', value: { 0: 1 } }]],
    [
      'members less, from the end on',
      { a: ['x', 'y', 'z', 'w'] },
      { a: ['y', 'w'] },
      [
        { op: 'remove', path: '/a/2' },
        { op: 'remove', path: '/a/0' },
      ],
    ],
    [
      'a list with another member',
      { a: [1, 2, 3] },
      { a: [4] },
      [{ op: 'replace', path: '/a', value: [4] }],
    ],
    ['a longer list', { a: [1] }, { a: [1, 2] }, [{ op: 'replace', path: '/a', value: [1, 2] }]],
  ])('says the least for %s', (_, before, after, wanted) => {
    expect(patchOf(before, after)).toEqual(wanted)
  })

  it('never leads to `__proto__`', () => {
    const before: JsonObject = JSON.parse('{"__proto__": {"a": 1}}')
    const after: JsonObject = JSON.parse('{"__proto__": {"a": 2}}')
    expect(() => patchOf(before, after)).toThrow('__proto__')
    expect(() => patchOf(before, {})).toThrow('__proto__')
    expect(() => patchOf({}, after)).toThrow('__proto__')
    expect(patchOf(before, before)).toEqual([])
  })

  it('does not fail on what is nested without end', () => {
    const nested = (leaf: number): JsonObject => {
      let value: JsonObject = { leaf }
      for (let depth = 0; depth < 50_000; depth++) value = { value }
      return value
    }
    expect(() => patchOf(nested(1), nested(2))).toThrow('nested too deeply')
  })
})
