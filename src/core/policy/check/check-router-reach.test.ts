import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../model/json.ts'
import { compileConditions } from '../../routing/compile-condition.ts'
import { testArbitrary, viewArbitrary } from '../../routing/view.fixture.ts'
import { holdsWhenever } from './check-router-reach.ts'

const RUNS = { numRuns: Number(process.env['CALLGATE_CASES'] ?? 10_000) / 10 }

describe('holdsWhenever', () => {
  it.each<[boolean, JsonObject, JsonObject]>([
    [true, { task: 'code' }, { task: 'code' }],
    [true, { task: ['code', 'rag'] }, { task: 'rag', stream: true }],
    [false, { task: 'code' }, { task: ['code', 'rag'] }],
    [false, { task: 'code', stream: true }, { task: 'code' }],
    [false, { stream: true }, { stream: false }],
    [true, { complexity: ['low', 'medium', 'high'] }, { task: 'code' }],
    [true, { complexity: { min: 'medium' } }, { complexity: 'high' }],
    [false, { complexity: { min: 'medium' } }, { task: 'code' }],
    // The more capabilities are asked for, the less a test lets through.
    [true, { capabilities_include: 'vision' }, { capabilities_include: ['json', 'vision'] }],
    [true, { capabilities_all: 'vision' }, { capabilities_include: 'vision' }],
    [false, { capabilities_include: ['json', 'vision'] }, { capabilities_include: 'vision' }],
    [true, { role: ['a', 'b'] }, { role: 'a' }],
    [false, { role: 'a' }, { role: ['a', 'b'] }],
    [true, { tokens: { min: 1 } }, { tokens: { min: 1, max: 2 } }],
    [false, { tokens: { min: 1, max: 2 } }, { tokens: { min: 1 } }],
    [false, { tokens: { max: 2 } }, { tokens: { min: 1, max: 3 } }],
    [false, { risk: { max: 50 } }, {}],
    [true, { messages_min_length: 2 }, { messages_min_length: 3 }],
    [false, { messages_total_tokens_gt: 3 }, { messages_total_tokens_gt: 2 }],
    [false, { messages_min_length: 0 }, { stream: true }],
    [true, { budget: { remaining_usd: { min: 1 } } }, { budget: { remaining_usd: { min: 2 } } }],
    [false, { budget: { remaining_usd: { min: 1 } } }, { budget: { remaining_share: { min: 1 } } }],
    [true, { metadata: { a: ['x', 1] } }, { metadata: { a: '1', b: 'y' } }],
    [false, { metadata: { a: 'x' } }, { metadata: { b: 'x' } }],
    [true, { time: { days: ['mon'] } }, { time: { days: ['mon'] }, stream: true }],
    [false, { time: { days: ['mon'] } }, { time: { days: ['mon', 'tue'] } }],
  ])('is %s of %j for %j', (wanted, earlier, later) => {
    expect(holdsWhenever(earlier, later)).toBe(wanted)
  })

  it('is true only where the earlier test holds for all that the later one holds for', () => {
    const pairs = fc
      .tuple(testArbitrary, testArbitrary, fc.boolean())
      .map(([one, other, isMore]): [JsonObject, JsonObject] => [
        one,
        isMore ? { ...other, ...one } : other,
      ])
    const views = fc.array(viewArbitrary, { minLength: 20, maxLength: 20 })
    let met = 0
    fc.assert(
      fc.property(pairs, views, ([earlier, later], all) => {
        if (!holdsWhenever(earlier, later)) return
        const [first, second] = [compileConditions(earlier), compileConditions(later)]
        for (const view of all) {
          if (!second.every((condition) => condition.holds(view))) continue
          met++
          expect(first.every((condition) => condition.holds(view))).toBe(true)
        }
      }),
      RUNS,
    )
    expect(met).toBeGreaterThan(RUNS.numRuns / 10)
  })
})
