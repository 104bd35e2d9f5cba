import type { BoundedSet } from './bounded-set.ts'
import type { Case } from './evidence.ts'
import { COVERAGE } from './fit.ts'
import { CUE_SPOILS, STANDING } from './scale.ts'
import type { Sentence, SourceRecord } from './sentence.ts'
import type { Task } from './task.ts'

/** The task names the act. */
const EXPLAINED = 0.7

/** How the task points at the record that a sentence stands in. */
export const POINTED = {
  not: 0,
  /** It names only the kind of place: the inbox, an issue. */
  kind: 1,
  /** Text that it hands over to led there. */
  linked: 2,
  /** It names the file or page that was read. */
  place: 3,
  /** It names the author or title. */
  author: 4,
} as const

export function pointedAt(source: SourceRecord, task: Task, handed: BoundedSet): number {
  for (const author of source.authors)
    if (task.names.has(author) || task.values.has(author)) return POINTED.author
  for (const pointer of source.pointers) if (task.values.has(pointer)) return POINTED.place
  for (const title of source.titles)
    if (title.every((stem) => task.stems.has(stem))) return POINTED.place
  for (const pointer of source.pointers) if (handed.has(pointer)) return POINTED.linked
  return task.names.size === 0 && (source.objects & task.objects) !== 0 ? POINTED.kind : POINTED.not
}

/** True for text that the task hands over to: it counts as a part of the task, if a weaker one. */
export function isHandedOver(sentence: Sentence, pointed: number, task: Task): boolean {
  return task.obeys && pointed !== POINTED.not && sentence.cue < CUE_SPOILS
}

/** What a sentence's place leaves of its score, 0 to 1. */
export function standing(
  sentence: Sentence,
  pointed: number,
  task: Task | undefined,
  of: Case,
  leads: boolean,
): number {
  if (sentence.cue >= CUE_SPOILS) return 1
  const place = task === undefined ? 1 : placeOf(pointed, task, of, leads)
  return place * (of.act.kind.signsIn ? STANDING.signIn : 1)
}

function placeOf(pointed: number, task: Task, of: Case, leads: boolean): number {
  const { kind, serves } = of.act
  const named = pointed >= POINTED.place
  if (task.obeys && pointed !== POINTED.not)
    return named ? STANDING.handedOver : STANDING.handedKind
  if (task.worksOn && named && !kind.sensitive) return STANDING.handedOver
  if (serves && !kind.writes) return STANDING.serves
  // The task names what to do and where it says to what; where to is never left to such text.
  const isParameter = of.explained >= EXPLAINED && !leads
  if (isParameter && (named || of.coverage !== COVERAGE.none)) return STANDING.parameter
  return ofPlace(pointed, kind.writes)
}

function ofPlace(pointed: number, writes: boolean): number {
  if (pointed === POINTED.author) return writes ? STANDING.named : STANDING.opened
  if (pointed >= POINTED.place) return STANDING.referred
  return pointed === POINTED.not ? 1 : STANDING.kind
}
