import { type Budget, spend } from '../views/budget.ts'

const SEXTETS = new Uint8Array(128).fill(255)
for (const [value, digit] of [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
].entries())
  SEXTETS[digit.charCodeAt(0)] = value
SEXTETS[45] = 62
SEXTETS[95] = 63

/** Runs of the alphabet that look coded: no word has capitals or digits inside. */
const CODED = /[a-z][A-Z\d]|\d[a-zA-Z]|[A-Z]{2}[a-z]/
const LEAST = 10
const MOST = 4096
/** What a run costs for each of its units: each is decoded four ways, and each of these looked through. */
const RUN_WORK = 4
/** Encoders for mail break lines; a line of so many units may go on in the next. */
const LEAST_LINE = 4

/**
 * What a piece of base64, cut anywhere, may say: each of the four ways it may lie in its groups of four.
 * Unlike a whole text it has no right length and need not be text from its first byte on. Bytes beyond
 * ASCII part words.
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-4
 */
export function base64Pieces(text: string, budget: Budget): readonly string[] {
  if (text.length < LEAST) return NONE
  let pieces: string[] | undefined
  for (let from = 0; from < text.length; ) {
    const start = nextRun(text, from)
    const end = runEnd(text, start)
    if (end - start >= LEAST) {
      const run = text.slice(start, end).replace(BREAKS, '')
      if (run.length >= LEAST && CODED.test(run)) {
        if (!spend(budget, RUN_WORK * run.length)) break
        pieces ??= []
        addPieces(pieces, run)
      }
    }
    from = Math.max(end, start + 1)
  }
  return pieces ?? NONE
}

const NONE: readonly string[] = []
const BREAKS = /[\r\n]{1,2}/g

function addPieces(pieces: string[], run: string): void {
  for (let skipped = 0; skipped < 4; skipped++) {
    const piece = decoded(run, skipped)
    if (piece !== undefined) pieces.push(piece)
  }
}

/**
 * Offset of the next stretch that may be long enough, or the end of the text. Looked at from its end, so
 * that short words are mostly passed over.
 */
function nextRun(text: string, start: number): number {
  let from = start
  while (from + LEAST <= text.length) {
    let at = from + LEAST - 1
    while (at >= from && mayGoOn(text.charCodeAt(at))) at--
    if (at < from) return from
    from = at + 1
  }
  return text.length
}

function mayGoOn(unit: number): boolean {
  return isDigit(unit) || unit === 10 || unit === 13
}

/** Offset behind the run that begins at `start`, which may go on over the ends of lines. */
function runEnd(text: string, start: number): number {
  let line = start
  const limit = Math.min(text.length, start + MOST)
  for (let index = start; index < limit; index++) {
    const unit = text.charCodeAt(index)
    if (isDigit(unit)) continue
    const next = index - line < LEAST_LINE ? index : behindBreak(text, index, unit)
    if (next === index || !isDigit(text.charCodeAt(next))) return index
    line = next
    index = next - 1
  }
  return limit
}

/** Offset behind the line break at `index`; `index` where there is none. */
function behindBreak(text: string, index: number, unit: number): number {
  if (unit === 10) return index + 1
  return unit === 13 && text.charCodeAt(index + 1) === 10 ? index + 2 : index
}

/** A letter, a digit, `+`, `/`, `-` or `_`. */
function isDigit(unit: number): boolean {
  return unit < 128 && (SEXTETS[unit] ?? 255) < 64
}

/** Undefined where less than two thirds of the bytes are text. */
function decoded(run: string, skipped: number): string | undefined {
  let piece = ''
  let held = 0
  let bits = 0
  let odd = 0
  for (let index = skipped; index < run.length; index++) {
    held = ((held << 6) | (SEXTETS[run.charCodeAt(index)] ?? 0)) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    const byte = (held >> bits) & 255
    const isText = byte >= 32 && byte < 127
    if (!isText) odd++
    piece += isText ? String.fromCharCode(byte) : ' '
  }
  return odd * 3 > piece.length ? undefined : piece
}
