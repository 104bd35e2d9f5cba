import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayBeHashed, splitWire, wireNames } from './names.ts'

const pairs = (names: readonly string[], prefix = 'db__') => {
  const { wire, renamed, dropped } = wireNames(prefix, names)
  return { wire: Object.fromEntries(wire), renamed, dropped }
}

describe('names on the wire', () => {
  it.each([
    ['a plain name stays', ['read_file'], { read_file: 'db__read_file' }],
    [
      'a dot and a slash get a hash',
      ['a.b', 'a/b'],
      { 'a.b': 'db__a_b_2e7336dc', 'a/b': 'db__a_b_c14cddc0' },
    ],
    ['a repeated name is one name', ['x', 'x'], { x: 'db__x' }],
    ['nothing is served under no name', [''], { '': 'db___e3b0c442' }],
  ])('%s', (_, names, wire) => {
    expect(pairs(names)).toEqual({ wire, renamed: [], dropped: [] })
  })

  it('gives both a hash where a plain name is what another one becomes', () => {
    const found = pairs(['a.b', 'a_b_2e7336dc'])
    expect(found).toEqual({
      wire: {
        'a.b': 'db__a_b_2e7336dc8eba',
        a_b_2e7336dc: 'db__a_b_2e7336dc_eb002823acfc',
      },
      renamed: ['a.b', 'a_b_2e7336dc'],
      dropped: [],
    })
  })

  it('is what models accept, distinct, and leads back, whatever the names are', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 90 }), { maxLength: 20 }), (names) => {
        const made = wireNames('some-namespace__', names)
        for (const [name, wire] of made.wire) {
          expect(wire).toMatch(/^some-namespace__[a-zA-Z0-9_-]{1,48}$/)
          expect(made.upstream.get(wire)).toBe(name)
        }
        expect(made.wire.size).toBe(made.upstream.size)
        expect(made.wire.size + made.dropped.length).toBe(new Set(names).size)
      }),
    )
  })

  it('does not depend on the order in which names are listed', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 12 }), (names) => {
        const one = pairs(names).wire
        expect(pairs(names.toReversed()).wire).toEqual(one)
      }),
    )
  })

  it.each([
    ['db__x', '__', { ns: 'db', rest: 'x' }],
    ['a___x', '__', { ns: 'a', rest: '_x' }],
    ['db__x__y', '__', { ns: 'db', rest: 'x__y' }],
    ['db__', '__', undefined],
    ['__x', '__', undefined],
    ['x', '__', undefined],
    ['', '__', undefined],
    ['a-b--x', '--', { ns: 'a-b', rest: 'x' }],
  ])('%s is split at the first %s', (wire, separator, parts) => {
    expect(splitWire(wire, separator)).toEqual(parts)
  })

  it('knows a name that may hold part of a hash', () => {
    expect(['a_b_2e7336dc', 'read_file', 'x_deadbeef9'].map(mayBeHashed)).toEqual([
      true,
      false,
      false,
    ])
  })
})
