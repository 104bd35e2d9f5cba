import { scan } from '../../detection/scan.ts'
import type { Leaf } from '../payload/leaf.ts'
import type { EventMatch } from '../rule.ts'
import { viewsOf } from '../views/views-of.ts'

/** Most leaves of one payload that are decoded, and the longest, in UTF-16 units. */
const MAX_LEAVES = 8
const MAX_TEXT = 16_384
/** Most texts that one leaf is decoded to, and most of those that are read. */
const MAX_VIEWS = 24
const MAX_KEPT = 3

const HIDING = new Set(['hidden_characters', 'encoded_instruction'])
/** Soft hyphen, zero-width and direction signs, tag characters: a person sees none of them. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]|\udb40[\udc20-\udc7f]/

/**
 * The leaves, and behind them what those say that hide or encode an instruction, as the model would
 * read it. Only leaves with an instruction are decoded, a few at most; others cost nothing.
 */
export function withDecoded(
  leaves: readonly Leaf[],
  matches: readonly EventMatch[],
): readonly Leaf[] {
  const decoded = new Map<Leaf, readonly Leaf[]>()
  for (const match of matches) {
    const leaf = match.class === 'instruction' ? leaves[match.leaf] : undefined
    if (leaf === undefined || decoded.has(leaf) || decoded.size >= MAX_LEAVES) continue
    if (leaf.text.length > MAX_TEXT) continue
    if (HIDING.has(match.kind) || INVISIBLE.test(leaf.text)) decoded.set(leaf, decode(leaf))
  }
  return decoded.size === 0 ? leaves : [...leaves, ...[...decoded.values()].flat()]
}

function decode(leaf: Leaf): readonly Leaf[] {
  const found: Leaf[] = []
  for (const { text, by } of viewsOf(leaf.text, { maxViews: MAX_VIEWS })) {
    if (found.length >= MAX_KEPT) break
    const isPlain = by.length === 1 && by[0] === 'compatibility'
    if (!isPlain && scan(text, { classes: ['instruction'] }).length === 0) continue
    found.push({ key: leaf.key, text, record: leaf.record, kind: 'prose' })
  }
  return found
}
