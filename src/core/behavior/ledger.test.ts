import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Flow } from './flow.ts'
import { referenceLedger } from './ledger.reference.ts'
import { createLedger, dispositionAt, dispositionOf, withoutCause, worse } from './ledger.ts'
import type { RuleFinding } from './rule.ts'

function findingOf(parts: Partial<RuleFinding> = {}): RuleFinding {
  return {
    rule: 'secret_relay',
    severity: 'high',
    confidence: 0.9,
    message: 'found',
    trigger: 3,
    sources: [1],
    action: 'warn',
    score: 40,
    ...parts,
  }
}

function flowOf(parts: Partial<Flow> = {}): Flow {
  const origin = { event: 1, resource: 'r', server: undefined, scope: undefined }
  return {
    from: 1,
    to: 2,
    kind: 'value',
    confidence: 0.8,
    hops: 1,
    chain: [1, 2],
    origin: { ...origin, restricted: true, outside: true },
    role: 'content',
    encoded: [],
    value: 'h',
    trusted: false,
    length: 9,
    ...parts,
  }
}

describe('findings', () => {
  it('count once a cause, and without one once an event', () => {
    const ledger = createLedger()
    const admitted = [
      findingOf({ cause: 'a' }),
      findingOf({ cause: 'a', trigger: 5 }),
      findingOf(),
      findingOf({ trigger: 4 }),
    ].map((finding) => ledger.admit([finding]).length)
    expect([admitted, ledger.findings.length]).toEqual([[1, 0, 1, 1], 3])
  })

  it('count once a cause within one event too (H15), as the gravest of them', () => {
    const ledger = createLedger()
    const same = [findingOf({ cause: 'a', score: 10 }), findingOf({ cause: 'a', score: 40 })]
    expect([ledger.riskWith(same), ledger.admit(same).length, ledger.risk]).toEqual([40, 1, 40])
  })

  it('of two rules with one cause are two', () => {
    const ledger = createLedger()
    const two = [findingOf({ cause: 'a' }), findingOf({ cause: 'a', rule: 'call_loop' })]
    expect(ledger.admit(two)).toHaveLength(2)
  })

  it('come back without causes, and frozen', () => {
    const [kept] = createLedger().admit([findingOf({ cause: 'a' })])
    expect([kept, Object.isFrozen(kept)]).toEqual([withoutCause(findingOf()), true])
  })

  it('are kept up to a bound, and still counted beyond it', () => {
    const ledger = createLedger()
    for (let index = 0; index < 5_000; index++)
      ledger.admit([findingOf({ cause: `${index}`, score: 1 })])
    const again = ledger.admit([findingOf({ cause: '4999' })])
    const { causes } = ledger.save()
    expect([ledger.findings.length, causes.length, again.length]).toEqual([1_000, 2_048, 0])
  })
})

describe('risk', () => {
  it.each([
    ['adds up over rules', [findingOf(), findingOf({ rule: 'b', score: 30 })], 70],
    ['halves with each of one rule', [1, 2, 3].map((trigger) => findingOf({ trigger })), 70],
    ['stays under its cap', ['a', 'b', 'c'].map((rule) => findingOf({ rule, score: 90 })), 100],
    ['is nothing where a person is asked', [findingOf({ action: 'ask' })], 0],
    [
      'does not fall for a lesser finding before a graver one',
      [findingOf({ score: 2 }), findingOf({ score: 80, trigger: 4 })],
      81,
    ],
  ])('%s', (_, findings, risk) => {
    const ledger = createLedger()
    const foreseen = ledger.riskWith(findings)
    ledger.admit(findings)
    expect([foreseen, ledger.risk]).toEqual([risk, risk])
  })

  it('takes what a person refuses, and nothing of what one approved', () => {
    const ledger = createLedger()
    const [no, yes] = [
      findingOf({ action: 'ask', cause: 'no' }),
      findingOf({ action: 'ask', cause: 'yes' }),
    ]
    ledger.admit([no, yes])
    ledger.approve([yes])
    ledger.refuse([no, yes])
    expect([ledger.risk, ledger.isApproved(yes), ledger.isApproved(no)]).toEqual([40, true, false])
  })

  it('is as in its naive twin, whatever happens in whatever order', () => {
    const findings = fc.array(arbitraryFinding, { maxLength: 4 })
    const steps = fc.array(fc.tuple(fc.constantFrom('admit', 'approve', 'refuse'), findings), {
      maxLength: 12,
    })
    fc.assert(
      fc.property(steps, findings, (all, more) => {
        const [ledger, twin] = [createLedger(), referenceLedger()]
        for (const [what, found] of all) {
          if (what === 'admit') {
            expect(ledger.admit(found)).toHaveLength(twin.admit(found).length)
          } else if (what === 'approve') {
            ledger.approve(found)
            twin.approve(found)
          } else {
            ledger.refuse(found)
            twin.refuse(found)
          }
          expect([ledger.risk, ledger.riskWith(more)]).toEqual([twin.risk(), twin.riskWith(more)])
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('is what was foreseen, and never less than before', () => {
    fc.assert(
      fc.property(fc.array(fc.array(arbitraryFinding, { maxLength: 4 })), (events) => {
        const ledger = createLedger()
        for (const found of events) {
          const [before, foreseen] = [ledger.risk, ledger.riskWith(found)]
          ledger.admit(found)
          expect([ledger.risk, ledger.risk >= before]).toEqual([foreseen, true])
        }
      }),
    )
  })
})

describe('a saved ledger', () => {
  it('goes on where the other left off', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryFinding),
        fc.array(arbitraryFinding),
        fc.array(arbitraryFinding),
        (first, approved, then) => {
          const one = createLedger()
          one.admit(first)
          one.approve(approved)
          const other = createLedger(JSON.parse(JSON.stringify(one.save())))
          const admitted = [one.admit(then), other.admit(then)]
          expect([admitted[0], one.risk, one.save()]).toEqual([
            admitted[1],
            other.risk,
            other.save(),
          ])
        },
      ),
    )
  })
})

describe('edges', () => {
  it('are one a pair and kind, with the surest confidence', () => {
    const ledger = createLedger()
    ledger.link([flowOf(), flowOf({ confidence: 0.9 }), flowOf({ confidence: 0.3 })])
    ledger.link([flowOf({ kind: 'text' })])
    expect(ledger.edges).toEqual([
      { from: 1, to: 2, kind: 'value', confidence: 0.9, hops: 1 },
      { from: 1, to: 2, kind: 'text', confidence: 0.8, hops: 1 },
    ])
  })

  it('are kept up to a bound', () => {
    const ledger = createLedger()
    for (let to = 0; to < 4_005; to++) ledger.link([flowOf({ to })])
    ledger.link([flowOf({ to: 9, confidence: 0.95 })])
    expect([ledger.edges.length, ledger.edges[9]?.confidence]).toEqual([4_000, 0.95])
  })
})

describe('dispositions', () => {
  const risk = { warnAt: 30, pauseAt: 60, terminateAt: 90 }

  it.each([
    [0, 'allow'],
    [29, 'allow'],
    [30, 'warn'],
    [59, 'warn'],
    [60, 'pause'],
    [89, 'pause'],
    [90, 'terminate'],
    [100, 'terminate'],
  ])('a risk of %i is %s', (points, disposition) => {
    expect(dispositionAt(points, risk)).toBe(disposition)
  })

  it('the worse of two is the graver one, whichever comes first', () => {
    const order = ['allow', 'warn', 'pause', 'terminate'] as const
    const wrong = order.flatMap((one, low) =>
      order.filter((other, high) => worse(one, other) !== order[Math.max(low, high)]),
    )
    expect([wrong, dispositionOf('ask'), dispositionOf('pause')]).toEqual([[], 'warn', 'pause'])
  })
})

describe('the bytes of a ledger', () => {
  it('are none at first, and grow with what is found', () => {
    const ledger = createLedger()
    const sizes = [ledger.bytes]
    for (const cause of ['a', 'b']) {
      ledger.admit([findingOf({ cause, message: 'm'.repeat(200) })])
      sizes.push(ledger.bytes)
    }
    ledger.link([flowOf()])
    sizes.push(ledger.bytes)
    expect([sizes[0], sizes.every((size, at) => at === 0 || size > (sizes[at - 1] ?? 0))]).toEqual([
      0,
      true,
    ])
  })

  it('do not grow by what was found before, nor without end', () => {
    const ledger = createLedger()
    const admit = (from: number, to: number): number => {
      for (let index = from; index < to; index++)
        ledger.admit([findingOf({ cause: `cause ${10_000 + index}` })])
      return ledger.bytes
    }
    const full = admit(0, 6_000)
    expect([admit(5_000, 6_000), admit(6_000, 9_000)]).toEqual([full, full])
  })

  it('are those of its causes where it goes on from what was saved', () => {
    const ledger = createLedger()
    ledger.admit([findingOf({ cause: 'a' })])
    const { bytes } = createLedger(ledger.save())
    expect(bytes > 0 && bytes < ledger.bytes).toBe(true)
  })
})

const arbitraryFinding: fc.Arbitrary<RuleFinding> = fc
  .record({
    rule: fc.constantFrom('a', 'b'),
    cause: fc.option(fc.constantFrom('x', 'y', 'z'), { nil: undefined }),
    trigger: fc.integer({ min: 1, max: 3 }),
    action: fc.constantFrom('warn', 'ask', 'pause', 'terminate'),
    score: fc.integer({ min: 0, max: 100 }),
  })
  .map(({ cause, ...parts }) => findingOf(cause === undefined ? parts : { ...parts, cause }))
