import { describe, expect, it, vi } from 'vitest'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { faults, judge, standing } from './probe.fixture.ts'

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
