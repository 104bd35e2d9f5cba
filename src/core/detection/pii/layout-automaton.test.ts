import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kindAt } from './characters.ts'
import { buildLayoutAutomaton, WIDTH } from './layout-automaton.ts'

const LAYOUTS = ['999', '99-9', 'A9*', 'AA9', '***', '9 9', '(9)9', 'A*9A', '9.9/9:9+9']

/** The same as a pattern, which is plain to see. */
function referenceOf(layout: string): RegExp {
  const body = Array.from(layout, (symbol) => {
    if (symbol === '9') return '[0-9]'
    if (symbol === 'A') return '[A-Za-z]'
    return symbol === '*' ? '[0-9A-Za-z]' : `\\${symbol}`
  })
  return new RegExp(`^${body.join('')}$`)
}

describe('the automaton of layouts', () => {
  const { next, ends } = buildLayoutAutomaton(LAYOUTS)

  it('ends at a text in the layouts whose patterns match it', () => {
    const text = fc.stringMatching(/^[09Az ()./:+-]{0,10}$/)
    fc.assert(
      fc.property(text, (sample) => {
        let state = 1
        for (let at = 0; at < sample.length; at++)
          state = next[state * WIDTH + kindAt(sample, at)] ?? 0
        const found = (ends[state] ?? []).map((index) => LAYOUTS[index]).sort()
        const expected = LAYOUTS.filter((layout) => referenceOf(layout).test(sample)).sort()
        expect(found).toEqual(expected)
      }),
      { numRuns: 2000 },
    )
  })

  it.each(LAYOUTS)('knows %s', (layout) => {
    const sample = layout.replaceAll('9', '7').replaceAll('A', 'q').replaceAll('*', 'q')
    let state = 1
    for (let at = 0; at < sample.length; at++) state = next[state * WIDTH + kindAt(sample, at)] ?? 0
    expect(ends[state]?.map((index) => LAYOUTS[index])).toContain(layout)
  })
})
