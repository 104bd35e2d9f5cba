import type { ActView } from './act.ts'
import type { BoundedSet } from './bounded-set.ts'
import type { Case } from './evidence.ts'
import { COVERAGE } from './fit.ts'
import type { Memory } from './memory.ts'
import { CUE_SPOILS, STANDING, WEIGHT } from './scale.ts'
import type { Sentence, SourceRecord } from './sentence.ts'
import type { Task } from './task.ts'

/** The task names the act. */
const EXPLAINED = 0.7
/** … well enough to leave to others what it is done with: its verb, or all of it. */
const NAMES_ACT = { verb: 0.25, all: 0.5 } as const

const STRANGER = 0x5bd1e995

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

/** Stands for the identifier of a record whose author the task names: `ml-80`, from Uma. */
export function metKey(id: number): number {
  return ~id
}

/** … and of one whose author it does not name. */
export function strangerKey(id: number): number {
  return id ^ STRANGER
}

/** What is known of where the session's texts came from. */
export interface Pointers {
  readonly handed: BoundedSet
  readonly memory: Pick<Memory, 'isOnly' | 'textEvent'>
}

export function pointedAt(source: SourceRecord, task: Task, pointers: Pointers): number {
  if (source.authors.some((author) => task.names.has(author) || task.values.has(author)))
    return POINTED.author
  if (isPlace(source, task, pointers)) return POINTED.place
  if (source.pointers.some((pointer) => pointers.handed.has(pointer))) return POINTED.linked
  return task.names.size === 0 && (source.objects & task.objects) !== 0 ? POINTED.kind : POINTED.not
}

function isPlace(
  { event, authors, pointers, titles }: SourceRecord,
  task: Task,
  { handed, memory }: Pointers,
): boolean {
  const handsOver = task.obeys || task.details
  // There is no other text that it could mean, and no other author.
  const isOnly = handsOver && memory.isOnly && event === memory.textEvent
  if (isOnly && (task.names.size === 0 || authors.length === 0))
    return !pointers.some((pointer) => handed.has(strangerKey(pointer)))
  if (pointers.some((pointer) => task.values.has(pointer) || handed.has(metKey(pointer))))
    return true
  // One word is chance, unless the task says to look for what it has to do.
  const least = handsOver ? 1 : 2
  return titles.some(
    (title) => title.length >= least && title.every((stem) => task.stems.has(stem)),
  )
}

/** True for text that the task hands over to: it counts as a part of the task, if a weaker one. */
export function isHandedOver(sentence: Sentence, pointed: number, task: Task): boolean {
  return task.obeys && pointed !== POINTED.not && sentence.cue < CUE_SPOILS
}

/** The same of one call: what such text says of it explains it. */
export function explainsCall(sentence: Sentence, pointed: number, task: Task, of: OwnFit): boolean {
  if (isHandedOver(sentence, pointed, task) && isCovered(pointed, task, of)) return true
  // The task names the act, and leaves to the place only what it is done with.
  if (pointed < POINTED.place || sentence.cue >= CUE_SPOILS) return false
  return task.details && namesAct(task, of)
}

/** A call, and how well the task alone explains it. */
export type OwnFit = Pick<Case, 'act' | 'own'>

function commands(task: Task, act: ActView): boolean {
  return task.clauses.some(({ verbs }) => (verbs & act.verbs) !== 0)
}

/** It says what to do as a command: `pay it as he says`, not `adjust the payment as he says`. */
function namesAct(task: Task, { act, own }: OwnFit): boolean {
  if (!commands(task, act)) return false
  return own >= (act.kind.sensitive ? NAMES_ACT.all : NAMES_ACT.verb)
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
  const named = pointed >= POINTED.place
  if (task.obeys && pointed !== POINTED.not) return ofHandedOver(pointed, task, of)
  if (named && isLeftTo(task, of)) return STANDING.handedOver
  const own = ofAct(task, of)
  if (own < 1) return own
  // The task names what to do and where it says to what; where to is never left to such text.
  const isParameter = of.explained >= EXPLAINED && !leads
  if (isParameter && (named || of.coverage !== COVERAGE.none)) return STANDING.parameter
  return ofPlace(pointed, of.act.kind.writes)
}

/**
 * Who follows a person by name trusts him; who follows a page may not know all that it says. To pay
 * and to grant must be named or approved.
 */
function isCovered(pointed: number, task: Task, of: OwnFit): boolean {
  if (!of.act.kind.binds || pointed === POINTED.author) return true
  return task.approves || commands(task, of.act)
}

function ofHandedOver(pointed: number, task: Task, of: Case): number {
  if (pointed < POINTED.place) return STANDING.handedKind
  return isCovered(pointed, task, of) ? STANDING.handedOver : STANDING.unnamed
}

/** The task names the act, or the thing to work on, and leaves the rest to the place. */
function isLeftTo(task: Task, of: Case): boolean {
  return (task.details && namesAct(task, of)) || (task.worksOn && !of.act.kind.sensitive)
}

/** Acts that copy what they were told, or only look. */
function ofAct(task: Task, { act, own }: Case): number {
  const { kind, serves } = act
  if (task.keeps && kind.copies && !goesSomewhere(act)) return STANDING.kept
  if (kind.keeps && own > 0) return STANDING.written
  return serves && !kind.writes ? STANDING.serves : 1
}

/** An address or account is among its arguments. */
function goesSomewhere(act: ActView): boolean {
  for (let owner = 0; owner < act.arguments; owner += 1)
    if (act.weights[owner] === WEIGHT.destination) return true
  return false
}

function ofPlace(pointed: number, writes: boolean): number {
  if (pointed === POINTED.author) return writes ? STANDING.named : STANDING.opened
  if (pointed >= POINTED.place) return STANDING.referred
  return pointed === POINTED.not ? 1 : STANDING.kind
}
