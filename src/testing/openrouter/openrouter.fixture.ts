import { afterEach } from 'vitest'
import type { JsonObject } from '../../core/model/json.ts'
import { createSseParser } from '../../core/sse/parse-sse.ts'
import {
  type FakeOpenRouter,
  type FakeOpenRouterOptions,
  fakeOpenRouter,
} from './fake-openrouter.ts'

const open: FakeOpenRouter[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((fake) => fake.close()))
})

/** A fake until the test is over. */
export async function fakeHere(options: FakeOpenRouterOptions = {}): Promise<FakeOpenRouter> {
  const fake = await fakeOpenRouter(options)
  open.push(fake)
  return fake
}

/** A JSON value whose shape the test knows. */
// biome-ignore lint/suspicious/noExplicitAny: what a test reads of it is what it expects
export type Loose = any

const AUTH = { authorization: 'Bearer sk-test', 'content-type': 'application/json' }

export function post(
  fake: FakeOpenRouter,
  path: string,
  body: JsonObject,
  headers: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(fake.baseURL + path, {
    method: 'POST',
    headers: { ...AUTH, ...headers },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  })
}

export async function get(fake: FakeOpenRouter, path: string): Promise<Loose> {
  const response = await fetch(fake.baseURL + path, { headers: AUTH })
  return response.json()
}

export const MINI = 'openai/gpt-4o-mini'
export const SONNET = 'anthropic/claude-sonnet-4.6'

export function chatBody(text = 'Say hello.', more: JsonObject = {}): JsonObject {
  return { model: MINI, messages: [{ role: 'user', content: text }], ...more }
}

/** The answer to a request of `/chat/completions`. */
export async function chat(
  fake: FakeOpenRouter,
  more: JsonObject = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Loose> {
  return (await post(fake, '/chat/completions', chatBody('Say hello.', more), headers)).json()
}

/** What came of a stream: its text, its data without `[DONE]`, and how it ended. */
export interface Streamed {
  readonly text: string
  readonly chunks: readonly Loose[]
  readonly isDone: boolean
  readonly error: unknown
  /** Sizes of what was read at once. */
  readonly sizes: readonly number[]
}

export async function streamed(response: Response): Promise<Streamed> {
  const parser = createSseParser()
  const decoder = new TextDecoder()
  const events: string[] = []
  const sizes: number[] = []
  let text = ''
  let error: unknown
  try {
    for await (const chunk of response.body ?? []) {
      sizes.push(chunk.length)
      text += decoder.decode(chunk, { stream: true })
      for (const { data, hasData } of parser.push(chunk)) if (hasData) events.push(data)
    }
  } catch (cause) {
    error = cause
  }
  const isDone = events.includes('[DONE]')
  const chunks = events.filter((data) => data !== '[DONE]').map((data): Loose => JSON.parse(data))
  return { text, chunks, isDone, error, sizes }
}

/** What the choices of a stream say. */
export function contentOf(chunks: readonly Loose[]): string {
  return chunks.map((chunk) => chunk.choices[0]?.delta?.content ?? '').join('')
}
