/** Whether a word such as `send` or `tell` counts, by what stands around it. */

/** Where the Latin letters end that fold to a to z. */
const LATIN = 0x250

/** Outside the text a blank. */
export function unitAt(text: string, at: number): number {
  return at < 0 || at >= text.length ? 32 : String.prototype.charCodeAt.call(text, at)
}

const NEGATION =
  /n[o']?t\b|\bne\w?er\b|\bn[eoi]\w?\b|\bavoid|\bwithout|\bkein|\bn[iu][en][ct]?\w*|\bmai\b|не/i
const REACH = 16

/** Whether a negation stands close in front. */
export function isNegated(text: string, start: number): boolean {
  return mayNegate(text, start) && NEGATION.test(text.slice(Math.max(0, start - REACH), start))
}

/** Whether letters stand in front of which each negation holds a pair: quicker than the pattern. */
export function mayNegate(text: string, start: number): boolean {
  let before = 0
  for (let at = Math.max(0, start - REACH); at < start; at++) {
    const code = String.prototype.charCodeAt.call(text, at)
    if (code > 0x3ff) return true
    const unit = code & 31
    if ((((BEHIND[before] ?? 0) >> unit) & 1) === 1) return true
    before = unit
  }
  return false
}

/** By letter, the units behind it in a pair that some negation holds, as bits. */
const BEHIND = new Int32Array(32)
for (const pair of ['vo', 'ho', 'ei', 'ai', 'no', 'nt', 'ne', 'ni', 'nu', "'t"])
  BEHIND[bitNumber(pair, 0)] = (BEHIND[bitNumber(pair, 0)] ?? 0) | (1 << bitNumber(pair, 1))

function bitNumber(text: string, at: number): number {
  return String.prototype.charCodeAt.call(text, at) & 31
}

const LEAD = /(?:please|kindly|then|and|also|now|just|to|first|must|bitte|por favor)\s+$/i

/** An order begins a clause: nothing stands before it but punctuation or a word such as "please". */
export function mayBeginOrder(text: string, start: number, end: number): boolean {
  if (unitAt(text, end) > 32) return unitAt(text, end) >= LATIN
  return mayFollow(text, start)
}

/** Whether an order may begin at `start`, by what stands in front. */
export function mayFollow(text: string, start: number): boolean {
  let at = start - 1
  while (unitAt(text, at) === 32 && at >= 0) at--
  const code = at < 0 ? 10 : String.prototype.charCodeAt.call(text, at)
  if (!isAsciiLetter(code) || unitAt(text, at - 1) === 92) return true
  if (((LEAD_ENDS >> (code & 31)) & 1) === 0) return false
  return LEAD.test(text.slice(Math.max(0, start - 12), start))
}

/** The letters that those words end with, as bits: d, e, n, o, r, t, w, y. */
const LEAD_ENDS =
  (1 << 4) | (1 << 5) | (1 << 14) | (1 << 15) | (1 << 18) | (1 << 20) | (1 << 23) | (1 << 25)

export function isAsciiLetter(code: number): boolean {
  return (code | 32) >= 97 && (code | 32) <= 122
}
