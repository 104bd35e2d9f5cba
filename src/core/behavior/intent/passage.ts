import type { Memory } from './memory.ts'
import type { SourceRecord } from './sentence.ts'
import { MAX_STEMS } from './words.ts'

/** Sentences behind a request whose values still belong to it. */
const FOLLOWING = 2
/** Sentences around one that speaks to the model that speak with it. */
const CUE_REACH = 10
const MAX_VALUES = 24
const CERTAIN = 0.9

/** A sentence on its way to the memory. */
export interface Draft {
  /** Number of the sentence in its passage; set by the passage. */
  at: number
  readonly weight: number
  readonly wish: boolean
  readonly head: number
  readonly verbs: number
  readonly objects: number
  readonly stems: number[]
  readonly values: number[]
  cue: number
  readonly signature: number
}

/** The sentences of one body of text: what stands near a sentence belongs to it. */
export interface Passage {
  /** Of the record that it is part of; undefined before the first. */
  readonly source: SourceRecord | undefined
  /** Another begins: what was drafted of this one is kept. */
  turn(source: SourceRecord | undefined): void
  /** A sentence begins. */
  next(): void
  /** False where a sentence nearby leaves no doubt. */
  wantsCue(): boolean
  /** The sentence speaks to the model. */
  cue(weight: number): void
  /** The text imitates a conversation: all of it is meant for the model. */
  frame(weight: number): void
  /** The sentence asks for nothing, and has these values, as many as `count`. */
  tell(values: ArrayLike<number>, count: number): void
  add(draft: Draft, asks: boolean): void
}

/** One object for all passages: most fields of a record have nothing to keep. */
export function createPassage(memory: Memory): Passage {
  let source: SourceRecord | undefined
  const drafts: Draft[] = []
  const cues: { readonly at: number; readonly weight: number }[] = []
  let frame = 0
  let at = 0
  let asking: Draft | undefined
  const follow = (values: ArrayLike<number>, count: number): void => {
    if (asking === undefined || at - asking.at > FOLLOWING) return
    for (let index = 0; index < count && asking.values.length < MAX_VALUES; index += 1)
      asking.values.push(values[index] ?? 0)
  }
  const cueAt = (draft: Draft): number => {
    let cue = Math.max(draft.cue, frame)
    for (const near of cues)
      if (Math.abs(near.at - draft.at) <= CUE_REACH && near.weight > cue) cue = near.weight
    return cue
  }
  const close = (): void => {
    if (source === undefined) return
    for (const draft of drafts) {
      draft.cue = cueAt(draft)
      memory.add(draft, source)
    }
  }
  return {
    get source() {
      return source
    },
    turn: (next) => {
      if (drafts.length > 0) close()
      source = next
      if (drafts.length > 0) drafts.length = 0
      if (cues.length > 0) cues.length = 0
      frame = 0
      at = 0
      asking = undefined
    },
    next: () => {
      at += 1
    },
    wantsCue: () => {
      const last = cues.at(-1)
      return last === undefined || last.weight < CERTAIN || at - last.at >= CUE_REACH
    },
    cue: (weight) => {
      // The strongest of a stretch is enough: hostile text has one in every sentence.
      const last = cues.at(-1)
      if (last === undefined || at - last.at >= CUE_REACH || weight > last.weight)
        cues.push({ at, weight })
    },
    frame: (weight) => {
      if (weight > frame) frame = weight
    },
    tell: follow,
    add: (draft, asks) => {
      draft.at = at
      const before = drafts.at(-1)
      if (before !== undefined && before.at === at - 1 && (draft.wish || before.wish))
        join(before, draft)
      drafts.push(draft)
      if (asks) asking = draft
      else follow(draft.values, draft.values.length)
    },
  }
}

/** `I need a lamp. Please buy one.` One request, in two sentences. */
function join(before: Draft, draft: Draft): void {
  const own = draft.stems.length
  for (const stem of before.stems) if (draft.stems.length < MAX_STEMS) draft.stems.push(stem)
  for (let index = 0; index < own && before.stems.length < MAX_STEMS; index += 1)
    before.stems.push(draft.stems[index] ?? 0)
  for (const value of before.values) if (draft.values.length < MAX_VALUES) draft.values.push(value)
}
