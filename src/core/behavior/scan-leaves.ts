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
  const { text, starts } = joined(leaves)
  const found = scan(text, { classes: trusted ? SECRETS : SECRETS_AND_INSTRUCTIONS })
  let leaf = 0
  return found.map((match) => {
    while (leaf + 1 < starts.length && (starts[leaf + 1] ?? 0) <= match.start) leaf++
    return placed(match, leaf, starts[leaf] ?? 0, leaves[leaf]?.text.length ?? 0)
  })
}

/** The texts with their names, and where in it each leaf's text starts. */
function joined(leaves: readonly Leaf[]): { text: string; starts: readonly number[] } {
  let text = ''
  const starts: number[] = []
  for (const { key, text: value } of leaves) {
    if (key !== '') text += `${key}: `
    starts.push(text.length)
    text += `${value}\n`
  }
  return { text, starts }
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
