import type { ScanMatch } from '../match.ts'
import {
  confidenceOf,
  GROUP_COUNT,
  kindOf,
  putGroup,
  REPORTED,
  type Weights,
  weigh,
} from './evidence.ts'
import type { InstructionKind } from './kinds.ts'
import { passageEnd } from './passage.ts'
import { Role } from './roles.ts'
import type { Sentence } from './sentences.ts'
import type { Span } from './structure.ts'
import { Trait } from './traits.ts'

/** Sentences that are read together. More would add up what chance put on one page. */
const TOGETHER = 3
/** Units between two sentences that still belong together. */
const MAX_GAP = 160
/** Sentences of one marked block that are weighed. */
const MAX_INSIDE = 24

type Extra = (sentence: Sentence, weights: Weights) => void

/** A passage whose end may still move on. */
interface Open {
  kind: InstructionKind
  start: number
  end: number
  confidence: number
  /** What it orders may stand in the sentences behind it. */
  opens: boolean
}

/** Appends the passages of unmarked text. `extra` adds weight of its own to a sentence. */
export function passagesOf(
  text: string,
  sentences: readonly Sentence[],
  extra: Extra,
  found: ScanMatch[],
): void {
  const weights = new Float64Array(GROUP_COUNT)
  let open: Open | undefined
  for (let first = 0; first < sentences.length; first++) {
    const start = sentences[first]?.start ?? 0
    const last = lastOf(sentences, first, extra, weights)
    if (last === undefined) continue
    const kind = kindOf(weights)
    const confidence = confidenceOf(weights)
    // Neighbours are one passage.
    if (open !== undefined && start <= open.end + MAX_GAP) {
      if (confidence > open.confidence) {
        open.kind = kind
        open.confidence = confidence
      }
      open.end = Math.max(open.end, last.end)
      open.opens = OPENERS.has(kind)
      continue
    }
    if (open !== undefined) found.push(closed(text, open))
    open = { kind, start, end: last.end, confidence, opens: OPENERS.has(kind) }
  }
  if (open !== undefined) found.push(closed(text, open))
}

const OPENERS: ReadonlySet<InstructionKind> = new Set([
  'override',
  'model_address',
  'authority',
  'fake_completion',
])

function closed(text: string, { kind, start, end, confidence, opens }: Open): ScanMatch {
  const last = opens ? Math.max(end, passageEnd(text, end - 1)) : end
  return { class: 'instruction', kind, start, end: last, confidence: round(confidence) }
}

/** The sentence with which the evidence from `first` on suffices; leaves that evidence in `weights`. */
function lastOf(
  sentences: readonly Sentence[],
  first: number,
  extra: Extra,
  weights: Weights,
): Sentence | undefined {
  weights.fill(0)
  for (let last = first; last < first + TOGETHER; last++) {
    const sentence = sentences[last]
    if (sentence === undefined) return undefined
    const before = sentences[last - 1]
    const isNear = before !== undefined && sentence.start - before.end <= MAX_GAP
    if (last > first && !isNear) return undefined
    weigh(sentence, isNear ? before : undefined, weights)
    extra(sentence, weights)
    const confidence = confidenceOf(weights)
    if (confidence >= REPORTED) return sentence
    // The first sentence must say something itself, or it only lengthens the passage.
    if (confidence === 0) return undefined
  }
  return undefined
}

/** A marked block with what its sentences, from the one at `next` on, add to the mark. */
export function passageOfSpan(
  span: Span,
  sentences: readonly Sentence[],
  next: number,
  extra: Extra,
): ScanMatch | undefined {
  const weights = new Float64Array(GROUP_COUNT)
  for (let index = next; index < next + MAX_INSIDE; index++) {
    const sentence = sentences[index]
    if (sentence === undefined || sentence.start >= span.end) break
    weigh(sentence, undefined, weights)
    extra(sentence, weights)
    if (directs(sentence)) putGroup(weights, 'output', 0.25)
  }
  const alone = confidenceOf(weights)
  if (alone === 0) return undefined
  const own = kindOf(weights)
  putGroup(weights, 'structure', span.weight)
  const confidence = confidenceOf(weights)
  if (confidence < REPORTED) return undefined
  const kind = alone >= REPORTED && span.kind !== 'hidden_text' ? own : span.kind
  return {
    class: 'instruction',
    kind,
    start: span.start,
    end: span.end,
    confidence: round(confidence),
  }
}

const THINGS =
  Role.you | Role.secret | Role.goods | Role.destination | Role.path | Role.user | Role.rules

/** An order about something that an agent has hold of. */
function directs({ roles, traits }: Sentence): boolean {
  const orders = (traits & (Trait.order | Trait.orderLast)) !== 0
  return orders && (roles & THINGS) !== 0
}

function round(confidence: number): number {
  return Math.round(confidence * 100) / 100
}
