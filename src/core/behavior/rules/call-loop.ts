import type { JsonValue } from '../../model/json.ts'
import type { RequestEvent, Rule, RuleFinding, RuleView } from '../rule.ts'
import { numbersIn, type Row, rowOf, rowsIn, withRow } from './evidence/memory.ts'
import { fieldsHash, textHash } from './evidence/text-hash.ts'
import { quoted } from './evidence/wording.ts'

/**
 * The same call with the same arguments again and again, or two or three calls in a circle: an agent
 * that is stuck, or one that is used to wear a service down.
 * @see https://genai.owasp.org/llmrisk/llm102025-unbounded-consumption/ LLM10:2025
 */
export const callLoop: Rule = {
  id: 'call_loop',
  on: 'request',
  severity: 'medium',
  evaluate(event, view) {
    if (event.direction !== 'request') return undefined
    const id = idOf(event)
    const count = (rowOf(rowsIn(view.memory, 'calls'), id)?.[1] ?? 0) + 1
    const rounds = roundsOf([...numbersIn(view.memory, 'recent'), id])
    const least = Math.max(2, view.settings.minCalls ?? DEFAULT_CALLS)
    const level = levelOf(count, least)
    if (level > levelOf(count - 1, least)) return repeatFinding(event, count, level, id)
    return rounds === LEAST_ROUNDS ? circleFinding(event, rounds, id) : undefined
  },
  remember(event, view): JsonValue | undefined {
    return event.direction === 'request' ? remembered(event, view) : undefined
  },
}

const DEFAULT_CALLS = 5
/** From so many times the least on a person is asked. */
const MUCH = 4
const LEAST_ROUNDS = 4
const MOST_CALLS = 128
const MOST_RECENT = 12
/** Of longer texts only the ends and the length are compared. */
const LONGEST_HASHED = 256

function remembered(event: RequestEvent, view: RuleView): JsonValue {
  const id = idOf(event)
  const calls = rowsIn(view.memory, 'calls')
  const row: Row = [id, (rowOf(calls, id)?.[1] ?? 0) + 1]
  return {
    calls: withRow(calls, row, MOST_CALLS),
    recent: [...numbersIn(view.memory, 'recent'), id].slice(-MOST_RECENT),
  }
}

function idOf(event: RequestEvent): number {
  return fieldsHash(event.arguments, textHash(event.call.resource.name), LONGEST_HASHED)
}

/** 1 from the least number of calls on, 2 from four times as many, then one more at each doubling. */
function levelOf(count: number, least: number): number {
  if (count < least) return 0
  return count < MUCH * least ? 1 : 2 + Math.floor(Math.log2(count / (MUCH * least)))
}

/** How many times the last two or three calls, not all the same, have come in this order. */
function roundsOf(recent: readonly number[]): number {
  return Math.max(roundsOfLength(recent, 2), roundsOfLength(recent, 3))
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

function repeatFinding(event: RequestEvent, count: number, level: number, id: number): RuleFinding {
  const isMuch = level >= 2
  return {
    rule: 'call_loop',
    severity: isMuch ? 'high' : 'medium',
    confidence: Math.min(0.95, 0.5 + 0.15 * level),
    message: `${quoted(event.call.resource.name)} is called for the ${count}th time with the same arguments`,
    trigger: event.number,
    sources: [event.number],
    action: isMuch ? 'ask' : 'warn',
    score: 20,
    cause: `${id.toString(36)}#${level}`,
  }
}

function circleFinding(event: RequestEvent, rounds: number, id: number): RuleFinding {
  return {
    rule: 'call_loop',
    severity: 'medium',
    confidence: 0.6,
    message: `the same calls, the last of them ${quoted(event.call.resource.name)}, have gone ${rounds} times in a circle`,
    trigger: event.number,
    sources: [event.number],
    action: 'warn',
    score: 20,
    cause: `${id.toString(36)} in a circle`,
  }
}
