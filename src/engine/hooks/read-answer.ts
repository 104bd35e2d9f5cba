import { isMap } from '../../core/json-kind.ts'
import type { CommandResult } from './runners.ts'

/** What a hook said. */
export type Answer =
  | { readonly kind: 'none' }
  | { readonly kind: 'deny' | 'ask'; readonly reason: string | undefined }
  | { readonly kind: 'failed'; readonly detail: string; readonly cause?: unknown }

const NO_OBJECTION: Answer = Object.freeze({ kind: 'none' })

/** Exit 0: no objection, or what the JSON on stdout says. Exit 2: a denial. Anything else: it failed. */
export function readCommand(result: unknown): Answer {
  if (!isMap(result)) return failed('the runner gave no result')
  const { exitCode, stdout, stderr } = result as Partial<CommandResult>
  const said = typeof stdout === 'string' ? stdout : ''
  const complaint = typeof stderr === 'string' ? stderr : ''
  if (exitCode === 2) return { kind: 'deny', reason: complaint }
  if (exitCode !== 0) {
    const how = typeof exitCode === 'number' ? `exit code ${exitCode}` : 'it was ended by a signal'
    return failed(how, complaint)
  }
  // Commands may print what they like; only an object is meant for us.
  if (!said.trimStart().startsWith('{')) return NO_OBJECTION
  const object = parsed(said)
  return object === undefined ? failed('its answer is not JSON') : readObject(object)
}

/** A text must be JSON with a decision: a model that says something else has not decided. */
export function readReply(reply: unknown): Answer {
  if (typeof reply !== 'string')
    return isMap(reply) ? readObject(reply) : failed('it gave no answer')
  const object = parsed(reply)
  if (object === undefined) return failed('its answer is not JSON')
  return wordsOf(object).length === 0 ? failed('its answer has no decision') : readObject(object)
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isMap(value) ? value : undefined
  } catch {
    return undefined
  }
}

const MEANINGS: ReadonlyMap<unknown, 'none' | 'deny' | 'ask'> = new Map([
  ['approve', 'none'],
  ['allow', 'none'],
  ['deny', 'deny'],
  ['block', 'deny'],
  ['ask', 'ask'],
])

type Word = readonly [decision: unknown, reason: unknown]

/** Every place in which an answer may decide; what is absent or null says nothing. */
function wordsOf(answer: Readonly<Record<string, unknown>>): readonly Word[] {
  const { decision, reason, hookSpecificOutput: nested, continue: goesOn, stopReason } = answer
  const words: Word[] = [[decision, reason]]
  if (isMap(nested)) {
    const { permissionDecision, permissionDecisionReason } = nested
    words.push([permissionDecision, permissionDecisionReason])
  }
  if (goesOn === false) words.push(['deny', stopReason])
  return words.filter(([word]) => word !== undefined && word !== null)
}

/** Where it says several things, the strictest counts; a word that is not known is no answer. */
function readObject(answer: Readonly<Record<string, unknown>>): Answer {
  const words = wordsOf(answer)
  const find = (wanted: 'deny' | 'ask'): Answer | undefined => {
    const word = words.find(([decision]) => MEANINGS.get(decision) === wanted)
    if (word === undefined) return undefined
    const [, reason] = word
    return { kind: wanted, reason: typeof reason === 'string' ? reason : undefined }
  }
  const denied = find('deny')
  if (denied !== undefined) return denied
  if (words.some(([decision]) => !MEANINGS.has(decision)))
    return failed('its answer has a decision that is not known')
  return find('ask') ?? NO_OBJECTION
}

export function failed(detail: string, cause?: unknown): Answer {
  return { kind: 'failed', detail, cause }
}
