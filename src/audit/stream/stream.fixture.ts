import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toNodeListener } from '../../http/node-listener.ts'

export interface ReceivedEvent {
  readonly id: string
  readonly event: string
  readonly data: unknown
}

/**
 * Reads an event stream as a browser does.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ReceivedEvent> {
  let fields = { id: '', event: '', data: [] as readonly string[] }
  for await (const line of linesOf(body)) {
    if (line !== '') {
      fields = withField(fields, line)
      continue
    }
    const { id, event, data } = fields
    if (data.length > 0) yield { id, event: event || 'message', data: JSON.parse(data.join('\n')) }
    fields = { id, event: '', data: [] }
  }
}

type Fields = { id: string; event: string; data: readonly string[] }

function withField(fields: Fields, line: string): Fields {
  const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
  if (name === 'data') return { ...fields, data: [...fields.data, value] }
  return name === 'id' || name === 'event' ? { ...fields, [name]: value } : fields
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true })
    const lines = text.split(/\r\n|\n|\r/)
    text = lines.pop() ?? ''
    yield* lines
  }
}

/** The next events, so many. */
export async function take(
  events: AsyncGenerator<ReceivedEvent>,
  count: number,
): Promise<readonly ReceivedEvent[]> {
  const taken: ReceivedEvent[] = []
  while (taken.length < count) {
    const { done, value } = await events.next()
    if (done === true) break
    taken.push(value)
  }
  return taken
}

export function readerOf(response: Response): AsyncGenerator<ReceivedEvent> {
  if (response.body === null) throw new Error(`the answer has no body: ${response.status}`)
  return eventsOf(response.body)
}

/** Serves a handler on this machine. */
export async function serveOnLoopback(handler: (request: Request) => Response) {
  const server = createServer(toNodeListener(async (request) => handler(request)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    server,
    url: `http://127.0.0.1:${port}/`,
    stop(): Promise<void> {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** `system decision 3`: what an event is, in short. */
export function named({ event, data }: ReceivedEvent): string {
  const { type, record } = data as { type: string; record?: { seq: number } }
  return record === undefined ? `${event} ${type}` : `${event} ${type} ${record.seq}`
}
