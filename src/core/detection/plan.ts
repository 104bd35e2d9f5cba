import { type Automaton, buildAutomaton } from './automaton.ts'
import type { Detector, Find } from './detector.ts'

/** Detectors made ready for the walk. Immutable once built. */
export interface Plan {
  readonly detectors: readonly Detector[]
  /** By detector: its function, where it has one. Saves the walk a look at objects of many shapes. */
  readonly finds: readonly (Find | undefined)[]
  readonly automaton: Automaton
  readonly keywordLengths: Int32Array
  /** By keyword: who looks for it. */
  readonly byKeyword: readonly Users[]
}

export interface Users {
  /** Indices into `detectors`. */
  readonly detectors: readonly number[]
  /** The keyword's index among each detector's own. */
  readonly ordinals: readonly number[]
  /** All of them want it at the beginning of a token only. */
  readonly atTokenStart: boolean
}

export function planFor(detectors: readonly Detector[]): Plan {
  const users = new Map<
    string,
    { detectors: number[]; ordinals: number[]; atTokenStart: boolean }
  >()
  detectors.forEach((detector, index) => {
    detector.keywords.forEach((keyword, ordinal) => {
      const known = users.get(keyword) ?? { detectors: [], ordinals: [], atTokenStart: true }
      known.detectors.push(index)
      known.ordinals.push(ordinal)
      known.atTokenStart &&= detector.atTokenStart === true
      users.set(keyword, known)
    })
  })
  const keywords = [...users.keys()]
  return {
    detectors,
    finds: detectors.map((detector) => ('find' in detector ? detector.find : undefined)),
    automaton: buildAutomaton(keywords),
    keywordLengths: Int32Array.from(keywords, (keyword) => keyword.length),
    byKeyword: [...users.values()],
  }
}
