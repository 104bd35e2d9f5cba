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
  return readOutput(said)
}

/** Commands may print what they like, but a decision that cannot be read is not the lack of one. */
function readOutput(said: string): Answer {
  const [before, text] = splitOutput(said.trim())
  if (NAMES_DECISION.test(before)) return failed('its decision is not the last line of its output')
  if (text === '') return NO_OBJECTION
  const object = parsed(text)
  if (object === undefined) return failed('its answer is not JSON')
  if (wordsOf(object).length > 0 || !NAMES_DECISION.test(beside(object))) return readObject(object)
  return failed('its decision is not where one is read')
}

/** All of it is the answer, or its last line is. */
function splitOutput(said: string): readonly [before: string, answer: string] {
  if (said.startsWith('{')) return ['', said]
  const end = said.lastIndexOf('\n') + 1
  const last = said.slice(end)
  return last.startsWith('{') ? [said.slice(0, end), last] : [said, '']
}

// As a name of JSON, also of JSON in a text, or of `name: value`.
const NAMES_DECISION = /(?:decision|["']continue)[\\"']*\s*[:=]/i

/** What an answer says beside the fields that are read. */
function beside(answer: Readonly<Record<string, unknown>>): string {
  const { hookSpecificOutput: nested } = answer
  const rest = (map: object) => Object.entries(map).filter(([name]) => !READ.has(name))
  return JSON.stringify([rest(answer), isMap(nested) ? rest(nested) : []].map(Object.fromEntries))
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
  const { hookSpecificOutput: nested, continue: goesOn, stopReason } = answer
  const words = [...wordsIn(answer), ...(isMap(nested) ? wordsIn(nested) : [])]
  if (goesOn === false) words.push(['deny', stopReason])
  else if (goesOn !== true) words.push([isSaid(goesOn) ? UNKNOWN : undefined, undefined])
  if (isSaid(nested) && !isMap(nested)) words.push([UNKNOWN, undefined])
  return words.filter(([word]) => isSaid(word))
}

function wordsIn(answer: Readonly<Record<string, unknown>>): Word[] {
  const { decision, reason, permissionDecision, permissionDecisionReason } = answer
  const words: Word[] = [
    [decision, reason],
    [permissionDecision, permissionDecisionReason ?? reason],
  ]
  // `Decision` or `permission_decision`: meant as an answer, and never to be passed over.
  if (Object.keys(answer).some(isMisspelt)) words.push([UNKNOWN, undefined])
  return words
}

const UNKNOWN = Symbol('a decision that is not known')
const DECIDING = ['decision', 'permissionDecision', 'continue', 'hookSpecificOutput']
const READ = new Set([...DECIDING, 'reason', 'permissionDecisionReason', 'stopReason'])
const FOLDED = new Set(DECIDING.map(folded))

function isMisspelt(name: string): boolean {
  return !READ.has(name) && FOLDED.has(folded(name))
}

function folded(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '')
}

function isSaid(word: unknown): boolean {
  return word !== undefined && word !== null
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
