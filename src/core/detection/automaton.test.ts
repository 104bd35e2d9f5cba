import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildAutomaton, STATE_BITS } from './automaton.ts'

/** Index of a keyword and the offset behind it, for each place where one ends. */
function hitsOf(keywords: readonly string[], text: string): string[] {
  const { columns, next, firstEnd, ends, endsFrom, step, width } = buildAutomaton(keywords)
  const hits: string[] = []
  let state = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    state = code < 128 ? (next[(state << STATE_BITS) + (columns[code] ?? 0)] ?? 0) : 0
    if (state < firstEnd) continue
    const position = next[(state << STATE_BITS) + width - 1] ?? 0
    expect(position).toBe((state - firstEnd) / step)
    for (const id of ends.slice(endsFrom[position], endsFrom[position + 1]))
      hits.push(`${id}@${at + 1}`)
  }
  return hits.sort()
}

function expectedHits(keywords: readonly string[], text: string): string[] {
  const lower = text.replace(/[A-Z]/g, (unit) => unit.toLowerCase())
  return keywords
    .flatMap((keyword, id) =>
      [...lower].flatMap((_, at) =>
        lower.startsWith(keyword, at) ? [`${id}@${at + keyword.length}`] : [],
      ),
    )
    .sort()
}

describe('the keyword automaton', () => {
  it('finds every occurrence of every keyword, also inside another, in any case', () => {
    const keywords = ['he', 'she', 'his', 'hers', 's', '-_.']
    expect(hitsOf(keywords, 'uSHErs his -_.')).toEqual(expectedHits(keywords, 'uSHErs his -_.'))
  })

  it('agrees with a plain search', () => {
    const keyword = fc.stringMatching(/^[ab-]{1,4}$/)
    fc.assert(
      fc.property(
        fc.uniqueArray(keyword, { minLength: 1, maxLength: 8 }),
        fc.stringMatching(/^[abAB\-cé]{0,40}$/),
        (keywords, text) => {
          expect(hitsOf(keywords, text)).toEqual(expectedHits(keywords, text))
        },
      ),
    )
  })

  it('starts anew behind a unit that no keyword holds', () => {
    expect(hitsOf(['ab'], 'a\u0000b aéb a\ud800b')).toEqual([])
  })

  it.each([[''], ['Key'], ['schlüssel']])('refuses the keyword %j', (keyword) => {
    expect(() => buildAutomaton([keyword])).toThrow(RangeError)
  })

  it('reads units as a fold says, in keywords and in texts', () => {
    const fold = Uint16Array.from({ length: 0x10000 }, (_, code) => code)
    fold['0'.charCodeAt(0)] = 'o'.charCodeAt(0)
    fold['é'.charCodeAt(0)] = 'e'.charCodeAt(0)
    const { columns, next, firstEnd } = buildAutomaton(['no', 'e0'], fold)
    let state = 0
    const places = [...'n0 no NO éo e0'].flatMap((unit, at) => {
      state = next[(state << STATE_BITS) + (columns[unit.charCodeAt(0)] ?? 0)] ?? 0
      return state >= firstEnd ? [at] : []
    })
    expect(places).toEqual([1, 4, 10, 13])
  })
})
