import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import { faults, judge, standing } from '../probe.fixture.ts'

const of = (value: JsonValue, max: number) =>
  standing('max_bytes', { field: 'body', max }, { body: value })

describe('max_bytes', () => {
  it.each<[JsonValue, number]>([
    ['abc', 3],
    ['é', 2],
    ['日', 3],
    ['😀', 4],
    [{ a: 'b' }, 9],
    [['a', 'b'], 9],
    [null, 4],
    ['', 0],
  ])('%j has %d bytes', (value, bytes) => {
    expect([of(value, bytes), bytes > 0 ? of(value, bytes - 1) : 'outside']).toEqual([
      'inside',
      'outside',
    ])
  })

  it('measures all arguments together where no field is named', () => {
    const args: JsonObject = { b: 1, a: 'é' }
    const bytes = Buffer.byteLength('{"a":"é","b":1}')
    expect([
      standing('max_bytes', { max: bytes }, args),
      judge('max_bytes', { max: bytes - 1 }, args).detail,
    ]).toEqual(['inside', `the arguments have more than ${bytes - 1} bytes`])
  })

  it('refuses a limit that is no count', () => {
    expect([faults('max_bytes', { max: -1 }), faults('max_bytes', { max: 0 })]).toEqual([
      ['bad_number max'],
      [],
    ])
  })
})
