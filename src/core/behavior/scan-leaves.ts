import type { ScanClass, ScanMatch } from '../detection/match.ts'
import { scan } from '../detection/scan.ts'
import type { Leaf } from './payload/leaf.ts'
import type { EventMatch } from './rule.ts'

/**
 * Scans all leaves of a payload in one pass, each with its field's name before it, since names tell
 * secrets. Offsets of matches are those of the leaf's text.
 */
export function scanLeaves(leaves: readonly Leaf[], trusted: boolean): readonly EventMatch[] {
  if (leaves.length === 0) return NONE
  const { text, begins, starts } = joined(leaves)
  const found = scan(text, { classes: trusted ? SECRETS : SECRETS_AND_INSTRUCTIONS })
  let leaf = 0
  return found.map((match) => {
    while (leaf + 1 < begins.length && (begins[leaf + 1] ?? 0) <= match.start) leaf++
    return placed(match, leaf, starts[leaf] ?? 0, leaves[leaf]?.text.length ?? 0)
  })
}

interface Joined {
  readonly text: string
  /** Where each leaf begins: with its name. */
  readonly begins: readonly number[]
  /** Where each leaf's text starts. */
  readonly starts: readonly number[]
}

function joined(leaves: readonly Leaf[]): Joined {
  const parts: string[] = []
  const begins: number[] = []
  const starts: number[] = []
  let length = 0
  for (const { key, text } of leaves) {
    begins.push(length)
    if (key !== '') {
      parts.push(key, ': ')
      length += key.length + 2
    }
    starts.push(length)
    parts.push(text, '\n')
    length += text.length + 1
  }
  // Joined at once, the text is read faster than one that was put together piece by piece.
  return { text: parts.join(''), begins, starts }
}

function placed(match: ScanMatch, leaf: number, offset: number, length: number): EventMatch {
  const start = Math.max(0, match.start - offset)
  const end = Math.min(length, match.end - offset)
  // A match that stands in the name alone is about the whole value.
  const isInside = end > start
  return {
    class: match.class,
    kind: match.kind,
    confidence: match.confidence,
    start: isInside ? start : 0,
    end: isInside ? end : length,
    leaf,
  }
}

const NONE: readonly EventMatch[] = Object.freeze([])
const SECRETS: readonly ScanClass[] = ['secret']
const SECRETS_AND_INSTRUCTIONS: readonly ScanClass[] = ['secret', 'instruction']
