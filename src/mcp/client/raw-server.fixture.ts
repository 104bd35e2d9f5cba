import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import type { PolicyEngine } from '../../engine/create-policy-engine.ts'
import type { Message, Params, Transport } from '../host.ts'
import { wrapMcpClient } from '../wrap-mcp-client.ts'
import type { WrapMcpClientOptions } from './options.ts'

/** A server that says what it likes, and a wrapped client before it. */
export interface Raw {
  readonly client: ClientV1
  /** What has reached it, without the handshake. */
  readonly got: readonly Message[]
  /** What the client has complained of. */
  readonly faults: readonly string[]
  say(message: object): void
  /** The next request of this method, or one that has come. */
  asked(method: string): Promise<Message>
  close(): Promise<void>
}

export interface RawOptions {
  readonly capabilities?: Params
  readonly instructions?: string
  /** Answers at once: a result, or nothing. */
  readonly answer?: (message: Message) => unknown
}

export async function rawServer(
  engine: PolicyEngine,
  options: WrapMcpClientOptions,
  { capabilities = {}, instructions, answer = listed([]) }: RawOptions = {},
): Promise<Raw> {
  const client = new ClientV1(
    { name: 'client', version: '1.0.0' },
    { capabilities: { sampling: {}, elicitation: {}, roots: { listChanged: true } } },
  )
  const [near, far] = InMemoryTransport.createLinkedPair()
  const peer = far as unknown as Transport
  const got: Message[] = []
  const faults: string[] = []
  const waiting = new Set<(message: Message) => void>()
  const say = (message: object): void => {
    peer.send({ jsonrpc: '2.0', ...message }).catch(() => undefined)
  }
  peer.onmessage = (message) => {
    if (message.method === 'initialize') {
      const result = {
        protocolVersion: '2025-06-18',
        capabilities: { tools: {}, ...capabilities },
        serverInfo: { name: 'raw', version: '1.0.0' },
        ...(instructions === undefined ? {} : { instructions }),
      }
      return say({ id: message.id, result })
    }
    if (message.method === 'notifications/initialized') return undefined
    got.push(message)
    for (const tell of waiting) tell(message)
    const result = answer(message)
    if (result !== undefined) say({ id: message.id, result })
  }
  client.onerror = (error) => faults.push(error.message)
  wrapMcpClient(client, engine, options)
  await client.connect(near)
  return {
    client,
    got,
    faults,
    say,
    asked: (method) =>
      new Promise((resolve) => {
        const known = got.find((message) => message.method === method)
        if (known !== undefined) resolve(known)
        const tell = (message: Message): void => {
          if (message.method !== method) return
          waiting.delete(tell)
          resolve(message)
        }
        waiting.add(tell)
      }),
    close: () => client.close(),
  }
}

/** A server that lists these tools, and answers nothing else. */
export function listed(tools: readonly object[]): (message: Message) => unknown {
  return ({ method }) => (method === 'tools/list' ? { tools } : undefined)
}

export const INPUT = { inputSchema: { type: 'object' } }

/** Lets through everything, for `bot`. */
export const OPEN = `
roles:
  - name: all
    rules:
      - { resources: ['*'], verbs: [invoke] }
bindings:
  - { agent: bot, roles: [all] }
`
