import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { MASKED, maskColumns } from './mask-columns.ts'

const M = MASKED
const columns = ['ssn', 'card_number']
const text = (value: string): JsonObject => ({ content: [{ type: 'text', text: value }] })

describe('maskColumns', () => {
  it.each<[string, JsonValue, JsonValue]>([
    ['a row', { id: 1, ssn: '123' }, { id: 1, ssn: M }],
    ['rows', [{ ssn: 1 }, { ssn: null }, { id: 2 }], [{ ssn: M }, { ssn: M }, { id: 2 }]],
    [
      'rows deep down',
      { result: { rows: [{ ssn: 1, a: [2] }] } },
      { result: { rows: [{ ssn: M, a: [2] }] } },
    ],
    [
      'every spelling',
      [{ SSN: 1, cardNumber: 2, 'CARD-NUMBER': 3 }],
      [{ SSN: M, cardNumber: M, 'CARD-NUMBER': M }],
    ],
    [
      'names with their table',
      { 'users.ssn': 1, '"u"."ssn"': 2 },
      { 'users.ssn': M, '"u"."ssn"': M },
    ],
    ['a value that is an object', { ssn: { a: 1 } }, { ssn: M }],
    ['a column given as a list', { id: [1, 2], ssn: ['a', 'b'] }, { id: [1, 2], ssn: [M, M] }],
    [
      'lists behind `columns`',
      {
        columns: ['id', 'ssn'],
        rows: [
          [1, 2],
          [3, 4],
        ],
      },
      {
        columns: ['id', 'ssn'],
        rows: [
          [1, M],
          [3, M],
        ],
      },
    ],
    [
      'lists behind `fields` that are objects',
      { fields: [{ name: 'ssn', type: 'text' }, { name: 'id' }], data: [['a', 1]] },
      { fields: [{ name: 'ssn', type: 'text' }, { name: 'id' }], data: [[M, 1]] },
    ],
    [
      'lists behind a schema',
      { schema: { fields: [{ name: 'id' }, { name: 'SSN' }] }, values: [[1, 2]] },
      { schema: { fields: [{ name: 'id' }, { name: 'SSN' }] }, values: [[1, M]] },
    ],
    [
      'lists behind a list of names',
      [
        ['id', 'ssn'],
        [1, 2],
        [3, 4],
      ],
      [
        ['id', 'ssn'],
        [1, M],
        [3, M],
      ],
    ],
    [
      'cells that hold rows',
      { columns: ['a', 'b'], rows: [[{ ssn: 1 }, 2]] },
      { columns: ['a', 'b'], rows: [[{ ssn: M }, 2]] },
    ],
    ['a row with a list `content`', { content: [], ssn: 1 }, { content: [], ssn: M }],
    [
      'a row that looks like a result of MCP',
      { content: [{ type: 'doc', ssn: 1 }], ssn: 2, rows: [{ ssn: 3 }] },
      { content: [{ type: 'doc', ssn: M }], ssn: M, rows: [{ ssn: M }] },
    ],
    ['a name that stands twice', '{"ssn":1,"ssn":2}', `{"ssn":"${M}"}`],
    ['one that hides another', '{"a":{"ssn":1},"a":2}', '{"a":2}'],
    ['JSON in a text', '[{"ssn":"1","id":2}]', `[{"ssn":"${M}","id":2}]`],
    ['JSON in a text in a text', JSON.stringify('{"ssn":1}'), JSON.stringify(`{"ssn":"${M}"}`)],
    ['JSON on each line', '{"ssn":1}\n{"id":2}\n', `{"ssn":"${M}"}\n{"id":2}\n`],
    [
      'JSON behind words',
      'Found 1 row:\n[{"ssn":1}]\nDone.',
      `Found 1 row:\n[{"ssn":"${M}"}]\nDone.`,
    ],
    ['JSON in a fence', '```json\n{"ssn":1}\n```', `\`\`\`json\n{"ssn":"${M}"}\n\`\`\``],
    ['JSON in lines', '[\n  {\n    "ssn": 1\n  }\n]', `[\n  {\n    "ssn": "${M}"\n  }\n]`],
    ['the text of a tool of MCP', text('{"ssn":1}'), text(`{"ssn":"${M}"}`)],
    [
      'the structured content of MCP',
      { content: [], structuredContent: { rows: [{ ssn: 1 }] }, isError: false },
      { content: [], structuredContent: { rows: [{ ssn: M }] }, isError: false },
    ],
    [
      'a resource of MCP',
      { content: [{ type: 'resource', resource: { uri: 'a:b', text: '{"ssn":1}' } }] },
      { content: [{ type: 'resource', resource: { uri: 'a:b', text: `{"ssn":"${M}"}` } }] },
    ],
  ])('masks %s', (_, value, wanted) => {
    expect(maskColumns(value, columns)).toEqual(wanted)
    expect(maskColumns(wanted, columns)).toBe(wanted)
  })

  it.each<[string, JsonValue]>([
    ['no such column', [{ id: 1, name: 'x' }]],
    ['a column that only ends so', [{ assn: 1, ssn_hash: 2 }]],
    ['a text', 'ssn: 123'],
    ['JSON that is broken', '{"ssn": 1'],
    ['scalars', 5],
    ['null', null],
    ['a table without it', { columns: ['id'], rows: [[1]] }],
    ['JSON with odd blanks', '{ "id" :  1 }'],
  ])('leaves %s as it is', (_, value) => {
    expect(maskColumns(value, columns)).toBe(value)
  })

  it('takes no key of MCP for a column', () => {
    const value = { content: [{ type: 'text', text: 'hello' }] }
    expect(maskColumns(value, ['text', 'type', 'content'])).toBe(value)
    expect(maskColumns(text('{"text":1}'), ['text'])).toEqual(text(`{"text":"${M}"}`))
  })

  it('keeps what did not change, and freezes what did', () => {
    const value = { a: { id: 1 }, b: [{ ssn: 1 }, { id: 2 }] }
    const masked = maskColumns(value, columns)
    expect(masked).toEqual({ a: { id: 1 }, b: [{ ssn: M }, { id: 2 }] })
    expect((masked as typeof value).a).toBe(value.a)
    expect((masked as typeof value).b[1]).toBe(value.b[1])
    expect(Object.isFrozen(masked)).toBe(true)
  })

  it('has nothing to do without columns', () => {
    const value = { ssn: 1 }
    expect(maskColumns(value, [])).toBe(value)
  })

  it('masks as a whole what is nested too deeply to be looked at', () => {
    let value: JsonValue = { ssn: 'secret' }
    for (let depth = 0; depth < 50_000; depth++) value = depth % 2 === 0 ? [value] : { value }
    let masked: JsonValue | undefined = maskColumns(value, columns)
    let depth = 0
    for (; typeof masked === 'object' && masked !== null; depth++)
      masked = Array.isArray(masked) ? masked[0] : (masked as JsonObject)['value']
    expect(masked).toBe(M)
    expect(depth).toBeLessThan(200)
  })

  it('keeps keys such as `__proto__` what they are', () => {
    const value: JsonValue = JSON.parse('{"__proto__":{"ssn":1},"ssn":2}')
    const masked = maskColumns(value, columns)
    expect(JSON.stringify(masked)).toBe(`{"__proto__":{"ssn":"${M}"},"ssn":"${M}"}`)
    expect(Object.prototype).not.toHaveProperty('ssn')
  })

  it('leaves no value of a column, whatever the rows', () => {
    const cell = fc.oneof(fc.integer(), fc.string(), fc.constant(null))
    const row = fc.record({ id: cell, Ssn: fc.constant('S3CRET') })
    const shaped = fc
      .array(row, { minLength: 1, maxLength: 4 })
      .chain((rows) =>
        fc.constantFrom<JsonValue>(
          rows,
          { rows },
          { columns: ['id', 'Ssn'], rows: rows.map((one) => [one.id, one.Ssn]) },
          [['id', 'Ssn'], ...rows.map((one) => [one.id, one.Ssn])],
          JSON.stringify(rows),
          JSON.stringify(rows, undefined, 2),
          rows.map((one) => JSON.stringify(one)).join('\n'),
          text(JSON.stringify({ rows })),
        ),
      )
    fc.assert(
      fc.property(shaped, (value) => {
        const masked = maskColumns(value, ['ssn'])
        expect(JSON.stringify(masked)).not.toContain('S3CRET')
        expect(maskColumns(masked, ['ssn'])).toEqual(masked)
      }),
    )
  })
})
