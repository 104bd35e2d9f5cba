import { describe, expect, it } from 'vitest'
import { denialProbing as rule } from './denial-probing.ts'
import { findingsIn, findingsOver, requestOf, type Step } from './event.fixture.ts'

const at = (denials: readonly number[], policy = {}): string[][] =>
  findingsOver(
    rule,
    denials.map((denied): Step => [requestOf({ tool: 'crm.get' }), { denied, policy }]),
  ).map((found) => found.map(({ action }) => action))

describe('denial_probing', () => {
  it('warns at five denied calls and asks at ten, once each', () => {
    expect(at([4, 5, 6, 9, 10, 11, 19, 20])).toEqual([
      [],
      ['warn'],
      [],
      [],
      ['ask'],
      [],
      [],
      ['ask'],
    ])
  })

  it('goes by the policy', () => {
    expect(at([5, 8], { rules: { denial_probing: { min_calls: 8 } } })).toEqual([[], ['warn']])
  })

  it('asks again where the call did not go out', () => {
    const event = requestOf({})
    const ask = () => findingsIn(rule, event, { denied: 10, memory: { level: 1 } })[0]?.action
    expect([ask(), ask()]).toEqual(['ask', 'ask'])
  })

  it('is silent in a session without denials', () => {
    expect(at([0, 0, 0])).toEqual([[], [], []])
  })
})
