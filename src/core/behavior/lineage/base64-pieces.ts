const SEXTETS = new Uint8Array(128).fill(255)
for (const [value, digit] of [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
].entries())
  SEXTETS[digit.charCodeAt(0)] = value
SEXTETS[45] = 62
SEXTETS[95] = 63

/** Runs of the alphabet that look coded: no word has so many units, or capitals and digits inside. */
const RUN = /[\w+/-]{10,4096}/g
/** Encoders for mail break lines. */
const WRAP = /(?<=[\w+/-]{4})\r?\n(?=[\w+/-])/g
const CODED = /[a-z][A-Z\d]|\d[a-zA-Z]|[A-Z]{2}[a-z]/
const LEAST = 10
const MOST_RUNS = 8

/**
 * What a piece of base64, cut anywhere, may say: each of the four ways it may lie in its groups of four.
 * Unlike a whole text it has no right length and need not be text from its first byte on. Bytes beyond
 * ASCII part words.
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-4
 */
export function base64Pieces(text: string): readonly string[] {
  const pieces: string[] = []
  if (text.length < LEAST) return pieces
  let runs = 0
  const joined = text.includes('\n') ? text.replace(WRAP, '') : text
  for (const [run] of joined.matchAll(RUN)) {
    if (!CODED.test(run)) continue
    if (++runs > MOST_RUNS) break
    for (let skipped = 0; skipped < 4; skipped++) {
      const piece = decoded(run, skipped)
      if (piece !== undefined) pieces.push(piece)
    }
  }
  return pieces
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
