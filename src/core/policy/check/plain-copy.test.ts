import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PolicyError } from '../../model/errors.ts'
import { POLICY_LIMITS } from '../limits.ts'
import { compilePolicy } from '../parse.ts'
import { objectSource } from '../read/source.ts'
import { checkSources } from './check-sources.ts'
import { plainCopy } from './plain-copy.ts'
import { copyPlainBinding, copyPlainRule } from './plain-parts.ts'

function kindsOf(document: unknown): readonly string[] {
  try {
    compilePolicy(document)
    return []
  } catch (error) {
    if (error instanceof PolicyError) return error.problems.map(({ kind }) => kind)
    throw error
  }
}

describe('plainCopy', () => {
  it('copies, sorts keys and freezes all the way down', () => {
    const original = { roles: [{ rules: [], name: 'a' }], agents: [] }
    const { value } = plainCopy(original, 64)
    original.roles[0]?.rules.push({} as never)
    expect(JSON.stringify(value)).toBe('{"agents":[],"roles":[{"name":"a","rules":[]}]}')
    expect(() => {
      ;(value as { roles: unknown[] }).roles.push(1)
    }).toThrow(TypeError)
  })

  it('leaves out members that are undefined, as JSON text does', () => {
    expect(plainCopy({ a: undefined, b: 1 }, 64).value).toEqual({ b: 1 })
  })

  it.each<[string, unknown, string]>([
    ['a function', { roles: [() => 1] }, 'wrong_type'],
    ['a big integer', { roles: 1n }, 'wrong_type'],
    ['a date', { roles: new Date() }, 'wrong_type'],
    ['a map', { roles: new Map() }, 'wrong_type'],
    ['null', null, 'wrong_type'],
    ['undefined', undefined, 'wrong_type'],
    ['a key of the prototype', JSON.parse('{"__proto__": {}}'), 'proto_key'],
    [
      'NaN where anything may stand',
      {
        roles: [
          {
            name: 'a',
            rules: [
              {
                effect: 'compute',
                resources: ['a.b'],
                verbs: ['invoke'],
                compute: { set: { x: Number.NaN } },
              },
            ],
          },
        ],
      },
      'bad_number',
    ],
  ])('refuses %s', (_name, document, kind) => {
    expect(kindsOf(document)).toEqual([kind])
  })

  it('refuses an object that holds itself, and one that is too deep', () => {
    const loop: Record<string, unknown> = {}
    loop['limits'] = { base: loop }
    let deep: unknown = {}
    for (let level = 0; level < 70; level++) deep = { deep }
    expect([kindsOf(loop), kindsOf(deep)]).toEqual([['alias_cycle'], ['too_deep']])
  })

  it('refuses what throws when it is read', () => {
    const thrower = {
      get roles(): unknown {
        throw new Error('no')
      },
    }
    expect(kindsOf(thrower)).toEqual(['wrong_type'])
    expect(
      kindsOf(
        new Proxy(
          {},
          {
            ownKeys: () => {
              throw new Error('no')
            },
          },
        ),
      ),
    ).toEqual(['wrong_type'])
  })

  it('counts rules', () => {
    const rules = Array.from({ length: 11 }, () => ({ resources: ['a.b'], verbs: ['invoke'] }))
    expect(() =>
      compilePolicy({ roles: [{ name: 'a', rules }] }, { limits: { maxRules: 10 } }),
    ).toThrow(/too_large/)
  })
})

describe('the quick way for plain rules and bindings', () => {
  const word = fc.constantFrom(
    'a',
    'db.x',
    'server:a',
    '*',
    '',
    'x y',
    'a..b',
    'invoke',
    'deny',
    'ü',
    'x'.repeat(200),
  )
  const value = fc.oneof(word, fc.array(word, { maxLength: 3 }), fc.constant(null), fc.integer())
  const rule = fc.record(
    {
      name: value,
      effect: fc.oneof(fc.constantFrom('allow', 'deny'), value),
      resources: value,
      verbs: value,
      other: value,
    },
    { requiredKeys: [] },
  )
  const binding = fc.record(
    { agent: value, team: value, tier: value, roles: value, scopes: value, other: value },
    { requiredKeys: [] },
  )

  // `description` and `reason` are what the quick way leaves to the others.
  it('takes no rule that the schema or the checks would refuse', () => {
    fc.assert(
      fc.property(rule, (one) => {
        if (copyPlainRule(one, new Map()) === undefined) return
        expect(kindsOf({ roles: [{ name: 'a', rules: [{ ...one, description: 'x' }] }] })).toEqual(
          [],
        )
      }),
      { numRuns: 2000 },
    )
  })

  it('takes no binding that the schema or the checks would refuse', () => {
    fc.assert(
      fc.property(binding, (one) => {
        if (copyPlainBinding(one, new Map()) === undefined) return
        const checked = checkSources(
          [objectSource(null, { bindings: [{ ...one, reason: 'x' }] }, [], [])],
          { limits: POLICY_LIMITS, hasFiles: false },
        )
        expect(checked.problems.filter(({ kind }) => kind !== 'unknown_ref')).toEqual([])
      }),
      { numRuns: 2000 },
    )
  })

  it('copies to the same as the slow way', () => {
    const one = { verbs: ['invoke'], resources: ['a.b'], name: 'x' }
    expect(JSON.stringify(copyPlainRule(one, new Map()))).toBe(
      JSON.stringify(plainCopy(one, 64).value),
    )
  })
})
