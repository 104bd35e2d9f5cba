import type { ActView, ReadAct } from './act.ts'
import type { BoundedSet } from './bounded-set.ts'
import { type Case, createWeigh, type Evidence, namesTool } from './evidence.ts'
import { COVERAGE, coverage, sentenceFit, taskFit } from './fit.ts'
import type { Act, Explanation, IntentOptions } from './intent.ts'
import type { KeyedHash } from './keyed-hash.ts'
import type { Memory } from './memory.ts'
import { ASKING } from './mood.ts'
import { isApproved, type Known, openTokens } from './open-tokens.ts'
import { ASK, CUE_COUNTS, CUE_STRONG, DELEGATED, STRONG, WEIGHT } from './scale.ts'
import type { Sentence } from './sentence.ts'
import { explainsCall, POINTED, pointedAt, standing } from './standing.ts'
import type { Task } from './task.ts'
import { isTalkedInto, isUnasked, unaskedFor } from './unasked.ts'

/** Most sentences that one call is compared with. */
const MAX_CANDIDATES = 48
/** Evidence below is chance: a sign makes nothing of it. */
const SOME = 0.12

export interface ExplainTools extends Known {
  readonly hash: KeyedHash
  readonly memory: Memory
  readonly readAct: ReadAct
  /** Values of text that the task hands over to. */
  readonly handed: BoundedSet
  readonly without: NonNullable<IntentOptions['without']>
}

export type Explain = (act: Act, task: Task | undefined) => Explanation | undefined

export function createExplain(tools: ExplainTools): Explain {
  const { hash, memory, readAct } = tools
  const weigh = createWeigh(memory, tools.without)
  const open = new Float64Array(256)
  const candidates: number[] = []
  const evidence: Evidence = {
    verb: 0,
    value: 0,
    values: 0,
    named: 0,
    leads: false,
    touches: false,
  }

  const scoreOf = (sentence: Sentence, of: Case, task: Task | undefined): number => {
    const pointed = task === undefined ? POINTED.not : pointedAt(sentence.source, task, tools)
    weigh(sentence, of, pointed >= POINTED.place, evidence)
    const { act } = of
    // What runs commands is judged by the command: a request to run something fits every one.
    const runs = act.kind.runs && !namesTool(sentence, act)
    if (runs && (evidence.value === 0 || sentence.mood < ASKING)) return 0
    let score = sentence.mood * (evidence.verb + evidence.value)
    if (score > SOME) score += WEIGHT.cue * sentence.cue
    score *= standing(sentence, pointed, task, of, evidence.leads)
    return capped(score, sentence, act, evidence.values)
  }

  const strongest = (of: Case, task: Task | undefined): Explanation | undefined => {
    let best: Sentence | undefined
    let score = 0
    let values = 0
    for (const id of candidates) {
      const sentence = memory.get(id)
      const next = sentence === undefined ? 0 : scoreOf(sentence, of, task)
      if (next <= score) continue
      best = sentence
      score = next
      values = evidence.values
    }
    if (best === undefined) return undefined
    const { event } = best.source
    const cue = best.cue >= CUE_COUNTS
    return { score, event, cue, values, task: of.explained, hasTask: of.hasTask }
  }

  return (act, task) => {
    const view = readAct(act, task)
    const unasked = memory.lastEvent > 0 && isUnasked(act, view, task)
    if (!unasked && !isJudged(view, memory)) return undefined
    collect(view, memory, candidates)
    if (candidates.length === 0 && !unasked) return undefined
    const resource = hash(act.resource, 0, act.resource.length)
    if (isApproved(view, tools, resource)) return undefined
    openTokens(view, task, tools, resource, open)
    const fits = fitsOf(view, task, tools, candidates, open)
    const best = strongest(caseOf(view, task, fits), task)
    const isRaised = unasked || (task === undefined && isAskedLast(view, memory, candidates))
    return isRaised ? unaskedFor(best, memory.lastEvent, task !== undefined) : best
  }
}

/** Without strong signs in the sentence no score says that a call may be stopped. */
function capped(score: number, sentence: Sentence, act: ActView, values: number): number {
  if (score < ASK) return score
  const strong = sentence.cue >= CUE_STRONG && (values > 0 || act.kind.sensitive)
  return strong ? Math.min(1, Math.max(score, STRONG)) : Math.min(score, STRONG - 0.01)
}

function isAskedLast(view: ActView, memory: Memory, candidates: readonly number[]): boolean {
  return candidates.some((id) => {
    const sentence = memory.get(id)
    return sentence !== undefined && isTalkedInto(view, sentence, memory.lastEvent)
  })
}

type Fits = Pick<Case, 'own' | 'explained' | 'open'>

/** How well the task explains the call, alone and with the texts that it hands over to. */
function fitsOf(
  view: ActView,
  task: Task | undefined,
  tools: ExplainTools,
  candidates: readonly number[],
  open: Float64Array,
): Fits {
  if (task === undefined) return { own: 0, explained: 0, open }
  const own = taskFit(view, task)
  return { own, explained: delegate(view, task, own, tools, candidates, open), open }
}

function caseOf(act: ActView, task: Task | undefined, { own, explained, open }: Fits): Case {
  const known = task === undefined ? COVERAGE.none : coverage(act, task)
  return { act, hasTask: task !== undefined, own, explained, coverage: known, open }
}

/** Calls that only read are judged where they reach something, or where a text names the tool. */
function isJudged(view: ActView, memory: Memory): boolean {
  if (view.kind.writes || (view.kind.reaches && view.tokens > 0)) return true
  return memory.index.hasValue(view.tool.whole)
}

/** Takes off what text explains that the task hands over to. Gives how well the call is explained. */
function delegate(
  view: ActView,
  task: Task,
  own: number,
  tools: ExplainTools,
  candidates: readonly number[],
  open: Float64Array,
): number {
  let explained = own
  if (!task.obeys && !task.details) return own
  for (const id of candidates) {
    const sentence = tools.memory.get(id)
    if (sentence === undefined) continue
    const pointed = pointedAt(sentence.source, task, tools)
    if (!explainsCall(sentence, pointed, task, { act: view, own })) continue
    const fit = sentenceFit(view, sentence, false)
    explained = Math.max(explained, DELEGATED.verb * sentence.mood * fit)
    for (const value of sentence.values) {
      const token = view.find(value)
      if (token >= 0) open[token] = (open[token] ?? 0) * DELEGATED.value
    }
  }
  return explained
}

/** Sentences that name a value of the call, or ask for what it does: the same few however many there are. */
function collect(view: ActView, memory: Memory, into: number[]): void {
  const { index } = memory
  into.length = 0
  index.byValue(view.tool.whole, into, MAX_CANDIDATES)
  for (let token = 0; token < view.tokens; token += 1)
    if ((view.strengths[token] ?? 0) > 0)
      index.byValue(view.hashes[token] ?? 0, into, MAX_CANDIDATES)
  if (view.verbs === 0)
    for (const word of view.tool.words) index.byValue(word, into, MAX_CANDIDATES)
  const action = {
    withObject: view.verbs | view.tool.related,
    alone: view.verbs,
    objects: view.tool.objects,
  }
  index.byAction(action, into, MAX_CANDIDATES)
}
