import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryOf } from './cost.fixture.ts'
import { anyEntries } from './cost-entries.fixture.ts'
import { type CostEntry, reportCosts } from './report.ts'
import { renderCosts } from './report-text.ts'

const BASELINE = { baseline_model: 'openai/gpt-4o' }

/** Dollars in a line, as whole units of its last digit. */
function unitsIn(text: string): bigint {
  const [, sign = '', whole = '', part = ''] = /(-?)\$(\d+)\.(\d+)/.exec(text) ?? []
  return BigInt(`${sign}${whole}${part}`)
}

describe('a report in print', () => {
  it('adds up, though its parts do not end at its digits', () => {
    const calls = (count: number, model: string, amount: number): readonly CostEntry[] =>
      Array.from({ length: count }, () =>
        entryOf({ model, nusd: amount, baseline: { nusd: 1_635_714, interval: null } }),
      )
    const given = [
      ...calls(9, 'openai/gpt-4o-mini', 77_777),
      ...calls(3, 'anthropic/claude-haiku-4.5', 566_666),
      ...calls(2, 'anthropic/claude-sonnet-4.6', 5_400_000),
      ...Array.from({ length: 14 }, () => entryOf({ kind: 'classifier', nusd: 64_286 })),
      entryOf({ cost: { nusd: null, state: 'pending' } }),
    ]
    expect(renderCosts(reportCosts(given, BASELINE))).toBe(
      [
        'SESSION TOTALS',
        '  total calls       15',
        '  total cost        $0.01410     # actually spent',
        '    classifier      $0.00090     # 14, in the total',
        '  baseline cost     $0.02290     # if all via openai/gpt-4o (same_tokens, estimate)',
        '  savings           $0.00880     38.4%',
        '  pending           1            # not billed yet, in no sum',
        '',
        'PER-MODEL',
        '  anthropic/claude-sonnet-4.6           2 calls    $0.01080',
        '  anthropic/claude-haiku-4.5            3 calls    $0.00170',
        '  openai/gpt-4o-mini                   10 calls    $0.00070',
        '',
      ].join('\n'),
    )
  })

  it('shows a loss, an interval, and what the cache saved', () => {
    const given = [
      entryOf({
        nusd: 5_000_000,
        baseline: { nusd: 1_000_000, interval: { low: 900_000, high: 1_200_000 } },
      }),
      entryOf({ kind: 'cache_hit', nusd: 0, baseline: { nusd: 1_000_000, interval: null } }),
    ]
    const text = renderCosts(reportCosts(given, { ...BASELINE, method: 'ratio', n: 31 }))
    expect(text).toContain('(ratio, n=31, between $0.0019 and $0.0022)')
    expect(text).toMatch(
      /savings +-\$0\.0030 +-150\.0%\n {4}by routing +-\$0\.0040\n {4}by the cache +\$0\.0010\n/,
    )
  })

  it('says nothing of savings without a baseline', () => {
    expect(renderCosts(reportCosts([entryOf({ nusd: 5 })]))).not.toMatch(/savings|baseline/)
  })

  it('tells a billionth of a dollar', () => {
    const given = [entryOf({ nusd: 0, baseline: { nusd: 1, interval: null } })]
    const text = renderCosts(reportCosts(given, BASELINE))
    expect(text).toMatch(/savings +\$0\.000000001 +100\.0%/)
  })

  it('tells nothing without a sign', () => {
    const given = [entryOf({ nusd: 1_000_000, baseline: { nusd: 1_000_000, interval: null } })]
    expect(renderCosts(reportCosts(given, BASELINE))).toMatch(/savings +\$0\.0000 +0\.0%/)
    const nothing = renderCosts(reportCosts([], BASELINE))
    expect(nothing).toMatch(/savings +\$0\.0000\n/)
    expect(nothing).toMatch(/total cost +\$0\.0000 /)
  })

  it('prints a name as one line', () => {
    const text = renderCosts(reportCosts([entryOf({ model: 'a\nSESSION TOTALS\u001b[2J' })]))
    expect(text.match(/SESSION TOTALS/g)).toHaveLength(2)
    expect(text).toContain('  a?SESSION TOTALS?[2J ')
  })

  it('adds up to its last digit, whatever it holds', () => {
    fc.assert(
      fc.property(anyEntries, (given) => {
        const report = reportCosts(given, BASELINE)
        const [head = '', models = ''] = renderCosts(report).split('\nPER-MODEL\n')
        const lines = head.split('\n')
        const find = (label: string): bigint =>
          unitsIn(lines.find((one) => one.startsWith(`  ${label}`)) ?? '')
        const serving = lines.filter((one) => one.includes('in the total')).map(unitsIn)
        const parts = [...models.trimEnd().split('\n').filter(Boolean).map(unitsIn), ...serving]
        const places = /\$\d+\.(\d+)/.exec(head)?.[1]?.length ?? 0
        const total = find('total cost')
        expect(parts.reduce((all, one) => all + one, 0n)).toBe(total)
        expect(find('baseline cost') - total).toBe(find('savings'))
        const isSplit = lines.some((one) => one.includes('by the cache'))
        if (isSplit) expect(find('  by routing') + find('  by the cache')).toBe(find('savings'))
        // What is printed is what was spent, to half of the last digit.
        const unit = 10n ** BigInt(9 - places)
        const off = 2n * (total * unit - BigInt(report.totals.total_nusd))
        expect(off <= unit && -off <= unit).toBe(true)
      }),
    )
  })
})
