import { describe, expect, it, vi } from 'vitest'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import { faults, judge, standing } from '../probe.fixture.ts'

const of = (schema: JsonObject, args: JsonObject) => standing('json_schema', { schema }, args)

describe('json_schema', () => {
  const transfer: JsonObject = {
    type: 'object',
    required: ['amount'],
    properties: { amount: { type: 'number', maximum: 5 }, note: { type: 'string' } },
    additionalProperties: false,
  }

  it('judges all arguments together where no field is named', () => {
    expect([
      of(transfer, { amount: 1 }),
      of(transfer, { amount: 9 }),
      of(transfer, {}),
      of(transfer, { amount: 1, extra: 2 }),
    ]).toEqual(['inside', 'outside', 'outside', 'outside'])
  })

  it('judges each value of a field, lists whole', () => {
    const config = { field: 'tags', schema: { type: 'array', maxItems: 2 } }
    expect([
      standing('json_schema', config, { tags: [1, 2] }),
      standing('json_schema', config, { tags: [1, 2], deep: { tags: [1, 2, 3] } }),
      standing('json_schema', config, {}),
      standing('json_schema', { ...config, mode: 'permissive' }, {}),
    ]).toEqual(['inside', 'inside outside', 'unsure', 'nothing'])
  })

  it('tells the keyword and the place, not the value', () => {
    expect(judge('json_schema', { schema: transfer }, { amount: 'hunter2' }).detail).toBe(
      'the call fails `type` of the schema at `/amount`',
    )
  })

  it('applies each of several patterns, in linear time', () => {
    const schema = { properties: { a: { pattern: '^a+$' }, b: { pattern: '^b+$' } } }
    expect([
      of(schema, { a: 'aa', b: 'bb' }),
      of(schema, { a: 'bb', b: 'bb' }),
      of(schema, { a: 'aa', b: 'aa' }),
      of(schema, { a: 'a'.repeat(70_000) }),
    ]).toEqual(['inside', 'outside', 'outside', 'unsure'])
  })

  it('follows references within the schema, recursive ones too', () => {
    const schema = {
      $defs: { n: { properties: { n: { $ref: '#/$defs/n' }, v: { const: 1 } } } },
      $ref: '#/$defs/n',
    }
    expect([of(schema, { n: { n: { v: 1 } } }), of(schema, { n: { n: { v: 2 } } })]).toEqual([
      'inside',
      'outside',
    ])
  })

  it('reads draft-07 where the schema says so', () => {
    const schema = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      properties: { a: { items: [{ type: 'string' }] } },
    }
    expect([of(schema, { a: ['x'] }), of(schema, { a: [1] })]).toEqual(['inside', 'outside'])
  })

  it.each<[string, JsonValue, string]>([
    ['an unknown type', { type: 'objct' }, 'wrong_type schema'],
    ['an unknown keyword', { maxLenght: 3 }, 'wrong_type schema'],
    [
      'a format that nothing checks',
      { properties: { a: { format: 'email' } } },
      'wrong_type schema',
    ],
    ['an outside reference', { $ref: 'https://schemas.test/x.json' }, 'wrong_type schema'],
    ['another draft', { $schema: 'http://json-schema.org/draft-04/schema#' }, 'wrong_type schema'],
    ['a catastrophic pattern', { properties: { a: { pattern: '(a+)+$' } } }, 'unsafe_regex schema'],
    ['a schema too large', { description: 'x'.repeat(65_537) }, 'too_large schema'],
  ])('refuses %s', (_, schema, wanted) => {
    expect(faults('json_schema', { schema })).toEqual([wanted])
  })

  it('requires members of its own, not what every object inherits', () => {
    const args: JsonObject = JSON.parse('{"toString": 1}')
    const schema = { required: ['toString'] }
    expect([of(schema, {}), of(schema, args)]).toEqual(['outside', 'inside'])
  })

  it.each<[JsonValue, string]>([
    [[1, '1', true, null, [1], { a: 1 }], 'inside'],
    [[1, 1.0], 'outside'],
    [
      [
        { a: 1, b: [2] },
        { b: [2], a: 1 },
      ],
      'outside',
    ],
    [['[1]', [1]], 'inside'],
    [[], 'inside'],
  ])('tells whether the items of %j are unique', (list, wanted) => {
    expect(of({ properties: { a: { uniqueItems: true } } }, { a: list })).toBe(wanted)
  })

  it('keeps what one schema names from another', () => {
    const named = { $id: 'https://schemas.test/a', $defs: { x: { $id: 'x', const: 1 } } }
    expect([
      faults('json_schema', { schema: named }),
      faults('json_schema', { schema: { ...named, title: 'again' } }),
      faults('json_schema', { schema: { $ref: 'https://schemas.test/x' } }),
    ]).toEqual([[], [], ['wrong_type schema']])
  })

  it('takes a member for data, not for a keyword, where it is one', () => {
    const schema: JsonObject = JSON.parse(
      '{"properties": {"items": {"const": {"$ref": "#", "items": 1}}}}',
    )
    expect([of(schema, { items: { $ref: '#', items: 1 } }), of(schema, { items: {} })]).toEqual([
      'inside',
      'outside',
    ])
  })

  describe('ends soon, and is unsure', () => {
    const branches = (to: string) => ({ anyOf: [{ $ref: to }, { $ref: to }] })
    const chain = Array.from({ length: 40 }, (_, index) => [
      `a${index}`,
      branches(`#/$defs/a${index + 1}`),
    ])
    const nested = (depth: number): JsonObject => (depth === 0 ? {} : { a: nested(depth - 1) })
    const step = { required: ['a'], properties: { a: { $ref: '#' } } }

    it.each<[string, JsonObject, () => JsonObject]>([
      ['a recursion that branches', { anyOf: [step, step, { const: 1 }] }, () => nested(60)],
      [
        'references that branch',
        { $ref: '#/$defs/a0', $defs: { ...Object.fromEntries(chain), a40: { type: 'string' } } },
        () => ({}),
      ],
      [
        'a wide schema over a long list',
        {
          properties: {
            a: {
              items: {
                not: { anyOf: Array.from({ length: 2000 }, (_, value) => ({ const: value })) },
              },
            },
          },
        },
        () => ({ a: Array(90_000).fill('x') }),
      ],
      [
        'many texts for a dear pattern',
        { properties: { a: { items: { not: { pattern: '[ab]*a[ab]{300}c$' } } } } },
        () => ({ a: Array(400).fill(`${'ab'.repeat(700)}cx`) }),
      ],
      [
        'a long text over and over',
        { anyOf: Array.from({ length: 1000 }, () => ({ minLength: 5_000_000 })) },
        () => ({ a: 'x'.repeat(4_000_000) }),
      ],
    ])('of %s', (_, schema, args) => {
      const config = { schema: _.startsWith('a long') ? { properties: { a: schema } } : schema }
      faults('json_schema', config)
      const value = args()
      const started = performance.now()
      const judged = standing('json_schema', config, value)
      expect([judged, performance.now() - started < 500]).toEqual(['unsure', true])
    })

    it('but judges 90,000 unique numbers', () => {
      const list = Array.from({ length: 90_000 }, (_, index) => index)
      const started = performance.now()
      expect(of({ properties: { a: { uniqueItems: true } } }, { a: list })).toBe('inside')
      expect(performance.now() - started).toBeLessThan(500)
    })
  })

  it('reads a schema once for all rules that have it', () => {
    const schema = { title: 'shared by many', minProperties: 1 }
    faults('json_schema', { schema })
    const started = performance.now()
    for (let rule = 0; rule < 1000; rule++) faults('json_schema', { schema: { ...schema } })
    expect(performance.now() - started).toBeLessThan(100)
  })

  it('is unsure where the host forbids making code', () => {
    const forbidden = vi.spyOn(globalThis, 'Function').mockImplementation(function forbid() {
      throw new EvalError('Code generation from strings disallowed for this context')
    })
    try {
      expect([of(transfer, { amount: 1 }), faults('json_schema', { schema: transfer })]).toEqual([
        'unsure',
        [],
      ])
    } finally {
      forbidden.mockRestore()
    }
  })
})
