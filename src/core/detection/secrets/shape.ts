import {
  ALPHABETS,
  type Alphabet,
  type AlphabetName,
  isMember,
  runBefore,
  runOf,
} from '../alphabet.ts'
import type { FunctionDetector, Report } from '../detector.ts'
import { beginsToken, endsToken } from '../token-boundary.ts'
import { isFiller } from './filler.ts'
import { isWordy } from './other-value.ts'

/**
 * A secret's kind, its shapes, and what differs from the rule. A shape is literal text with places
 * for runs of an alphabet: `ghp_{alnum:36}`, `{hex:32}-us{digits:1-2}`, `pnu_{base64url:20+}`.
 */
export type Format = readonly [kind: string, shapes: readonly string[], options?: FormatOptions]

export interface FormatOptions {
  /** 0.95 when left out. */
  readonly confidence?: number
  /** Literals in either case. */
  readonly anyCase?: boolean
  /** What the 64 units in front must hold, for formats that also stand openly in pages. */
  readonly context?: RegExp
  /** What follows the first literal is no word, for prefixes that also stand in names. */
  readonly noWords?: boolean
}

interface Shape {
  readonly kind: string
  readonly confidence: number
  readonly anyCase: boolean
  readonly context: RegExp | undefined
  readonly noWords: boolean
  readonly parts: readonly (string | Run)[]
  /** The literal that is looked for, and what stands before it: so many units, or one run. */
  readonly anchor: string
  readonly offset: number
  readonly lead: Run | undefined
  /** What must follow the anchor. */
  readonly next: Alphabet | undefined
}

interface Run {
  readonly alphabet: Alphabet
  readonly min: number
  readonly max: number
}

const DEFAULT_CONFIDENCE = 0.95
const LONGEST_OPEN_RUN = 2048
const RARE_LENGTH = 3

/**
 * Detectors for all formats: at each keyword only the shapes that hold it are tried. One is for the
 * shapes that begin with their keyword, the other for the rest.
 */
export function formatDetectors(formats: readonly Format[]): readonly FunctionDetector[] {
  const shapes = formats.flatMap(shapesOf)
  const isLed = (shape: Shape) => shape.offset > 0 || shape.lead !== undefined
  return [
    detectorOf(
      shapes.filter((shape) => !isLed(shape)),
      true,
    ),
    detectorOf(shapes.filter(isLed), false),
  ]
}

function detectorOf(shapes: readonly Shape[], atTokenStart: boolean): FunctionDetector {
  const table = new Map<string, Shape[]>()
  for (const shape of shapes)
    for (const keyword of keywordsOf(shape)) {
      const list = table.get(keyword)
      if (list === undefined) table.set(keyword, [shape])
      else list.push(shape)
    }
  const byKeyword = [...table.values()]
  const keywords = [...table.keys()]
  return {
    class: 'secret',
    kind: 'secret_format',
    keywords,
    follows: keywords.map((keyword, index) => followsOf(keyword, byKeyword[index] ?? [])),
    atTokenStart,
    find(text, start, _end, report, keyword) {
      const candidates = byKeyword[keyword]
      if (candidates !== undefined) tryShapes(candidates, text, start, report)
      // Other keywords may begin inside this one, so nothing is done with yet.
      return 0
    },
  }
}

/** What follows a keyword in one of its shapes; undefined where that may be anything. */
function followsOf(keyword: string, shapes: readonly Shape[]): Alphabet | undefined {
  const all = new Uint8Array(128)
  for (const { next, anchor } of shapes) {
    if (next === undefined || anchor.length !== keyword.length) return undefined
    for (let code = 0; code < all.length; code++) all[code] = (all[code] ?? 0) | (next[code] ?? 0)
  }
  return all
}

/** The one that reaches furthest, else the first: nobody may be left with the end of a secret. */
function tryShapes(shapes: readonly Shape[], text: string, at: number, report: Report): void {
  let found: Shape | undefined
  let from = 0
  let to = -1
  let confidence = 0
  for (let index = 0; index < shapes.length; index++) {
    const shape = shapes[index]
    if (shape === undefined) break
    // The cheapest test first, as keywords may be repeated.
    if (shape.next !== undefined && !isMember(shape.next, text, at + shape.anchor.length)) continue
    const start = startOf(shape, text, at)
    if (start < 0) continue
    const end = follow(shape, text, start)
    if (end <= to) continue
    if (isFillerOf(shape, text, start, end) || isOutOfPlace(shape, text, start, end)) continue
    found = shape
    from = start
    to = end
    confidence = Math.max(confidence, shape.confidence)
  }
  if (found !== undefined) report(from, to, confidence, found.kind)
}

const CONTEXT = 64

/** Whether the context lacks, or the token is words. */
function isOutOfPlace(shape: Shape, text: string, start: number, end: number): boolean {
  const { anchor, context, noWords } = shape
  if (noWords && isWordy(text.slice(start + anchor.length, end))) return true
  return context?.test(text.slice(Math.max(0, start - CONTEXT), start)) === false
}

/** Judges the longest run: shorter ones are numbers of accounts, regions and the like. */
function isFillerOf({ parts }: Shape, text: string, start: number, end: number): boolean {
  let at = start
  let from = start
  let to = start
  for (const part of parts) {
    const length = typeof part === 'string' ? part.length : runOf(part.alphabet, text, at, part.max)
    if (typeof part !== 'string' && length > to - from) [from, to] = [at, at + length]
    at += length
  }
  return to > from && isFiller(text, from, Math.min(to, end))
}

/** Where the token of an anchor begins, or -1. The walk has looked in front of one at its beginning. */
function startOf({ lead, offset }: Shape, text: string, at: number): number {
  if (lead === undefined) {
    if (offset === 0) return at
    return at >= offset && beginsToken(text, at - offset) ? at - offset : -1
  }
  const run = runBefore(lead.alphabet, text, at, lead.max + 1)
  return run < lead.min || run > lead.max || !beginsToken(text, at - run) ? -1 : at - run
}

/** Where the token that begins at `start` ends, or -1. */
function follow({ parts, anyCase }: Shape, text: string, start: number): number {
  let at = start
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index]
    if (typeof part === 'string') {
      if (!startsWith(text, part, at, anyCase)) return -1
      at += part.length
    } else if (part !== undefined) {
      const run = runOf(part.alphabet, text, at, part.max)
      if (run < part.min) return -1
      at += run
    }
  }
  const last = parts[parts.length - 1]
  const goesOn =
    typeof last === 'object' && last.max < LONGEST_OPEN_RUN && runOf(last.alphabet, text, at, 1) > 0
  return goesOn || !endsToken(text, at) ? -1 : at
}

function startsWith(text: string, literal: string, at: number, anyCase: boolean): boolean {
  if (!anyCase) return text.startsWith(literal, at)
  return text.slice(at, at + literal.length).toLowerCase() === literal.toLowerCase()
}

function shapesOf([kind, templates, options = {}]: Format): readonly Shape[] {
  const { confidence = DEFAULT_CONFIDENCE, anyCase = false, noWords = false, context } = options
  return templates.map((template) => {
    const parts = template
      .split(/(\{[^}]*\})/)
      .filter((part) => part !== '')
      .map((part) => (part.startsWith('{') ? parseRun(part) : part))
    return { kind, confidence, anyCase, context, noWords, parts, ...anchorOf(template, parts) }
  })
}

/** The first literal, or the longest where that one is too short to be rare. */
function anchorOf(
  template: string,
  parts: readonly (string | Run)[],
): Pick<Shape, 'anchor' | 'offset' | 'lead' | 'next'> {
  const literals = parts.filter((part) => typeof part === 'string')
  const longest = literals.reduce((best, one) => (one.length > best.length ? one : best), '')
  const first = literals[0] ?? ''
  const anchor = first.length >= RARE_LENGTH ? first : longest
  const before = parts.slice(0, parts.indexOf(anchor))
  const after = parts[before.length + 1]
  const next = typeof after === 'object' && after.min > 0 ? after.alphabet : undefined
  const [lead] = before
  if (anchor === '') throw new RangeError(`shape \`${template}\` has no literal`)
  if (before.length === 1 && typeof lead === 'object' && lead.min !== lead.max)
    return { anchor, next, offset: 0, lead }
  const offset = before.reduce((sum, part) => sum + lengthOf(part), 0)
  return { anchor, next, offset, lead: undefined }
}

function lengthOf(part: string | Run): number {
  if (typeof part === 'string') return part.length
  if (part.min !== part.max) throw new RangeError('only one run of several lengths may lead')
  return part.min
}

/** A literal of one or two units is common in texts; with each unit that can follow, it is not. */
function keywordsOf({ anchor, parts }: Shape): readonly string[] {
  const keyword = anchor.toLowerCase()
  const next = parts[parts.indexOf(anchor) + 1]
  if (keyword.length >= RARE_LENGTH || typeof next !== 'object') return [keyword]
  const { alphabet } = next
  const units = '0123456789abcdefghijklmnopqrstuvwxyz'
  const isNext = (unit: string) =>
    alphabet[unit.charCodeAt(0)] === 1 || alphabet[unit.toUpperCase().charCodeAt(0)] === 1
  return next.min === 0 || '_-=+/.'.split('').some((unit) => alphabet[unit.charCodeAt(0)] === 1)
    ? [keyword]
    : [...units].filter(isNext).map((unit) => keyword + unit)
}

function parseRun(part: string): Run {
  const [, name = '', least = '', open = '', most] =
    /^\{(\w+):(\d+)(\+?)(?:-(\d+))?\}$/.exec(part) ?? []
  if (!isAlphabetName(name)) throw new RangeError(`shape has no alphabet \`${part}\``)
  const min = Number(least)
  return {
    alphabet: ALPHABETS[name],
    min,
    max: open === '+' ? LONGEST_OPEN_RUN : Number(most ?? least),
  }
}

function isAlphabetName(name: string): name is AlphabetName {
  return Object.hasOwn(ALPHABETS, name)
}
