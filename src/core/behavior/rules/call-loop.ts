import type { JsonValue } from '../../model/json.ts'
import type { RequestEvent, Rule, RuleFinding, RuleView } from '../rule.ts'
import { byEvent } from './evidence/by-event.ts'
import { type Bounds, boundsOf, isAct } from './evidence/loop-bounds.ts'
import { numbersIn, numbersOf, type Row, rowOf, rowsIn, withRow } from './evidence/memory.ts'
import { fieldsHash, textHash } from './evidence/text-hash.ts'
import { quoted } from './evidence/wording.ts'

/**
 * The same call with the same arguments again and again, or two or three calls in a circle: an agent
 * that is stuck, or one that is used to wear a service down. What sends, pays or changes is asked
 * about soon, a read that polls late. Equal calls with new work in between are no loop yet.
 * @see https://genai.owasp.org/llmrisk/llm102025-unbounded-consumption/ LLM10:2025
 */
export const callLoop: Rule = {
  id: 'call_loop',
  on: 'request',
  severity: 'medium',
  evaluate(event, view) {
    // What no model has chosen is no model going in circles.
    if (event.direction !== 'request' || event.call.automatic === true) return undefined
    const id = idOf(event)
    const repeat = repeatFinding(event, view, id)
    const circle = circleFinding(event, view, id)
    if (repeat === undefined) return circle
    return circle === undefined ? repeat : [repeat, circle]
  },
  remember(event, view): JsonValue | undefined {
    if (event.direction !== 'request' || event.call.automatic === true) return undefined
    return remembered(event, view)
  },
}

const WARN_ROUNDS = 4
const ASK_ROUNDS = 5
const LONGEST_CIRCLE = 3
const MOST_CALLS = 128
const MOST_RECENT = LONGEST_CIRCLE * ASK_ROUNDS
/** Of longer texts only the ends and the length are compared. */
const LONGEST_HASHED = 256

/** Rows: the call, how often it came, how often since the last act that was new. */
function remembered(event: RequestEvent, view: RuleView): JsonValue {
  const id = idOf(event)
  const calls = rowsIn(view.memory, 'calls')
  const known = rowOf(calls, id)
  const [, count = 0, streak = 0] = known ?? []
  const isNews = known === undefined && isAct(event)
  const others = isNews ? calls.map(withoutStreak) : calls
  return {
    calls: withRow(others, [id, count + 1, streak + 1], MOST_CALLS),
    recent: withLast(numbersIn(view.memory, 'recent'), markedId(id, event)),
  }
}

function withoutStreak(row: Row): Row {
  return row.length === 3 && row[2] === 0 ? row : [row[0] ?? 0, row[1] ?? 0, 0]
}

const idOf = byEvent((event) =>
  fieldsHash(event.arguments, textHash(event.call.resource.name), LONGEST_HASHED),
)

function withLast(recent: readonly number[], id: number): readonly number[] {
  const kept = recent.slice(1 - MOST_RECENT)
  kept.push(id)
  return numbersOf(kept)
}

/** An odd number stands for a call that does something. */
function markedId(id: number, event: RequestEvent): number {
  return 2 * id + (isAct(event) ? 1 : 0)
}

function repeatFinding(event: RequestEvent, view: RuleView, id: number): RuleFinding | undefined {
  const [, before = 0, streak = 0] = rowOf(rowsIn(view.memory, 'calls'), id) ?? []
  const bounds = boundsOf(event, view.settings.minCalls)
  const count = before + 1
  const level = levelOf(count, streak + 1, bounds)
  if (level <= levelOf(count - 1, streak, bounds)) return undefined
  return findingOf(event, {
    asks: level >= 2,
    confidence: Math.min(0.95, 0.5 + 0.15 * level),
    words: `is called for the ${count}th time with the same arguments`,
    cause: `${id.toString(36)}#${level}`,
  })
}

/** 1 from the least number of calls on, 2 where a person is asked, then one more at each doubling. */
function levelOf(count: number, streak: number, { least, much, most }: Bounds): number {
  if (count < least) return 0
  const times = Math.max(streak / much, count / most)
  return times < 1 ? 1 : 2 + Math.floor(Math.log2(times))
}

function circleFinding(event: RequestEvent, view: RuleView, id: number): RuleFinding | undefined {
  const before = numbersIn(view.memory, 'recent')
  const last = markedId(id, event)
  // A circle comes back to where it has been.
  if (!before.includes(last)) return undefined
  const recent = [...before, last]
  const { length, rounds } = circleOf(recent)
  if (rounds < WARN_ROUNDS) return undefined
  const circle = recent.slice(-length)
  const asks = rounds >= ASK_ROUNDS && circle.some((call) => call % 2 === 1)
  if (!asks && rounds > WARN_ROUNDS) return undefined
  const sum = circle.reduce((all, call) => (all + call) % 2 ** 40, 0)
  return findingOf(event, {
    asks,
    confidence: asks ? 0.75 : 0.6,
    words: `is the last of ${length} calls that have gone ${rounds} times in a circle`,
    cause: `${sum.toString(36)} in a circle${asks ? ', asked' : ''}`,
  })
}

/** How many times the last two or three calls, not all the same, have come in this order. */
function circleOf(recent: readonly number[]): { length: number; rounds: number } {
  const two = roundsOfLength(recent, 2)
  const three = roundsOfLength(recent, LONGEST_CIRCLE)
  return two >= three ? { length: 2, rounds: two } : { length: LONGEST_CIRCLE, rounds: three }
}

function roundsOfLength(recent: readonly number[], length: number): number {
  const last = recent.slice(-length)
  if (last.length < length || new Set(last).size < length) return 0
  let same = 0
  for (let back = recent.length - 1; back >= 0; back--) {
    if (recent[back] !== last[last.length - 1 - (same % length)]) break
    same++
  }
  return same % length === 0 ? same / length : 0
}

interface Repeat {
  readonly asks: boolean
  readonly confidence: number
  readonly words: string
  readonly cause: string
}

function findingOf(event: RequestEvent, { asks, confidence, words, cause }: Repeat): RuleFinding {
  return {
    rule: 'call_loop',
    severity: asks ? 'high' : 'medium',
    confidence,
    message: `${quoted(event.call.resource.name)} ${words}`,
    trigger: event.number,
    sources: [event.number],
    action: asks ? 'ask' : 'warn',
    score: 20,
    cause,
  }
}
