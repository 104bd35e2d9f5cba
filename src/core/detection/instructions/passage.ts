/** Longest passage that is cut out with the cue that opens it, in UTF-16 units. */
const MAX_PASSAGE = 800

/**
 * Where the passage around `from` ends: at a blank line, at the quote that closes a JSON, Python or
 * YAML string, or behind {@link MAX_PASSAGE} units. A blank line behind a colon does not end it.
 */
export function passageEnd(text: string, from: number): number {
  const limit = Math.min(text.length, from + MAX_PASSAGE)
  let at = from
  while (at < limit) {
    const code = String.prototype.charCodeAt.call(text, at)
    if (isBreak(text, at)) {
      const next = skipBreaks(text, at)
      if (next.breaks > 1 && String.prototype.charCodeAt.call(text, lastInk(text, at, from)) !== 58)
        return at
      at = Math.max(next.at, at + 1)
      continue
    }
    if ((code === 34 || code === 39) && closesString(text, at)) return at
    at++
  }
  return limit
}

function isBreak(text: string, at: number): boolean {
  const code = String.prototype.charCodeAt.call(text, at)
  return (
    code === 10 ||
    (code === 92 && at + 1 < text.length && String.prototype.charCodeAt.call(text, at + 1) === 110)
  )
}

function skipBreaks(text: string, from: number): { at: number; breaks: number } {
  let at = from
  let breaks = 0
  while (at < text.length) {
    const code = String.prototype.charCodeAt.call(text, at)
    if (isBreak(text, at)) {
      breaks++
      at += code === 10 ? 1 : 2
    } else if (code === 32 || code === 9 || code === 13) at++
    else break
  }
  return { at, breaks }
}

function lastInk(text: string, at: number, from: number): number {
  let last = at - 1
  while (last > from && String.prototype.charCodeAt.call(text, last) <= 32) last--
  return Math.max(last, 0)
}

/** Whether a quote is followed by what follows a string in JSON, Python or YAML. */
export function closesString(text: string, at: number): boolean {
  if (at > 0 && String.prototype.charCodeAt.call(text, at - 1) === 92) return false
  const next = at + 1 < text.length ? String.prototype.charCodeAt.call(text, at + 1) : 10
  if (next === 44 || next === 58)
    // `'a', 'b'` in a structure; `"no," he said` and a quoted name in a sentence go on in lower case.
    return /^[,:]\s*(?:["'[{\d]|$)/.test(text.slice(at + 1, at + 8))
  return next === 93 || next === 125 || next === 10
}
