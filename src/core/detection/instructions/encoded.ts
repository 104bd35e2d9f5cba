import type { ScanMatch } from '../match.ts'
import type { IsInstruction } from './hidden-characters.ts'
import { isSpelled, type Run, spacedAround, spelledOut } from './spelled-out.ts'

/** Shorter runs hold no sentence. */
const SHORTEST = 24
const LONGEST = 4096
/** Runs that are decoded in full; all the others are only sniffed at. */
const MAX_DECODED = 8
const STRIDE = 12
/** Lines that are turned round, and how much of one. */
const MAX_LINES = 4
const LINE = 1000

/** 6-bit values of base64 and its URL form plus one, 0 for other units. */
let sextets: Uint8Array | undefined

function sextetTable(): Uint8Array {
  if (sextets !== undefined) return sextets
  const table = new Uint8Array(0x10000)
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  for (let value = 0; value < 64; value++) table[alphabet.charCodeAt(value)] = value + 1
  table[45] = 63
  table[95] = 64
  sextets = table
  return table
}

/**
 * Appends runs whose decoding is an instruction: base64, hex, escapes of characters, rot13, spelled
 * backwards, spaced out. `mayHoldCipher`: any cue word was seen, and one of {@link CIPHER_WORDS}.
 */
export function findEncoded(
  text: string,
  units: Uint16Array,
  mayHoldCipher: boolean,
  decoded: IsInstruction,
  found: ScanMatch[],
): void {
  findRuns(text, units, decoded, found)
  findEscapes(text, decoded, found)
  if (mayHoldCipher) findCiphers(text, decoded, found)
}

/**
 * Looks at every twelfth unit: a run of 24 holds two such places, and letters set apart alternate
 * with their separators there.
 */
function findRuns(
  text: string,
  units: Uint16Array,
  decoded: IsInstruction,
  found: ScanMatch[],
): void {
  const table = sextetTable()
  const { length } = units
  let tried = 0
  for (let at = STRIDE; at < length && tried < MAX_DECODED; at += STRIDE) {
    // Most places are decided upon by two tests that seldom hold: branches that are foreseen cost least.
    const own = isMember(table, units, at)
    const first = isMember(table, units, at - 1)
    const third = isMember(table, units, at - 3)
    if ((own ^ first) & (own ^ third)) {
      const run = spacedAround(table, units, at)
      if (run === undefined) continue
      at = run.end
      tried++
      if (isSpelled(text.slice(run.start, run.end), decoded)) found.push(spelledOut(run))
    } else if (own & first & third & isMember(table, units, at - 6)) {
      const run = runAround(table, units, at)
      if (run === undefined) continue
      at = run.end
      tried += decodedAt(table, text, run, decoded, found)
    }
  }
}

/** Answers 1 when the run was text in disguise, instruction or not. */
function decodedAt(
  table: Uint8Array,
  text: string,
  run: Run,
  decoded: IsInstruction,
  found: ScanMatch[],
): number {
  const plain = decodeRun(table, text, run)
  if (plain === undefined) return 0
  if (decoded(plain)) found.push(encoded(run))
  return 1
}

/** 1 or 0: whether the unit belongs to the alphabet. */
function isMember(table: Uint8Array, units: Uint16Array, at: number): number {
  return ((table[units[at] ?? 0] ?? 0) + 63) >> 6
}

/** Samples of the eleven units before, so many that few words of a language pass. */
function isInside(table: Uint8Array, units: Uint16Array, at: number): boolean {
  return (
    table[units[at - 3] ?? 0] !== 0 &&
    table[units[at - 6] ?? 0] !== 0 &&
    table[units[at - 9] ?? 0] !== 0 &&
    table[units[at - 11] ?? 0] !== 0
  )
}

function runAround(table: Uint8Array, units: Uint16Array, at: number): Run | undefined {
  if (!isInside(table, units, at)) return undefined
  let start = at
  while (start > 0 && table[units[start - 1] ?? 0] !== 0) start--
  let end = at
  while (end < units.length && table[units[end] ?? 0] !== 0) end++
  return { start, end }
}

function decodeRun(table: Uint8Array, text: string, { start, end }: Run): string | undefined {
  if (end - start < SHORTEST) return undefined
  const limit = Math.min(end, start + LONGEST)
  return decodeHex(text, start, limit) ?? decodeBase64(table, text, start, limit)
}

function decodeHex(text: string, start: number, end: number): string | undefined {
  let plain = ''
  for (let at = start; at + 1 < end; at += 2) {
    const high = hexDigit(text.charCodeAt(at))
    const low = hexDigit(text.charCodeAt(at + 1))
    if (high < 0 || low < 0 || !isText(high * 16 + low)) return undefined
    plain += String.fromCharCode(high * 16 + low)
  }
  return plain
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const letter = code | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

/** Undefined as soon as the bytes are no text, which for hashes and keys is after a few. */
function decodeBase64(
  table: Uint8Array,
  text: string,
  start: number,
  end: number,
): string | undefined {
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (let at = start; at < end; at++) {
    held = ((held << 6) | ((table[text.charCodeAt(at)] ?? 1) - 1)) & 0xffffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    const byte = (held >> bits) & 0xff
    if (!isText(byte) && byte < 0x80) return undefined
    bytes.push(byte)
  }
  const plain = utf8(bytes)
  return plain?.includes(' ') ? plain : undefined
}

function isText(byte: number): boolean {
  return (byte >= 32 && byte < 127) || byte === 10 || byte === 13 || byte === 9
}

/** Undefined when the bytes are not UTF-8. */
function utf8(bytes: readonly number[]): string | undefined {
  let end = bytes.length
  // The run may have been cut inside a letter.
  while (end > bytes.length - 3 && (bytes[end - 1] ?? 0) >= 0x80) end--
  let escaped = ''
  for (let at = 0; at < end; at++) escaped += `%${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`
  try {
    return decodeURIComponent(escaped)
  } catch {
    return undefined
  }
}

const ESCAPES = [
  [
    '\\u00',
    /(?:\\u00[2-7][0-9a-f]){12,1024}/gi,
    (run: string) => units(run, /u([0-9a-f]{4})/gi, 16),
  ],
  ['\\x', /(?:\\x[2-7][0-9a-f]){12,1024}/gi, (run: string) => units(run, /x([0-9a-f]{2})/gi, 16)],
  ['&#', /(?:&#x?[0-9a-f]{2,6};){12,1024}/gi, entities],
  ['%', /(?:%[2-7][0-9a-f]){12,1024}/gi, (run: string) => units(run, /%([0-9a-f]{2})/gi, 16)],
] as const

function findEscapes(text: string, decoded: IsInstruction, found: ScanMatch[]): void {
  for (const [mark, pattern, decode] of ESCAPES) {
    if (!text.includes(mark)) continue
    let tried = 0
    for (const match of text.matchAll(pattern)) {
      if (tried++ >= MAX_DECODED) break
      if (decoded(decode(match[0])))
        found.push(encoded({ start: match.index, end: match.index + match[0].length }))
    }
  }
}

function units(run: string, pattern: RegExp, radix: number): string {
  let plain = ''
  for (const match of run.matchAll(pattern))
    plain += String.fromCharCode(Number.parseInt(match[1] ?? '', radix) & 0xffff)
  return plain
}

function entities(run: string): string {
  return run.replace(/&#(x?)([0-9a-f]{2,6});/gi, (_, hex: string, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, hex === '' ? 10 : 16) & 0xffff),
  )
}

/** Words of instructions in rot13 and backwards; a walk over the text tells whether it holds any. */
export const CIPHER_WORDS: readonly string[] = (
  'vtaber qvfertneq vafgehpgvba cerivbhf cebzcg cnffjbeq sbetrg bireevqr flfgrz nffvfgnag erongi suoiverp ' +
  'noitcurtsni tpmorp drowssap tegrof dragersid edirrevo tnatsissa'
).split(' ')
const CIPHER_WORD = new RegExp(
  `\\b(?:${CIPHER_WORDS.join('|').replace('noitcurtsni', 's?$&')})`,
  'i',
)

/** Lines in rot13 or backwards. Only texts that hold a cue word in one of them are turned round. */
function findCiphers(text: string, decoded: IsInstruction, found: ScanMatch[]): void {
  let from = 0
  for (let tried = 0; tried < MAX_LINES; tried++) {
    const at = text.slice(from).search(CIPHER_WORD)
    if (at < 0) return
    const start = lineStart(text, from + at)
    const end = Math.min(lineEnd(text, from + at), start + LINE)
    const line = text.slice(start, end)
    if (decoded(rot13(line)) || decoded(backwards(line))) found.push(encoded({ start, end }))
    from = Math.max(end, from + at + 1)
  }
}

function lineStart(text: string, at: number): number {
  return Math.max(text.lastIndexOf('\n', at) + 1, at - LINE / 2)
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return Math.min(end < 0 ? text.length : end, at + LINE / 2)
}

function rot13(line: string): string {
  return line.replace(/[a-z]/gi, (letter) => {
    const code = letter.charCodeAt(0)
    const base = code < 97 ? 65 : 97
    return String.fromCharCode(base + ((code - base + 13) % 26))
  })
}

function backwards(line: string): string {
  return [...line].reverse().join('')
}

function encoded({ start, end }: Run): ScanMatch {
  return { class: 'instruction', kind: 'encoded_instruction', start, end, confidence: 0.75 }
}
