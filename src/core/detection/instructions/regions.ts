import type { Anchors } from './anchors.ts'
import type { Span } from './structure.ts'

/** Units read in front of and behind a cue word. */
const BEFORE = 200
const AFTER = 380
/** Units of a text that are read word by word, at least, and as a share of its length. */
const LEAST_READ = 12_288
const SHARE = 8
const CELL = 512

export type Range = readonly [from: number, to: number]

/**
 * Ranges around cue words and marked blocks, in order and joined. Where they are more than the
 * budget, the cells with the most kinds of cues come first: a text full of one cue word must not
 * cost more than others, nor hide what stands among them.
 */
export function regionsOf(
  length: number,
  anchors: Anchors | undefined,
  spans: readonly Span[],
): readonly Range[] {
  const ranges: Range[] = spans.map((span) => [span.start - BEFORE, span.end + BEFORE])
  for (const at of anchors?.places ?? []) ranges.push([at - BEFORE, at + AFTER])
  const all = joined(length, ranges)
  const budget = Math.max(LEAST_READ, length / SHARE)
  let units = 0
  for (const [from, to] of all) units += to - from
  if (units <= budget) return all
  return joined(length, richest(anchors, spans, budget))
}

function richest(anchors: Anchors | undefined, spans: readonly Span[], budget: number): Range[] {
  const kinds = new Map<number, number>()
  const places = anchors?.places ?? []
  for (let index = 0; index < places.length; index++) {
    const cell = Math.floor((places[index] ?? 0) / CELL)
    kinds.set(cell, (kinds.get(cell) ?? 0) | (anchors?.roles[index] ?? 0))
  }
  // A mark of structure counts as every kind.
  for (const span of spans) kinds.set(Math.floor(span.start / CELL), -1)
  const ranked = [...kinds].sort((a, b) => bitCount(b[1]) - bitCount(a[1]) || a[0] - b[0])
  const ranges: Range[] = []
  let left = budget
  for (const [cell] of ranked) {
    if (left <= 0) break
    ranges.push([cell * CELL - BEFORE, (cell + 1) * CELL + BEFORE])
    left -= CELL + BEFORE
  }
  return ranges
}

function bitCount(mask: number): number {
  let bits = mask
  let count = 0
  while (bits !== 0) {
    bits &= bits - 1
    count++
  }
  return count
}

function joined(length: number, ranges: Range[]): readonly Range[] {
  ranges.sort((a, b) => a[0] - b[0])
  const out: [number, number][] = []
  for (const [from, to] of ranges) {
    const last = out.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], Math.min(length, to))
    else out.push([Math.max(0, from), Math.min(length, to)])
  }
  return out
}
