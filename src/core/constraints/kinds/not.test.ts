import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import { faults, standing } from '../probe.fixture.ts'
import { negationOf } from './not.ts'

const of = (path: JsonValue, more: JsonObject = {}) =>
  standing('not', { path_prefix: { allow: ['/etc'], ...more } }, { path })

describe('not', () => {
  it('swaps inside and outside, and leaves the unsure unsure', () => {
    expect([of('/etc/passwd'), of('/data/a'), of('etc'), of(['/etc/a', '/data'])]).toEqual([
      'outside',
      'inside',
      'unsure',
      'inside outside',
    ])
  })

  it('has no objection where the other constraint has none', () => {
    const config = { path_prefix: { allow: ['/etc'], mode: 'permissive' } }
    expect([standing('not', config, {}), of([], {})]).toEqual(['nothing', 'unsure'])
  })

  it('takes the list form of the other constraint', () => {
    expect(standing('not', { cidr: ['10.0.0.0/8'] }, { ip: '11.0.0.1' })).toBe('inside')
  })

  it('reports the faults of the other constraint at their place', () => {
    expect([
      faults('not', { cidr: ['10.0.0.1/8'] }),
      faults('not', { path_prefix: { allow: ['/a', 'b'] } }),
    ]).toEqual([['bad_cidr cidr 0'], ['bad_path path_prefix allow 1']])
  })

  it('does not compile what names no constraint', () => {
    expect(() => negationOf([]).compile({ cidr: ['10.0.0.0/8'] })).toThrow('names no constraint')
  })

  it('keeps the parsers that the other constraint needs, and waits for its answer', async () => {
    const later = negationOf([
      {
        kind: 'slow',
        summary: '',
        aliases: [],
        schema: {},
        listItems: undefined,
        check() {},
        compile: () => ({
          kind: 'slow',
          needs: () => ['postgresql'] as const,
          judge: () => Promise.resolve({ standing: 1, detail: 'x' }),
        }),
      },
    ]).compile({ slow: {} })
    const input = { arguments: {}, at: 0, ports: {}, resource: undefined as never }
    expect([later.needs?.(undefined), await later.judge(input)]).toEqual([
      ['postgresql'],
      { standing: 2, detail: 'x' },
    ])
  })
})
