import * as z3 from 'zod/v3'
import type { Message, Params, SendOptions, Transport } from './host.ts'

export interface CallResult {
  readonly content?: readonly Params[]
  readonly structuredContent?: Params
  readonly isError?: boolean
  readonly _meta?: Params
}

/** The methods of the SDKs' clients that all of them have. */
export interface SdkClient {
  transport?: Transport | undefined
  onerror?: ((error: Error) => void) | undefined
  connect(transport: unknown, options?: object): Promise<void>
  close(): Promise<void>
  callTool(
    params: { name: string; arguments?: Params; _meta?: Params },
    ...options: unknown[]
  ): Promise<CallResult>
  listTools(): Promise<{ tools: { name: string; _meta?: Params }[] }>
  listPrompts(): Promise<{ prompts: { name: string }[] }>
  listResources(): Promise<{ resources: { uri: string }[] }>
  listResourceTemplates(): Promise<{ resourceTemplates: { uriTemplate: string }[] }>
  readResource(params: { uri: string }): Promise<{ contents: Params[] }>
  getPrompt(params: { name: string; arguments?: Params }): Promise<{ messages: Params[] }>
}

/** A client and its server, talking; and all that the server has said. */
export interface Wire {
  readonly client: SdkClient
  /** Every message of the server, oldest first. */
  readonly heard: readonly Message[]
  /** Sends a request as it is. Returns the whole answer as it came over the wire. */
  speak(method: string, params?: Params): Promise<Message>
  notify(method: string, params?: Params): Promise<void>
  /** The next message of this method from now on, or one that was heard. */
  hear(method: string): Promise<Message>
  /** Until everything that was on its way has arrived. */
  settle(): Promise<void>
  close(): Promise<void>
}

export const CLIENT_CAPABILITIES = { sampling: {}, roots: { listChanged: true }, elicitation: {} }

export interface ConnectOptions {
  /** Of a verified token, as transports hand it on (not `modern`). */
  readonly authInfo?: Params
  /** What the client answers to requests of the server, by method. */
  readonly answers?: Readonly<Record<string, (params: Params) => unknown>>
  readonly clientInfo?: { readonly name: string; readonly version: string }
  /** Is handed the client before it is connected. */
  readonly govern?: (client: SdkClient) => void
}

/** What a request of the 2026-07-28 protocol carries. */
const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'client', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': CLIENT_CAPABILITIES,
}

interface Line {
  readonly client: SdkClient
  readonly era: 'legacy' | 'modern'
  readonly authInfo: Params | undefined
}

/** Listens at the client's end, where nothing of callgate is. */
export function wireOf({ client, era, authInfo }: Line): Wire {
  const { transport } = client
  if (transport === undefined) throw new Error('the client is not connected')
  const heard: Message[] = []
  const waiting = new Set<{ is(said: Message): boolean; got(said: Message): void }>()
  const listen = transport.onmessage
  transport.onmessage = (message, extra) => {
    heard.push(message)
    for (const one of waiting)
      if (one.is(message)) {
        waiting.delete(one)
        one.got(message)
      }
    listen?.call(transport, message, extra)
  }
  // Answers to what the test itself has asked are nobody else's.
  client.onerror = () => undefined
  const next = (is: (said: Message) => boolean): Promise<Message> =>
    new Promise((got) => waiting.add({ is, got }))
  const send = (message: Message): Promise<void> =>
    transport.send(message, { authInfo } as SendOptions)
  const filled = (params: Params): Params =>
    era === 'modern'
      ? { ...params, _meta: { ...ENVELOPE, ...(params['_meta'] as Params | undefined) } }
      : params
  let count = 0
  const speak: Wire['speak'] = async (method, params = {}) => {
    const id = `asked-${++count}`
    const answer = next((said) => said.id === id && said.method === undefined)
    await send({ jsonrpc: '2.0', id, method, params: filled(params) })
    return answer
  }
  return {
    client,
    heard,
    speak,
    notify: (method, params = {}) => send({ jsonrpc: '2.0', method, params: filled(params) }),
    async hear(method) {
      return heard.find((said) => said.method === method) ?? next((said) => said.method === method)
    },
    async settle() {
      // Twice: what is sent because of what has arrived is heard too.
      for (let round = 0; round < 2; round++) {
        await speak(era === 'modern' ? 'server/discover' : 'ping')
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    close: () => client.close(),
  }
}

export interface AnyClient {
  setRequestHandler(...given: unknown[]): void
}

export function answering(client: AnyClient, major: 1 | 2, { answers = {} }: ConnectOptions): void {
  for (const [method, answer] of Object.entries(answers)) {
    const run = (request: Message): unknown => answer(request.params ?? {})
    if (major === 1)
      client.setRequestHandler(
        z3.object({ method: z3.literal(method), params: z3.any().optional() }),
        run,
      )
    else client.setRequestHandler(method, run)
  }
}

/** Every message to the server comes with what its token says. */
export function vouched(transport: object, authInfo: Params | undefined): void {
  if (authInfo === undefined) return
  const { send } = transport as Transport
  ;(transport as Transport).send = (message, options) =>
    send.call(transport as Transport, message, { ...options, authInfo } as SendOptions)
}
