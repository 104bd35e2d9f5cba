/**
 * The positions of a regular expression (its characters and classes) and which may follow which:
 * Glushkov's automaton, made in one pass. Serves only to look for ambiguity, so groups, laziness and
 * assertions are left out, and a repetition with a low limit counts as none.
 * @see Glushkov, The abstract theory of automata (1961)
 */
export interface Positions {
  /** Source of each position: one character, escape or class. */
  readonly sources: readonly string[]
  readonly follow: readonly ReadonlySet<number>[]
  /** True where one step of a loop can be taken in two ways, as in `(a+)+`. */
  readonly hasDoubleStep: boolean
}

// A limit that keeps the ways to read a text few, such as in `(?:[0-9a-f]{2}:?){6}`.
const LEAST_LOOP = 10

/** What a part of the expression can begin and end with. */
interface Part {
  readonly first: readonly number[]
  readonly last: readonly number[]
  readonly canBeEmpty: boolean
}

interface Reading {
  readonly tokens: readonly string[]
  at: number
  /** Steps left; below 0 the reading is of no account. */
  left: number
  readonly sources: string[]
  readonly follow: Set<number>[]
  hasDoubleStep: boolean
}

const EMPTY: Part = { first: [], last: [], canBeEmpty: true }
const TOKEN =
  /\\Q.*?(?:\\E|$)|\\[pP]\{[^}]*\}|\\x\{[^}]*\}|\\x[0-9A-Fa-f]{2}|\\[pP]?.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\(\?[A-Za-z-]+\)|\(\?P?<\w+>|\(\?[A-Za-z-]*:|\{\d+(?:,\d*)?\}\??|[*+?]\??|./gsu
const QUANTIFIER = /^(?:[*+?]\??|\{\d+(?:,\d*)?\}\??)$/
const NO_CHARACTER = /^(?:[\^$]|\\[AbBzZ]|\(\?[A-Za-z-]+\))$/

/**
 * Reads an expression that a linear engine has taken, so its form is right; undefined where it takes
 * more than so many steps.
 */
export function positionsOf(pattern: string, mostSteps: number): Positions | undefined {
  const reading: Reading = {
    tokens: (pattern.match(TOKEN) ?? []).flatMap(quotedCharacters),
    at: 0,
    left: mostSteps,
    sources: [],
    follow: [],
    hasDoubleStep: false,
  }
  readAlternatives(reading)
  return reading.left < 0 ? undefined : reading
}

function quotedCharacters(token: string): readonly string[] {
  if (!token.startsWith('\\Q')) return [token]
  const quoted = token.slice(2, token.endsWith('\\E') ? -2 : undefined)
  return [...quoted].map((character) => `\\x{${character.codePointAt(0)?.toString(16)}}`)
}

function readAlternatives(reading: Reading): Part {
  let part = readSequence(reading)
  while (reading.tokens[reading.at] === '|') {
    reading.at++
    const next = readSequence(reading)
    part = {
      first: [...part.first, ...next.first],
      last: [...part.last, ...next.last],
      canBeEmpty: part.canBeEmpty || next.canBeEmpty,
    }
  }
  return part
}

function readSequence(reading: Reading): Part {
  let whole = EMPTY
  for (;;) {
    const token = reading.tokens[reading.at]
    if (token === undefined || token === '|' || token === ')') return whole
    const part = readRepeated(reading)
    link(reading, whole.last, part.first)
    whole = {
      first: whole.canBeEmpty ? [...whole.first, ...part.first] : whole.first,
      last: part.canBeEmpty ? [...whole.last, ...part.last] : part.last,
      canBeEmpty: whole.canBeEmpty && part.canBeEmpty,
    }
  }
}

function readRepeated(reading: Reading): Part {
  let part = readAtom(reading)
  for (;;) {
    const token = reading.tokens[reading.at]
    if (token === undefined || !QUANTIFIER.test(token)) return part
    reading.at++
    const { least, most } = limitsOf(token)
    if (most >= LEAST_LOOP) link(reading, part.last, part.first)
    if (least === 0) part = { ...part, canBeEmpty: true }
  }
}

function readAtom(reading: Reading): Part {
  const token = reading.tokens[reading.at++] ?? ''
  if (/^\((?:$|\?.*[:>]$)/.test(token)) {
    // `(` of a group whose kind stands in the token itself.
    const part = readAlternatives(reading)
    reading.at++
    return part
  }
  if (NO_CHARACTER.test(token)) return EMPTY
  const position = reading.sources.push(token) - 1
  reading.follow.push(new Set())
  return { first: [position], last: [position], canBeEmpty: false }
}

function limitsOf(quantifier: string): { readonly least: number; readonly most: number } {
  const counted = /^\{(\d+)(,?)(\d*)\}/.exec(quantifier)
  if (counted === null)
    return {
      least: quantifier.startsWith('+') ? 1 : 0,
      most: quantifier.startsWith('?') ? 1 : Number.POSITIVE_INFINITY,
    }
  const least = Number(counted[1])
  if (counted[2] === '') return { least, most: least }
  return { least, most: counted[3] === '' ? Number.POSITIVE_INFINITY : Number(counted[3]) }
}

function link(reading: Reading, from: readonly number[], to: readonly number[]): void {
  reading.left -= from.length * to.length
  if (reading.left < 0) return
  for (const position of from) {
    const following = reading.follow[position]
    for (const next of to) {
      if (following?.has(next)) reading.hasDoubleStep = true
      following?.add(next)
    }
  }
}
