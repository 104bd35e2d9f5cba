import type { JsonObject } from '../../core/model/json.ts'
import { writeSse } from '../../core/sse/write-sse.ts'
import { NO_USAGE, type StoredAnswer } from './stored-answer.ts'

/** How an answer is given again. */
export interface Replay {
  readonly id: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly stream: boolean
  /** Of a stream: whether its last chunk tells the usage. */
  readonly tellsUsage: boolean
  /** `hit` with the age of the answer; who asked at the same time gets one of no age. */
  readonly tier: 'exact' | 'semantic'
  readonly ageMs: number
}

export const CACHE_HEADER = 'x-callgate-cache'

/**
 * The answer once more, as the provider would say it now. It has cost nothing and used no tokens, and
 * says so: what it saved is told by the cache, and is nobody's saving by routing.
 */
export function replayed(answer: StoredAnswer, replay: Replay): Response {
  const headers = {
    'content-type': replay.stream ? 'text/event-stream; charset=utf-8' : 'application/json',
    'cache-control': 'no-store',
    age: String(Math.floor(replay.ageMs / 1000)),
    [CACHE_HEADER]: 'hit',
    [`${CACHE_HEADER}-tier`]: replay.tier,
  }
  if (!replay.stream) return new Response(JSON.stringify(wholeOf(answer, replay)), { headers })
  return new Response(eventsOf(answer, replay), { headers })
}

function headOf(answer: StoredAnswer, { id, at }: Replay, object: string): JsonObject {
  const { model, provider } = answer
  return {
    id,
    ...(provider === null ? {} : { provider }),
    model,
    object,
    created: Math.floor(at / 1000),
  }
}

function wholeOf(answer: StoredAnswer, replay: Replay): JsonObject {
  const { content, reasoning } = answer
  const message = {
    role: 'assistant',
    content,
    refusal: null,
    ...(reasoning === '' ? {} : { reasoning }),
  }
  return {
    ...headOf(answer, replay, 'chat.completion'),
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
    usage: NO_USAGE,
  }
}

function eventsOf(answer: StoredAnswer, replay: Replay): string {
  const head = headOf(answer, replay, 'chat.completion.chunk')
  const chunk = (delta: JsonObject, finish: string | null): JsonObject => ({
    ...head,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  })
  const chunks = [
    chunk({ role: 'assistant', content: '' }, null),
    ...piecesOf(answer.reasoning).map((reasoning) => chunk({ reasoning }, null)),
    ...piecesOf(answer.content).map((content) => chunk({ content }, null)),
    chunk({}, 'stop'),
    ...(replay.tellsUsage ? [{ ...head, choices: [], usage: NO_USAGE }] : []),
  ]
  const events = chunks.map((one) => writeSse({ data: JSON.stringify(one) }))
  return `${events.join('')}${writeSse({ data: '[DONE]' })}`
}

/** Clients show what comes piece by piece; no character is cut in two. */
function piecesOf(text: string): readonly string[] {
  return text.match(/[\s\S]{1,256}/gu) ?? []
}
