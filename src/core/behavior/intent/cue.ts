import { cuesOf } from '../../detection/instructions/cues-of.ts'

/** Longest sentence and text that are read, in UTF-16 units. */
const MAX_SENTENCE = 700
const MAX_TEXT = 4_096
/** Secrets are also asked for among people. */
const SECRECY_AT_MOST = 0.6

/** Tags and headings that imitate the frame of a conversation. */
const FRAMES: readonly (readonly [pattern: RegExp, weight: number])[] = [
  [
    /<\/?\s{0,2}(?:information|info|important|system|instructions?|admin|user|assistant|prompt|sys|inst|task|override|directive)\b[^<>\n]{0,40}>/i,
    0.9,
  ],
  [
    /(?:#{2,6}|\[|\(|\{\{|<\|)\s{0,2}(?:system|assistant|user|instructions?|inst|admin|im_start|developer)(?:[\s_-]?(?:message|prompt|note|override))?\s{0,2}(?:\]|\)|\}\}|\|>|:|\n|$)/i,
    0.9,
  ],
  [
    /(?:^|\n)\W{0,6}(?:system|assistant|developer|admin(?:istrator)?)\s{0,2}(?:message|prompt|note|override)?\s{0,2}:/i,
    0.7,
  ],
]

/** 0 to 1: how much a sentence speaks to the model: by whom and about whom, never what about. */
export function cueOf(text: string, start: number, end: number): number {
  const cues = cuesOf(text.slice(start, Math.min(end, start + MAX_SENTENCE)))
  const spoken = Math.max(cues.address, cues.authority, cues.override, cues.structure)
  return Math.max(spoken, Math.min(cues.secrecy, SECRECY_AT_MOST))
}

/** 0 to 1: how much a stretch of text imitates the frame of a conversation. */
export function frameOf(text: string): number {
  const part = text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text
  let most = 0
  for (const [pattern, weight] of FRAMES) if (weight > most && pattern.test(part)) most = weight
  return most
}
