import { isList, isMap } from '../../core/json-kind.ts'
import type { JsonObject } from '../../core/model/json.ts'
import { actualCost } from '../../core/routing/cost/cost-of.ts'
import { readModelUsage } from '../../core/routing/cost/usage.ts'
import { createSseParser } from '../../core/sse/parse-sse.ts'

/** An answer that can be given again, streamed or not. */
export interface StoredAnswer {
  readonly content: string
  /** What the model says it thought; empty where it says nothing. */
  readonly reasoning: string
  /** As the answer names it. */
  readonly model: string
  readonly provider: string | null
  /** What it has cost, in billionths of a US dollar; null: not known. */
  readonly cost_nusd: number | null
}

type Fields = Readonly<Record<string, unknown>>

/** The members that a message may have: one with others could not be given again as it was. */
const REPLAYED = new Set(['role', 'content', 'refusal', 'reasoning'])

/** The answer of a body that is no stream. Undefined: it is not complete, or more than words. */
export function answerOfJson(text: string): StoredAnswer | undefined {
  const value = parsed(text)
  if (value === undefined || value['error'] != null) return undefined
  const choice = onlyChoice(value)
  const message = choice?.['message']
  if (choice?.['finish_reason'] !== 'stop' || choice['logprobs'] != null) return undefined
  if (!isMap(message) || !isOfWords(message)) return undefined
  return answerOf({
    head: value,
    usage: value['usage'],
    content: wordsIn(message, 'content'),
    reasoning: wordsIn(message, 'reasoning'),
  })
}

/**
 * The answer of a stream. INVARIANT: undefined unless it says `stop` and `[DONE]`: what ended early is
 * never an answer.
 */
export function answerOfEvents(text: string): StoredAnswer | undefined {
  const parser = createSseParser()
  const events = [...parser.push(text), ...parser.end()].filter(({ hasData }) => hasData)
  if (events.some(({ isComplete }) => !isComplete)) return undefined
  const said = events.map(({ data }) => data)
  if (said.indexOf('[DONE]') !== said.length - 1) return undefined
  const chunks = said.slice(0, -1).map(parsed)
  const sum = { content: '', reasoning: '', finish: null as unknown, usage: undefined as unknown }
  for (const chunk of chunks) if (!addChunk(sum, chunk)) return undefined
  const [head] = chunks
  if (head === undefined || sum.finish !== 'stop') return undefined
  return answerOf({ ...sum, head })
}

interface Sum {
  content: string
  reasoning: string
  finish: unknown
  usage: unknown
}

/** False where it is something that could not be given again. */
function addChunk(sum: Sum, chunk: Fields | undefined): boolean {
  if (chunk === undefined || chunk['error'] != null) return false
  if (isMap(chunk['usage'])) sum.usage = chunk['usage']
  if (isList(chunk['choices']) && chunk['choices'].length === 0) return true
  const choice = onlyChoice(chunk)
  const delta = choice?.['delta']
  if (choice === undefined || choice['logprobs'] != null) return false
  if (!isMap(delta) || !isOfWords(delta)) return false
  sum.content += wordsIn(delta, 'content')
  sum.reasoning += wordsIn(delta, 'reasoning')
  if (choice['finish_reason'] != null) sum.finish = choice['finish_reason']
  return true
}

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isMap(value) ? value : undefined
  } catch {
    return undefined
  }
}

function onlyChoice({ choices }: Fields): Fields | undefined {
  const [first, ...more]: readonly unknown[] = isList(choices) ? choices : []
  return isMap(first) && more.length === 0 && (first['index'] ?? 0) === 0 ? first : undefined
}

/** Members that say nothing do not count. */
function isOfWords(message: Fields): boolean {
  return Object.entries(message).every(([name, value]) => {
    if (value === null || (isList(value) && value.length === 0)) return true
    return REPLAYED.has(name) && typeof value === 'string' && (name !== 'refusal' || value === '')
  })
}

function wordsIn(message: Fields, name: string): string {
  const value = message[name]
  return typeof value === 'string' ? value : ''
}

interface Said {
  readonly head: Fields
  readonly usage: unknown
  readonly content: string
  readonly reasoning: string
}

function answerOf({ head, usage, content, reasoning }: Said): StoredAnswer | undefined {
  const { model, provider } = head
  if (content === '' || typeof model !== 'string') return undefined
  const { nusd } = actualCost(readModelUsage(usage), null, { at: 0 })
  return {
    content,
    reasoning,
    model,
    provider: typeof provider === 'string' ? provider : null,
    cost_nusd: nusd,
  }
}

/** Roughly, with what a map takes besides. */
export function bytesOf({ content, reasoning, model }: StoredAnswer): number {
  return 2 * (content.length + reasoning.length + model.length) + 256
}

export const NO_USAGE: JsonObject = Object.freeze({
  prompt_tokens: 0,
  completion_tokens: 0,
  total_tokens: 0,
  cost: 0,
})
