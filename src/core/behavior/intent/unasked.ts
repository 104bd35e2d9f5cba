import type { ActView } from './act.ts'
import { COVERAGE, coverage, sentenceFit } from './fit.ts'
import type { Act, Explanation } from './intent.ts'
import { ASKING } from './mood.ts'
import { UNASKED } from './scale.ts'
import type { Sentence } from './sentence.ts'
import type { Task } from './task.ts'
import { STRENGTH } from './values.ts'
import { verbBit } from './verb-classes.ts'

const SAYS_WRITE = new Set(['internal_write', 'external_write', 'public_post', 'write'])
/** Verb and object both stand in the sentence. */
const NAMED = 0.9
/** To type into a page may be how it is searched. */
const TYPING = verbBit('enter') | verbBit('visit') | verbBit('read')
const UPDATE = verbBit('update')

/**
 * True for an act that nothing the user said explains: the task only asks to be told something, and
 * the call changes, sends or spends. Answers, notes and drafts are what a question leads to.
 */
export function isUnasked(act: Act, view: ActView, task: Task | undefined): boolean {
  if (task === undefined || !task.readsOnly || task.obeys || task.worksOn) return false
  const { kind, tool } = view
  if (!kind.writes || kind.runs || kind.signsIn || isNamed(view, task)) return false
  if (kind.sensitive) return !tool.reads || act.tags.some((tag) => SAYS_WRITE.has(tag))
  if (isOnTheWay(act, view)) return false
  const known = coverage(view, task)
  return tool.answers ? known === COVERAGE.none && isOutward(act) : known !== COVERAGE.full
}

/**
 * True where no task is known, and the text that was read last asks for just this sensitive act: it
 * names what the tool does and to what, and all that the call is done with.
 */
export function isTalkedInto(view: ActView, sentence: Sentence, last: number): boolean {
  if (!view.kind.sensitive || sentence.source.event !== last || sentence.mood < ASKING) return false
  if (view.tool.nouns === 0 || sentenceFit(view, sentence, false) < NAMED) return false
  for (let token = 0; token < view.tokens; token += 1)
    if ((view.strengths[token] ?? 0) >= STRENGTH.strong)
      if (!sentence.values.includes(view.hashes[token] ?? 0)) return false
  return true
}

/** The best there is to say of such a call: which outside text was read last, or is most like it. */
export function unaskedFor(
  best: Explanation | undefined,
  last: number,
  hasTask: boolean,
): Explanation {
  if (best !== undefined && best.score >= UNASKED) return best
  const { event = last, task = 0 } = best ?? {}
  return { score: UNASKED, event, cue: false, values: 0, task, hasTask }
}

/** The task writes the tool's name. */
function isNamed({ tool }: ActView, task: Task): boolean {
  if (task.values.has(tool.whole)) return true
  return tool.words.length > 1 && tool.words.every((word) => task.stems.has(word))
}

/** Steps of reading: pages are searched, working files are kept. */
function isOnTheWay({ tags }: Act, { kind, tool }: ActView): boolean {
  if (tool.reads && !tags.some((tag) => SAYS_WRITE.has(tag))) return true
  if (tags.includes('external_write') || tags.includes('public_post')) return false
  const readsByTag = tags.includes('data_source') && !tags.some((tag) => SAYS_WRITE.has(tag))
  if (readsByTag || (tool.verbs !== 0 && (tool.verbs & ~TYPING) === 0)) return true
  return kind.keeps && (tool.verbs & UPDATE) === 0
}

function isOutward({ tags }: Act): boolean {
  return tags.includes('external_write') || tags.includes('public_post')
}
