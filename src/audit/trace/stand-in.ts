import { createHmac, randomBytes } from 'node:crypto'
import type { Alphabet } from '../../core/detection/alphabet.ts'
import type { ScanClass } from '../../core/detection/match.ts'
import { scan } from '../../core/detection/scan.ts'
import { type Places, placesOf } from './secret-shape.ts'

/** Gives a made-up value of the same form for a sensitive one: the same for the same, under one key. */
export type StandIns = (value: string, kind: string) => string

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const HEX = '0123456789abcdef'
// A checksum of two digits is met by one in a hundred. Nearly all others are found in the first few.
const ROUNDS = 400
const MOST_KNOWN = 10_000

/**
 * Stand-ins that detectors take for what they stand for, where that can be had: letters stay letters,
 * digits digits, everything between them and a head that names the kind of secret stay as they are.
 */
export function createStandIns(
  given: Uint8Array | string | undefined,
  classes: readonly ScanClass[],
): StandIns {
  const key = given ?? randomBytes(32)
  // By a keyed hash: no secret is kept for longer than it must be.
  const known = new Map<string, string>()
  return (value, kind) => {
    const id = createHmac('sha256', key).update(`${kind}\u0000${value}`).digest('base64')
    const before = known.get(id)
    if (before !== undefined) return before
    const made = makeStandIn(value, kind, { key, classes })
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(id, made)
    return made
  }
}

interface Making {
  readonly key: Uint8Array | string
  readonly classes: readonly ScanClass[]
}

function makeStandIn(value: string, kind: string, { key, classes }: Making): string {
  const isFound = (text: string): boolean =>
    scan(text, { classes }).some((match) => match.kind === kind && match.start === 0)
  const fixed = fixedPart(value, kind)
  // Found by what stands around it: any form will do.
  const wants = isFound(value)
  const places = placesOf(value, kind)
  for (const head of wants && places === undefined ? headsOf(value) : [0])
    for (let round = 0; round < ROUNDS; round++) {
      const made = scrambled(value, { head, fixed, places, seed: seedOf(key, value, round) })
      if (made !== value && (!wants || isFound(made))) return made
    }
  return scrambled(value, { head: 0, fixed, places, seed: seedOf(key, value, 0) })
}

/** How much of the beginning may tell the kind: nothing, words up to a mark, a few letters. */
function headsOf(value: string): readonly number[] {
  const most = Math.min(14, Math.floor(value.length / 2))
  const heads = [0]
  for (let at = 0; at < most; at++) if (/[-_:/.]/.test(value.charAt(at))) heads.push(at + 1)
  if (value.length >= 12) heads.push(2, 3, 4)
  return [...new Set(heads)].filter((head) => head <= most).sort((one, other) => one - other)
}

/** What stays at the end of an address: where data goes is what sessions are judged by. */
function fixedPart(value: string, kind: string): readonly [start: number, end: number] {
  if (kind === 'email_address') return [value.lastIndexOf('@'), value.length]
  // The header of a token says only how it is signed.
  if (kind === 'json_web_token') return [0, value.indexOf('.') + 1]
  return [0, 0]
}

interface Scramble {
  readonly head: number
  readonly fixed: readonly [start: number, end: number]
  readonly places: Places | undefined
  readonly seed: Buffer
}

function scrambled(value: string, { head, fixed: [start, end], places, seed }: Scramble): string {
  const isHex = /^[0-9a-f-]+$/i.test(value)
  let made = ''
  for (let at = 0; at < value.length; at++) {
    const unit = value.charAt(at)
    const keep = at < head || (at >= start && at < end)
    const byte = byteOf(seed, at)
    if (keep) made += unit
    else made += places === undefined ? changed(unit, byte, isHex) : drawn(unit, byte, places[at])
  }
  return made
}

/** Another unit of the same sort that the format allows there. */
function drawn(unit: string, byte: number, alphabet: Alphabet | undefined): string {
  const sort = SORTS.find((one) => one.includes(unit))
  if (alphabet === undefined || sort === undefined) return unit
  const allowed = [...sort].filter((one) => alphabet[one.charCodeAt(0)] === 1)
  return allowed[byte % allowed.length] ?? unit
}

const SORTS = ['0123456789', LOWER, LOWER.toUpperCase()] as const

function changed(unit: string, byte: number, isHex: boolean): string {
  if (/[0-9]/.test(unit)) return String(byte % 10)
  const letters = isHex ? HEX.slice(10) : LOWER
  if (/[a-z]/.test(unit)) return letters.charAt(byte % letters.length)
  if (/[A-Z]/.test(unit)) return letters.charAt(byte % letters.length).toUpperCase()
  // Letters of other scripts become plain ones; marks stay, but for what JSON would escape.
  if (/\p{L}|[\ud800-\udfff]/u.test(unit)) return LOWER.charAt(byte % LOWER.length)
  return /[\p{Cc}"\\]/u.test(unit) ? ' ' : unit
}

function seedOf(key: Uint8Array | string, value: string, round: number): Buffer {
  return createHmac('sha512', key).update(`${round}\u0000${value}`).digest()
}

/** As many bytes as are asked for, each by its place. */
function byteOf(seed: Buffer, at: number): number {
  const byte = seed[at % seed.length] ?? 0
  const shift = seed[(at * 7 + Math.floor(at / seed.length) * 13) % seed.length] ?? 0
  return (byte ^ (shift * (Math.floor(at / seed.length) + 1))) & 0xff
}
