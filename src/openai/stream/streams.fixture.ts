import { createTestEngine, type TestEngine } from '../../testing/create-test-engine.ts'
import { governedFetch } from '../governed-fetch.ts'
import type { GovernedFetchOptions } from '../options.ts'

export const POLICY = `
servers: [db]
redaction: { on: [response], classes: [secret, pii], action: label }
roles:
  - name: some
    rules: [{ resources: ['model:openai/gpt-4o', db.read], verbs: [invoke] }]
bindings:
  - { agent: bot, roles: [some] }
`
export const PLAIN = POLICY.replace(/^redaction.*$/m, '')
export const ASK = { model: 'gpt-4o', messages: [] }

export interface Answered {
  readonly engine: TestEngine
  readonly text: string
  /** The data of each event. */
  readonly data: readonly Record<string, unknown>[]
}

/** Bytes in pieces of the sizes given, over and over. */
export function inPieces(text: string, sizes: readonly number[]): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  let at = 0
  let turn = 0
  return new ReadableStream({
    pull(controller) {
      const size = sizes[turn++ % sizes.length] ?? bytes.length
      controller.enqueue(bytes.subarray(at, at + size))
      at += size
      if (at >= bytes.length) controller.close()
    },
  })
}

export async function answered(
  body: ReadableStream<Uint8Array> | object,
  {
    policy = PLAIN,
    ask = {},
    ...options
  }: GovernedFetchOptions & { policy?: string; ask?: object } = {},
): Promise<Answered> {
  const engine = createTestEngine({ policy })
  const isStream = body instanceof ReadableStream
  const inner: typeof fetch = async () =>
    isStream
      ? new Response(body, { headers: { 'content-type': 'text/event-stream' } })
      : Response.json(body)
  const governed = governedFetch(inner, engine, { subject: { agent: 'bot' }, ...options })
  const response = await governed('https://api.openai.com/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({ ...ASK, stream: isStream, ...ask }),
  })
  const text = await response.text()
  const lines = text.split(/\r?\n/).filter((line) => line.startsWith('data: {'))
  const data = isStream ? lines.map((line) => JSON.parse(line.slice(6))) : [JSON.parse(text)]
  return { engine, text, data }
}

export type Message = Record<string, unknown>

interface Call {
  readonly function: { arguments: string }
}
interface Part {
  readonly delta: Message & { readonly tool_calls?: readonly (Call & { readonly index: number })[] }
  readonly finish_reason: unknown
}

/** What a client makes of the chunks of a stream. */
export function joinedUp(data: Answered['data']): { message: Message; reason: unknown } {
  const calls: Call[] = []
  const message: Message = { tool_calls: calls }
  const parts = data.flatMap(({ choices }) => choices as Part[]) // chunks, as the tests read them
  for (const { delta } of parts) {
    for (const name of ['content', 'refusal'])
      if (typeof delta[name] === 'string') message[name] = `${message[name] ?? ''}${delta[name]}`
    for (const { index, ...piece } of delta.tool_calls ?? []) addPiece(calls, index, piece)
  }
  return { message, reason: parts.findLast(({ finish_reason: said }) => said)?.finish_reason }
}

function addPiece(calls: Call[], index: number, piece: Call): void {
  const known = calls[index]
  if (known === undefined) calls[index] = structuredClone(piece)
  else known.function.arguments += piece.function.arguments
}
