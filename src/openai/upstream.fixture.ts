import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request that has reached the model's server. */
export interface Reached {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly body: Record<string, unknown>
}

/** What the server answers; a function writes it itself. */
export type Reply =
  | { readonly status?: number; readonly json: unknown; readonly headers?: Record<string, string> }
  | { readonly sse: string | readonly string[] }
  | ((response: ServerResponse, reached: Reached) => void | Promise<void>)

export interface Upstream {
  readonly baseURL: string
  readonly reached: readonly Reached[]
  /** What comes next, in order; the last stays. */
  answer(...replies: readonly Reply[]): void
  close(): Promise<void>
}

/** A server on loopback that answers what it is told to. */
export async function startUpstream(): Promise<Upstream> {
  const reached: Reached[] = []
  let replies: Reply[] = [{ json: {} }]
  const server = createServer(async (request, response) => {
    const one = await read(request)
    reached.push(one)
    const reply = replies.length > 1 ? replies.shift() : replies[0]
    if (typeof reply === 'function') await reply(response, one)
    else write(response, reply ?? { json: {} })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on a port
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    reached,
    answer(...next) {
      replies = [...next]
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

async function read(request: IncomingMessage): Promise<Reached> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer) // no encoding is set
  const text = Buffer.concat(chunks).toString()
  const { method = '', url: path = '', headers } = request
  return { method, path, headers, text, body: text.startsWith('{') ? JSON.parse(text) : {} }
}

function write(
  response: ServerResponse,
  reply: Exclude<Reply, (...given: never[]) => unknown>,
): void {
  if ('sse' in reply) {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const piece of typeof reply.sse === 'string' ? [reply.sse] : reply.sse)
      response.write(piece)
    response.end()
    return
  }
  const { status = 200, headers, json } = reply
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(json))
}

const HEAD = { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'gpt-4o-2024' }
const USAGE = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12, cost: 0.25 }

/** A chat completion of one choice for each message. */
export function completion(...messages: readonly Record<string, unknown>[]): object {
  return {
    ...HEAD,
    choices: messages.map((message, index) => ({
      index,
      message: { role: 'assistant', content: null, refusal: null, ...message },
      logprobs: null,
      finish_reason: message['tool_calls'] || message['function_call'] ? 'tool_calls' : 'stop',
    })),
    usage: USAGE,
  }
}

/** A call of a function, as a message has it. */
export function call(name: string, args: unknown, id = `call_${name}`): Record<string, unknown> {
  const text = typeof args === 'string' ? args : JSON.stringify(args)
  return { id, type: 'function', function: { name, arguments: text } }
}

export function event(data: unknown): string {
  return `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
}

export function chunk(delta: object, finish: string | null = null, index = 0): string {
  return event({
    ...HEAD,
    object: 'chat.completion.chunk',
    choices: [{ index, delta, logprobs: null, finish_reason: finish }],
  })
}

export function usageChunk(): string {
  return event({ ...HEAD, object: 'chat.completion.chunk', choices: [], usage: USAGE })
}

/** The same message as a stream: text by word, arguments by four letters. */
export function streamed(message: { content?: string; tool_calls?: readonly unknown[] }): string[] {
  const events = [chunk({ role: 'assistant', content: '' })]
  for (const word of message.content?.split(/(?<= )/) ?? []) events.push(chunk({ content: word }))
  const calls = (message.tool_calls ?? []) as ReturnType<typeof call>[] // as `call` makes them
  for (const [index, one] of calls.entries()) {
    const { name, arguments: args } = one['function'] as { name: string; arguments: string } // as above
    events.push(
      chunk({
        tool_calls: [{ index, id: one['id'], type: 'function', function: { name, arguments: '' } }],
      }),
    )
    for (const piece of args.match(/.{1,4}/gs) ?? [])
      events.push(chunk({ tool_calls: [{ index, function: { arguments: piece } }] }))
  }
  const reason = calls.length > 0 ? 'tool_calls' : 'stop'
  return [...events, chunk({}, reason), usageChunk(), event('[DONE]')]
}
