import type { Subject } from '../../core/model/call.ts'
import type { JsonObject } from '../../core/model/json.ts'
import type { Ticket } from '../../engine/ticket.ts'
import { createTestEngine, TEST_NOW, type TestEngine } from '../../testing/create-test-engine.ts'
import type { CacheRequest } from './cache-key.ts'
import type { ResponseCacheOptions } from './options.ts'
import { type CachedResponse, createResponseCache, type ResponseCache } from './response-cache.ts'

export const MODEL = 'openai/gpt-4o-mini'

const POLICY = (comment: string) => `
roles: [{ name: caller, rules: [{ name: ${comment}, resources: ['model:*'], verbs: [invoke] }] }]
bindings: [{ tier: user, roles: [caller] }, { tier: admin, roles: [caller] }]
`
const engines = new Map<string, TestEngine>()

/** The ticket of a permitted call; `policy` names one of several policies that permit the same. */
export async function ticketFor(
  body: JsonObject,
  subject: Subject = { agent: 'bot' },
  policy = 'any',
  served = String(body['model']),
): Promise<Ticket> {
  const engine = engines.get(policy) ?? createTestEngine({ policy: POLICY(policy) })
  engines.set(policy, engine)
  const resource = `model:${served}`
  return engine.begin({ session: 's1', subject, resource, arguments: body, scope: 'all' })
}

export function ask(text: string, more: JsonObject = {}): JsonObject {
  return { model: MODEL, temperature: 0, messages: [{ role: 'user', content: text }], ...more }
}

export interface Asking {
  readonly body: JsonObject
  readonly subject?: Subject
  readonly policy?: string
  /** The model that it is sent to. @default the one that the body names */
  readonly served?: string
  readonly more?: Partial<CacheRequest>
}

export interface CacheHere {
  readonly cache: ResponseCache
  /** How often the model was asked. */
  calls(): number
  advance(ms: number): void
  /** What the cache answers, its body read to its end. */
  call(asking: Asking): Promise<CachedResponse & { readonly text: string }>
}

/** A cache whose model answers what it is told, by default its own count. */
export function cacheHere(
  options: ResponseCacheOptions = {},
  answer: (count: number, body: JsonObject) => Response = (count) => said(`answer ${count}`),
): CacheHere {
  let count = 0
  let at = TEST_NOW
  const cache = createResponseCache({ clock: { now: () => at }, ...options })
  return {
    cache,
    calls: () => count,
    advance(ms) {
      at += ms
    },
    async call({ body, subject, policy, served, more = {} }) {
      const ticket = await ticketFor(body, subject, policy, served)
      const request = { ticket, surface: 'chat', route: null, ...more } as const
      const got = await cache.answer(request, async () => answer(++count, body))
      return { ...got, text: await got.response.text() }
    },
  }
}

const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, cost: 0.000001 }
const HEAD = { id: 'gen-1', model: MODEL, provider: 'OpenAI', created: 1 }

/** An answer as the API gives it. */
export function said(content: string, choice: JsonObject = {}, more: JsonObject = {}): Response {
  return Response.json({
    ...HEAD,
    object: 'chat.completion',
    choices: [
      { index: 0, message: { role: 'assistant', content }, finish_reason: 'stop', ...choice },
    ],
    usage: USAGE,
    ...more,
  })
}

/** The same, as a stream of these chunks. */
export function streamed(
  chunks: readonly JsonObject[],
  end: string | null = '[DONE]',
  tail = '',
): Response {
  const texts = [...chunks.map((chunk) => JSON.stringify(chunk)), ...(end === null ? [] : [end])]
  const body = texts.map((text) => `data: ${text}\n\n`).join('')
  const headers = { 'content-type': 'text/event-stream' }
  return new Response(`: OPENROUTER PROCESSING\n\n${body}${tail}`, { headers })
}

export function delta(fields: JsonObject, finish: string | null = null): JsonObject {
  return { ...HEAD, choices: [{ index: 0, delta: fields, finish_reason: finish }] }
}

export const USAGE_CHUNK: JsonObject = { ...HEAD, choices: [], usage: USAGE }

/** The text of an answer that is no stream. */
export function contentOf(text: string): unknown {
  return JSON.parse(text).choices[0].message.content
}
