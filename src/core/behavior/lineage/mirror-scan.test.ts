import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FoundPieces, searchIn, startPieces } from './found-pieces.ts'
import { createFragments } from './fragment-table.ts'
import { createByteHash } from './half-sip-hash.ts'
import { reverseScan, rotateScan } from './mirror-scan.ts'
import { KEY } from './session.fixture.ts'
import { createTextScan, scanText } from './text-scan.ts'

const text = fc.string({ unit: fc.constantFrom(...'abzAN09 .-_@/:,\n'), maxLength: 60 })
const rotated = (plain: string) =>
  plain.replace(/[a-z]/gi, (letter) => {
    const code = letter.charCodeAt(0)
    return String.fromCharCode(code + ((code | 32) < 110 ? 13 : -13))
  })
const reversed = (plain: string) => [...plain].reverse().join('')

/** What a scan says, as plain values. */
function told(plain: string, turn?: (scan: ReturnType<typeof createTextScan>) => void) {
  const scan = createTextScan()
  scanText(scan, plain)
  turn?.(scan)
  const { words, length } = scan
  return {
    bytes: [...scan.bytes.subarray(0, length)],
    starts: [...scan.starts.subarray(0, words + 1)],
    gaps: [...scan.gaps.subarray(0, words)],
    traits: [...scan.traits.subarray(0, words)],
    kinds: [scan.allTraits, scan.gapKinds],
  }
}

describe('a scan', () => {
  it('turned around is that of the text backwards', () => {
    fc.assert(
      fc.property(text, (plain) => {
        expect(told(plain, reverseScan)).toEqual(told(reversed(plain)))
      }),
    )
  })

  it('rotated is that of the text rotated', () => {
    fc.assert(
      fc.property(text, (plain) => {
        expect(told(plain, rotateScan)).toEqual(told(rotated(plain)))
      }),
    )
  })

  it('is the same for a long text as for a short one', () => {
    fc.assert(
      fc.property(text, (plain) => {
        const long = `${plain}\n${'x '.repeat(200)}`
        const { bytes, starts, gaps, traits } = told(plain)
        const other = told(long)
        expect(other.bytes.slice(0, bytes.length)).toEqual(bytes)
        expect(other.starts.slice(0, starts.length)).toEqual(starts)
        expect(other.gaps.slice(0, gaps.length)).toEqual(gaps)
        expect(other.traits.slice(0, traits.length)).toEqual(traits)
      }),
    )
  })
})

/** Which pieces of the first value were found. */
function maskOf(look: (found: FoundPieces) => void): number {
  const found = startPieces()
  searchIn(found, { role: 'content', encoded: [] }, 0)
  look(found)
  return found.masks[0] ?? 0
}

describe('pieces', () => {
  it('are found backwards, rotated and both, where the text so turned holds them', () => {
    const fragments = createFragments(createByteHash(KEY), 100_000)
    const value = 'q7zk2mxw9ltr4vbn8shc3djf6gyp1aeu'
    const bytes = Uint8Array.from(value, (unit) => unit.charCodeAt(0))
    const shape = { low: 1, high: 2, event: 1, origin: 0, flags: 0, path: 0, bits: 160 }
    fragments.add({ ...shape, total: 32, length: 32, whole: false }, bytes, 0)
    const look = (plain: string) => {
      const scan = createTextScan()
      scanText(scan, plain)
      const { reversed, rotated, both } = fragments.searchMirrors(scan.bytes, scan.length)
      return [reversed, rotated, both].map((hits) =>
        maskOf((found) => fragments.addHits(hits ?? [], found)),
      )
    }
    const all = maskOf((found) => fragments.search(fragments.roll(), bytes, bytes.length, found))
    expect(all).toBeGreaterThan(0)
    const none = 0
    expect(look(reversed(value))).toEqual([all, none, none])
    expect(look(`x ${rotated(value)} y`)).toEqual([none, all, none])
    expect(look(`x ${reversed(rotated(value))} y`)).toEqual([none, none, all])
    expect(look(value)).toEqual([none, none, none])
  })
})
