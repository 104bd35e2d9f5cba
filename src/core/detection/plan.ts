import type { Alphabet } from './alphabet.ts'
import { type Automaton, buildAutomaton } from './automaton.ts'
import type { Detector, Find } from './detector.ts'

/** Detectors made ready for the walk. Immutable once built. */
export interface Plan {
  readonly detectors: readonly Detector[]
  /** By detector: its function, where it has one. Saves the walk a look at objects of many shapes. */
  readonly finds: readonly (Find | undefined)[]
  readonly automaton: Automaton
  /** By keyword: who looks for it. */
  readonly byKeyword: readonly Users[]
}

export interface Users {
  readonly keyword: string
  readonly length: number
  /** Indices into `detectors`. */
  readonly detectors: readonly number[]
  /** The keyword's index among each detector's own. */
  readonly ordinals: readonly number[]
  /** The detector, where it is but one, or -1. */
  readonly sole: number
  /** What has to follow for it. */
  readonly follows: Alphabet | undefined
  /** All of them want it at the beginning of a token only. */
  readonly atTokenStart: boolean
  /** What was found may only be read like the keyword, and has to be compared. */
  readonly isFolded: boolean
  /** Index of the cue that the keyword is, or -1. */
  readonly cue: number
}

/** What is looked for in the same walk as the detectors' keywords, with units read as others. */
export interface CueList {
  readonly keywords: readonly string[]
  /** For each UTF-16 unit the one it is read as. */
  readonly fold: Uint16Array
}

export function planFor(detectors: readonly Detector[], cues?: CueList): Plan {
  const byKeyword: Users[] = []
  for (const [keyword, wanted] of wantedBy(detectors))
    byKeyword.push(usersOf(keyword, detectors, wanted, cues !== undefined, -1))
  cues?.keywords.forEach((keyword, cue) => {
    byKeyword.push(usersOf(keyword, detectors, NOBODY, false, cue))
  })
  return {
    detectors,
    finds: detectors.map((detector) => ('find' in detector ? detector.find : undefined)),
    automaton: buildAutomaton(
      byKeyword.map(({ keyword }) => keyword),
      cues?.fold,
    ),
    byKeyword,
  }
}

/** Who wants a keyword: indices of detectors, and the keyword's index among each one's own. */
interface Wanted {
  readonly detectors: number[]
  readonly ordinals: number[]
}

const NOBODY: Wanted = { detectors: [], ordinals: [] }

function wantedBy(detectors: readonly Detector[]): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, Wanted>()
  detectors.forEach(({ keywords }, index) => {
    keywords.forEach((keyword, ordinal) => {
      const known = wanted.get(keyword) ?? { detectors: [], ordinals: [] }
      known.detectors.push(index)
      known.ordinals.push(ordinal)
      wanted.set(keyword, known)
    })
  })
  return wanted
}

/** The only place that makes one, so that the walk meets objects of one shape. */
function usersOf(
  keyword: string,
  detectors: readonly Detector[],
  wanted: Wanted,
  isFolded: boolean,
  cue: number,
): Users {
  const sole = wanted.detectors.length === 1 ? (wanted.detectors[0] ?? -1) : -1
  return {
    keyword,
    length: keyword.length,
    cue,
    sole,
    follows: followsOf(detectors[sole], wanted.ordinals[0] ?? 0),
    isFolded,
    atTokenStart: wanted.detectors.every((index) => detectors[index]?.atTokenStart === true),
    detectors: wanted.detectors,
    ordinals: wanted.ordinals,
  }
}

function followsOf(detector: Detector | undefined, ordinal: number): Alphabet | undefined {
  return detector !== undefined && 'find' in detector ? detector.follows?.[ordinal] : undefined
}
