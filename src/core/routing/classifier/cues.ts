/** What the shape of a text says, whatever its words: each from 0 to 1. */
export function cuesOf(text: string): number[] {
  const length = text.length || 1
  return CUES.map((cue) => (typeof cue === 'function' ? cue(text, length) : cue.test(text) ? 1 : 0))
}

type Cue = RegExp | ((text: string, length: number) => number)

// How short a text is says nothing here: in benchmarks a task has one length, in life it has any.
const CUES: readonly Cue[] = [
  (_text, length) => (length > 800 ? 1 : 0),
  (text, length) => share(text, /\d/g, length, 10),
  (text, length) => share(text, /[{}()[\];=<>]/g, length, 10),
  (text, length) => share(text, /\n/g, length, 25),
  (text, length) => share(text, /[^\p{ASCII}]/gu, length, 2),
  (text) => Math.min(1, (text.split('?').length - 1) / 3),
  /\?\s*$/,
  /```/,
  /\\[a-z]+\{|\$[^$\n]+\$/,
  /^\s*\|.*\|/m,
  /^\s*\(?[A-Da-d1-4][).:]\s/m,
  /^\s*(?:[-*•]|\d+\.)\s/m,
  /^[A-Z][\w ]{1,30}:/m,
  /["“][^"”]{20,}["”]/,
  /^\s*(?:write|create|make|give|generate|tell|compose|design|draft|craft)\b/i,
  /^\s*(?:what|who|when|where|why|which|how|is|are|do|does|can)\b/i,
  /_{3,}|\.\.\.\s*$/,
  /^\s*(?:def|class|import|from|function|const|public|#include)\b/m,
]

export const CUE_COUNT = CUES.length

function share(text: string, pattern: RegExp, length: number, times: number): number {
  return Math.min(1, ((text.match(pattern)?.length ?? 0) / length) * times)
}
