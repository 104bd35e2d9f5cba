import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { behaviorSettings } from './behavior-settings.ts'
import { createLedger } from './ledger.ts'
import type { RuleFinding } from './rule.ts'
import { sumFindings } from './sum-findings.ts'

const settings = behaviorSettings(undefined)
const ORDER = ['allow', 'warn', 'ask', 'pause', 'terminate']

function findingOf(
  action: RuleFinding['action'],
  score = 0,
  parts: Partial<RuleFinding> = {},
): RuleFinding {
  return {
    rule: 'r',
    severity: 'high',
    confidence: 1,
    message: action,
    trigger: 1,
    sources: [],
    action,
    score,
    ...parts,
  }
}

describe('the sum of findings', () => {
  it.each<[string, readonly RuleFinding[], string, readonly string[]]>([
    ['of none is nothing', [], 'allow', []],
    ['is the gravest action', [findingOf('warn'), findingOf('pause')], 'pause', ['pause']],
    ['asks', [findingOf('warn'), findingOf('ask', 90)], 'ask', ['ask']],
    [
      'does not ask about what it stops',
      [findingOf('ask'), findingOf('pause')],
      'pause',
      ['pause'],
    ],
    ['is more than a warning by its risk', [findingOf('warn', 60)], 'pause', ['warn']],
    [
      'stands on all of them where only together they are too much',
      [findingOf('warn', 50), findingOf('warn', 50, { rule: 's' })],
      'terminate',
      ['warn', 'warn'],
    ],
  ])('%s', (_, findings, outcome, decisive) => {
    const sum = sumFindings(findings, createLedger(), settings)
    expect([sum.outcome, sum.decisive.map(({ message }) => message)]).toEqual([outcome, decisive])
  })

  it('asks nothing that was approved, and still asks about the rest', () => {
    const ledger = createLedger()
    const [known, other] = [
      findingOf('ask', 20, { cause: 'a' }),
      findingOf('ask', 20, { cause: 'b' }),
    ]
    ledger.admit([known])
    ledger.approve([known])
    const outcomes = [[known], [known, other]].map(
      (findings) => sumFindings(findings, ledger, settings).outcome,
    )
    expect(outcomes).toEqual(['warn', 'ask'])
  })

  it('stops a session that was resumed only for more risk than it had', () => {
    const ledger = createLedger()
    ledger.admit([findingOf('warn', 65)])
    const outcomes = [5, 60].map(
      (score) => sumFindings([findingOf('warn', score, { rule: 's' })], ledger, settings).outcome,
    )
    expect(outcomes).toEqual(['warn', 'terminate'])
  })

  it('never falls by one more finding, wherever it is put in', () => {
    const many = fc.array(arbitraryFinding, { maxLength: 5 })
    fc.assert(
      fc.property(many, many, arbitraryFinding, fc.nat(5), (earlier, findings, more, place) => {
        const ledger = createLedger()
        ledger.admit(earlier)
        ledger.approve(earlier.slice(0, 1))
        const rank = (all: readonly RuleFinding[]): number =>
          ORDER.indexOf(sumFindings(all, ledger, settings).outcome)
        const added = [...findings.slice(0, place), more, ...findings.slice(place)]
        expect(rank(added)).toBeGreaterThanOrEqual(rank(findings))
      }),
      { numRuns: 2_000 },
    )
  })

  it('changes nothing', () => {
    fc.assert(
      fc.property(fc.array(arbitraryFinding), fc.array(arbitraryFinding), (earlier, findings) => {
        const ledger = createLedger()
        ledger.admit(earlier)
        const before = JSON.stringify(ledger.save())
        const [one, other] = [0, 1].map(() => sumFindings(findings, ledger, settings))
        expect([one, JSON.stringify(ledger.save())]).toEqual([other, before])
      }),
    )
  })
})

const arbitraryFinding: fc.Arbitrary<RuleFinding> = fc
  .tuple(
    fc.constantFrom<RuleFinding['action']>('warn', 'ask', 'pause', 'terminate'),
    fc.integer({ min: 0, max: 100 }),
    fc.constantFrom('r', 's'),
    fc.constantFrom('a', 'b', 'c'),
  )
  .map(([action, score, rule, cause]) => findingOf(action, score, { rule, cause }))
