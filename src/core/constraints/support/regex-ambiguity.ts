import { componentsOf } from './components.ts'
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

// Characters that tell classes apart, besides those the pattern names.
const SAMPLES = ['a', 'm', 'z', 'A', 'Z', '0', '5', '_', '-', ' ', '\n', '!', '~', 'é', '日', '😀']

// Steps for one pattern, some 1 ms in all. What needs more is refused: nobody can read it either.
const MOST_STEPS = 30_000
const STEPS_PER_PAIR = 12

/** What a look at the loops of a pattern found. */
export type Ambiguity = 'none' | 'ambiguous' | 'too_complex'

/**
 * `ambiguous` where a loop of the pattern can read one text in more and more ways as it grows, as in
 * `(a+)+$` or `(a|a)*b`: a backtracking engine, to which a reader may take the pattern, then needs
 * time exponential in the text.
 *
 * Two readers of one text start a loop in one position, read on in two, and meet in the first again:
 * so in the graph of pairs of positions a pair of two lies on a circle with a pair of one.
 * @see Weideman et al., Analyzing matching time behavior of backtracking regular expression
 * matchers by using ambiguity of NFA (2016), exponential degree of ambiguity
 */
export function loopAmbiguity(pattern: string, ignoresCase: boolean): Ambiguity {
  const steps: Steps = { left: MOST_STEPS }
  const positions = positionsOf(pattern, MOST_STEPS)
  if (positions === undefined) return 'too_complex'
  if (positions.hasDoubleStep) return 'ambiguous'
  const follow = withinLoops(positions)
  const looping = follow.flatMap((following, position) => (following.length > 0 ? [position] : []))
  const overlap = overlapsOf(positions.sources, looping, samplesOf(pattern), {
    ignoresCase: ignoresCase || /\(\?\w*i/.test(pattern),
    steps,
  })
  const isAmbiguous = hasCircle(follow, looping, overlap, steps)
  if (steps.left < 0) return 'too_complex'
  return isAmbiguous ? 'ambiguous' : 'none'
}

interface Steps {
  left: number
}
type Follow = readonly (readonly number[])[]
type Overlap = (left: number, right: number) => boolean

// Two readers that part for good read no text in more and more ways: only steps inside a loop count.
function withinLoops({ follow }: Positions): Follow {
  const component = componentsOf(follow.keys(), (position) => follow[position] ?? [])
  return follow.map((following, position) =>
    [...following].filter((next) => component.get(next) === component.get(position)),
  )
}

// A node stands for all pairs of positions that lead to the same positions: those at the ends of the
// alternatives of a loop are one. INVARIANT: positions of one node are told apart by the edges to it.
function hasCircle(
  follow: Follow,
  looping: readonly number[],
  overlap: Overlap,
  steps: Steps,
): boolean {
  const numbers = new Map<string, number>()
  const members: (readonly number[])[] = []
  const groupOf = follow.map((following) => {
    const key = following.join()
    const number = numbers.get(key) ?? members.push(following) - 1
    numbers.set(key, number)
    return number
  })
  const edges = pairEdges(members, groupOf, overlap, steps)
  const component = componentsOf(
    new Set(looping.map((position) => (groupOf[position] ?? 0) * (members.length + 1))),
    (node) => edges(node).map(({ to }) => to),
  )
  const ofOne = new Set<number>()
  const ofTwo = new Set<number>()
  for (const [node, number] of component)
    for (const { to, isOne } of edges(node))
      if (component.get(to) === number) (isOne ? ofOne : ofTwo).add(number)
  return [...ofTwo].some((number) => ofOne.has(number))
}

interface PairEdge {
  readonly to: number
  /** True where both readers go to the same position. */
  readonly isOne: boolean
}

// What one character leads a pair of readers to; the two may be swapped.
function pairEdges(
  members: readonly (readonly number[])[],
  groupOf: readonly number[],
  overlap: Overlap,
  steps: Steps,
): (node: number) => readonly PairEdge[] {
  const size = members.length
  const edgeTo = (left: number, right: number): PairEdge => {
    const one = groupOf[left] ?? 0
    const other = groupOf[right] ?? 0
    const to = one < other ? one * size + other : other * size + one
    return { to, isOne: left === right }
  }
  const compute = (lefts: readonly number[], rights: readonly number[]): readonly PairEdge[] => {
    steps.left -= lefts.length * rights.length + STEPS_PER_PAIR
    if (steps.left < 0) return []
    const edges: PairEdge[] = []
    for (const left of lefts)
      for (const right of rights) if (overlap(left, right)) edges.push(edgeTo(left, right))
    return edges
  }
  const known = new Map<number, readonly PairEdge[]>()
  return (node) => {
    const before = known.get(node)
    if (before !== undefined) return before
    const edges = compute(members[Math.floor(node / size)] ?? [], members[node % size] ?? [])
    known.set(node, edges)
    return edges
  }
}

interface OverlapOptions {
  readonly ignoresCase: boolean
  readonly steps: Steps
}

// Two positions overlap where one of the sample characters fits both.
function overlapsOf(
  sources: readonly string[],
  looping: readonly number[],
  samples: readonly string[],
  { ignoresCase, steps }: OverlapOptions,
): Overlap {
  const fitting = new Map<string, bigint>()
  for (const position of looping) {
    const source = sources[position] ?? ''
    if (fitting.has(source)) continue
    steps.left -= samples.length
    if (steps.left < 0) return () => false
    const fits = characterTest(source, ignoresCase)
    const bits = samples.map((sample) => (fits(sample) ? '1' : '0')).join('')
    fitting.set(source, BigInt(`0b${bits}`))
  }
  const bitsOf = sources.map((source) => fitting.get(source) ?? 0n)
  return (left, right) => ((bitsOf[left] ?? 0n) & (bitsOf[right] ?? 0n)) !== 0n
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
