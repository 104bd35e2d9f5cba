import type { JsonObject } from '../../core/model/json.ts'
import type { Complexity, Task } from '../../core/routing/words.ts'
import type { FakeAnswer, FakeAnswers } from './reply.ts'
import { WORKLOAD_TEXTS } from './workload-texts.ts'

/** A prompt of the demonstration, what it is about, and what the fake answers. */
export interface WorkloadItem {
  readonly id: string
  readonly task: Task
  readonly complexity: Complexity
  /** Body of `/chat/completions`, without `model`. */
  readonly request: JsonObject
  readonly answer: FakeAnswer
}

/** The models that it is meant for, from cheap to dear. */
export const WORKLOAD_MODELS = [
  'openai/gpt-4o-mini',
  'anthropic/claude-haiku-4.5',
  'anthropic/claude-sonnet-4.6',
] as const

const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const ORDER_TOOL = {
  type: 'function',
  function: {
    name: 'orders__lookup',
    description: 'Looks up one order by its number.',
    parameters: {
      type: 'object',
      properties: { order: { type: 'string' } },
      required: ['order'],
    },
  },
}

/** Thirteen prompts: most are easy, as in real traffic, and a few are not. */
export const WORKLOAD: readonly WorkloadItem[] = WORKLOAD_TEXTS.map((item) => ({
  id: item.id,
  task: item.task,
  complexity: item.complexity,
  request: requestOf(item),
  answer: item.call === undefined ? { text: item.answer } : { tool_calls: [item.call] },
}))

function requestOf({ system, prompt, task }: (typeof WORKLOAD_TEXTS)[number]): JsonObject {
  const image = { type: 'image_url', image_url: { url: PIXEL } }
  const content = task === 'vision' ? [{ type: 'text', text: prompt }, image] : prompt
  return {
    messages: [
      { role: 'system', content: system },
      { role: 'user', content },
    ],
    ...(task === 'tool_use' ? { tools: [ORDER_TOOL] } : {}),
    max_tokens: 1024,
  }
}

/**
 * Answers the workload, and plays the model that classifies it: a system message that speaks of
 * classifying and of JSON gets `{"task", "complexity", "confidence"}`. Anything else is left to the
 * fake's own words.
 */
export const workloadAnswers: Extract<FakeAnswers, (...given: never) => unknown> = (ask) => {
  const asked = ask.messages.findLast(({ role }) => role === 'user')?.text ?? ''
  const at = WORKLOAD_TEXTS.findIndex(({ prompt }) => asked.includes(prompt.slice(0, OPENING)))
  const item = WORKLOAD[at]
  if (item === undefined) return undefined
  if (!isClassifying(ask.system)) return item.answer
  const { task, complexity } = item
  return JSON.stringify({ task, complexity, confidence: 0.9 })
}

/** Characters that tell the prompts apart: a classifier may be shown no more than their beginning. */
const OPENING = 40

function isClassifying(system: string): boolean {
  return /classif/i.test(system) && /json/i.test(system)
}
