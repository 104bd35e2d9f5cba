import { type Positions, positionsOf } from './regex-positions.ts'

const POSIX_CLASSES: ReadonlyMap<string, string> = new Map([
  ['alpha', 'a-zA-Z'],
  ['digit', '0-9'],
  ['alnum', 'a-zA-Z0-9'],
  ['lower', 'a-z'],
  ['upper', 'A-Z'],
  ['space', '\\s'],
  ['word', '\\w'],
  ['xdigit', '0-9A-Fa-f'],
])

// Pairs of positions are looked at, so this many squared. Longer patterns are not checked: the
// engine that runs them is linear whatever this says.
const MOST_POSITIONS = 100

// Characters that tell classes apart, besides those the pattern names.
const SAMPLES = ['a', 'm', 'z', 'A', 'Z', '0', '5', '_', '-', ' ', '\n', '!', '~', 'é', '日', '😀']

// Steps from pair to pair that are looked at; a pattern that needs more is not checked to the end.
const MOST_STEPS = 300_000

/**
 * True where a loop of the pattern can read one text in more and more ways as it grows, as in
 * `(a+)+$` or `(a|a)*b`: a backtracking engine, to which a reader may take the pattern, then needs
 * time exponential in the text.
 * @see Weideman et al., Analyzing matching time behavior of backtracking regular expression
 * matchers by using ambiguity of NFA (2016), exponential degree of ambiguity
 */
export function isAmbiguousLoop(pattern: string, ignoresCase: boolean): boolean {
  const positions = positionsOf(pattern)
  if (positions.hasDoubleStep) return true
  if (positions.sources.length > MOST_POSITIONS) return false
  const foldsCase = ignoresCase || /\(\?\w*i/.test(pattern)
  const overlap = overlapsOf(positions.sources, pattern, foldsCase)
  if (hasTwins(positions, overlap)) return true
  const graph = pairGraph(positions, overlap)
  return positions.sources.some((_, position) => comesBackByTwoWays(graph, position))
}

// Two overlapping positions that each lead to both, as in `(a|a)*`: the usual case, found at once.
function hasTwins({ follow }: Positions, overlap: Overlap): boolean {
  return follow.some((following, left) =>
    [...following].some(
      (right) =>
        right !== left &&
        following.has(left) &&
        follow[right]?.has(left) === true &&
        follow[right].has(right) &&
        overlap(left, right),
    ),
  )
}

type Overlap = (left: number, right: number) => boolean

/** Two readers of one text: from a pair of positions to the pairs that one character leads to. */
interface PairGraph {
  readonly size: number
  readonly next: (pair: number) => readonly number[]
}

function pairGraph({ follow, sources }: Positions, overlap: Overlap): PairGraph {
  const size = sources.length
  const known = new Map<number, readonly number[]>()
  let steps = 0
  const compute = (pair: number): readonly number[] => {
    const pairs: number[] = []
    const lefts = follow[Math.floor(pair / size)] ?? new Set()
    const rights = follow[pair % size] ?? new Set()
    steps += rights.size * lefts.size
    for (const left of lefts)
      for (const right of rights) if (overlap(left, right)) pairs.push(left * size + right)
    return pairs
  }
  const next = (pair: number): readonly number[] => {
    if (steps > MOST_STEPS) return []
    const pairs = known.get(pair) ?? compute(pair)
    steps += pairs.length
    known.set(pair, pairs)
    return pairs
  }
  return { size, next }
}

// From one position, by one text, in two ways, to that position again.
function comesBackByTwoWays(graph: PairGraph, position: number): boolean {
  const start = position * graph.size + position
  const reached = new Set<number>()
  const before = new Map<number, number[]>()
  const queue = [start]
  for (let pair = queue.pop(); pair !== undefined; pair = queue.pop()) {
    for (const following of graph.next(pair)) {
      const sources = before.get(following)
      if (sources === undefined) before.set(following, [pair])
      else sources.push(pair)
      if (reached.has(following)) continue
      reached.add(following)
      queue.push(following)
    }
  }
  return reached.has(start) && leadsBackApart(before, start, graph.size)
}

// Backwards from the start over pairs that it reaches: is one of them two different positions?
function leadsBackApart(
  before: ReadonlyMap<number, readonly number[]>,
  start: number,
  size: number,
): boolean {
  const seen = new Set([start])
  const queue = [start]
  for (let pair = queue.pop(); pair !== undefined; pair = queue.pop()) {
    if (Math.floor(pair / size) !== pair % size) return true
    for (const source of before.get(pair) ?? []) {
      if (seen.has(source)) continue
      seen.add(source)
      queue.push(source)
    }
  }
  return false
}

// Two positions overlap where one of the sample characters fits both.
function overlapsOf(sources: readonly string[], pattern: string, ignoresCase: boolean): Overlap {
  const samples = samplesOf(pattern)
  const fitting = sources.map((source) => samples.filter(characterTest(source, ignoresCase)))
  const overlapping = fitting.map((left) => {
    const wanted = new Set(left)
    return fitting.map((right) => right.some((sample) => wanted.has(sample)))
  })
  return (left, right) => overlapping[left]?.[right] === true
}

function samplesOf(pattern: string): readonly string[] {
  const samples = new Set(SAMPLES)
  for (const character of pattern) {
    const code = character.codePointAt(0) ?? 0
    // The neighbours stand for what a range begins or ends with.
    for (const near of [code - 1, code, code + 1])
      if (near >= 0 && near <= 0x10ffff && (near < 0xd800 || near > 0xdfff))
        samples.add(String.fromCodePoint(near))
  }
  return [...samples]
}

// One character against one class: no repetition, so the built-in engine is safe here.
function characterTest(source: string, ignoresCase: boolean): (character: string) => boolean {
  if (!/^(?:\\|\[|\.$)/.test(source)) return literalTest(source, ignoresCase)
  const spelled = spelledForJavaScript(source)
  for (const flags of ['su', 's']) {
    try {
      const one = new RegExp(`^(?:${spelled})$`, ignoresCase ? `${flags}i` : flags)
      return (character) => one.test(character)
    } catch {
      // SyntaxError: an escape that this mode does not have; the next is laxer.
    }
  }
  return () => true
}

// RE2 writes `\pL` and `\x{41}` and `[[:digit:]]` for `\p{L}`, `\u{41}` and `[0-9]`.
function spelledForJavaScript(source: string): string {
  return source
    .replace(/\\([pP])(\w)/g, '\\$1{$2}')
    .replace(/\\x(?=\{)/g, '\\u')
    .replace(/\[:(\w+):\]/g, (whole, name: string) => POSIX_CLASSES.get(name) ?? whole)
}

function literalTest(literal: string, ignoresCase: boolean): (character: string) => boolean {
  if (!ignoresCase) return (character) => character === literal
  return (character) => character.toLowerCase() === literal.toLowerCase()
}
