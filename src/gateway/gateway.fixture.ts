import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import {
  CallToolRequestSchema,
  type CallToolResult,
  type ClientCapabilities,
  ListToolsRequestSchema,
  type ServerCapabilities,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js'
import type { Diagnostic } from '../engine/options.ts'
import { createTestEngine, type TestEngine } from '../testing/create-test-engine.ts'
import { createGateway, type Gateway } from './create-gateway.ts'
import type { GatewayOptions } from './options.ts'

/** A policy in which `bot` may use what is named, and nothing else. */
export function policyFor(...resources: readonly string[]): string {
  return [
    'roles:',
    '  - name: user',
    '    rules:',
    `      - { effect: allow, resources: ${JSON.stringify(resources)}, verbs: [invoke] }`,
    'bindings:',
    '  - { agent: bot, roles: [user] }',
    '',
  ].join('\n')
}

export const text = (said: string): CallToolResult => ({ content: [{ type: 'text', text: said }] })

export interface UpstreamParts {
  readonly tools?: readonly string[] | (() => readonly Tool[])
  readonly capabilities?: ServerCapabilities
  readonly call?: (
    name: string,
    args: Record<string, unknown>,
    extra: Parameters<Parameters<Server['setRequestHandler']>[1]>[1],
    server: Server,
  ) => CallToolResult | Promise<CallToolResult>
  readonly set?: (server: Server) => void
}

export interface TestUpstream {
  /** One for each session. */
  readonly make: () => Server
  readonly made: Server[]
  readonly calls: { readonly name: string; readonly args: unknown; readonly meta: unknown }[]
}

export const tool = (name: string, more: Partial<Tool> = {}): Tool => ({
  name,
  inputSchema: { type: 'object' },
  ...more,
})

/** A server of the SDK in this process, that notes what reaches it. */
export function upstream(parts: UpstreamParts = {}): TestUpstream {
  const { tools = ['echo'], capabilities = {}, call, set } = parts
  const made: Server[] = []
  const calls: TestUpstream['calls'] = []
  const listed = typeof tools === 'function' ? tools : () => tools.map((name) => tool(name))
  return {
    made,
    calls,
    make() {
      const server = new Server(
        { name: 'upstream', version: '1' },
        { capabilities: { tools: { listChanged: true }, ...capabilities } },
      )
      server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [...listed()] }))
      server.setRequestHandler(CallToolRequestSchema, (request, extra) => {
        const { name, arguments: args = {}, _meta: meta } = request.params
        calls.push({ name, args, meta })
        return call?.(name, args, extra, server) ?? text(`${name} ${JSON.stringify(args)}`)
      })
      set?.(server)
      made.push(server)
      return server
    },
  }
}

export interface TestGateway {
  readonly engine: TestEngine
  readonly gateway: Gateway
  readonly diagnostics: Diagnostic[]
  agent(capabilities?: ClientCapabilities): Promise<Client>
}

export type GatewayParts = Omit<GatewayOptions, 'engine' | 'subject'> &
  Partial<Pick<GatewayOptions, 'subject'>> & { readonly policy: string }

/** A gateway and agents that are clients of the SDK. */
export function testGateway({ policy, ...options }: GatewayParts): TestGateway {
  const engine = createTestEngine({ policy })
  const diagnostics: Diagnostic[] = []
  const gateway = createGateway({
    engine,
    subject: { agent: 'bot' },
    onDiagnostic: (one) => diagnostics.push(one),
    ...options,
  })
  return {
    engine,
    gateway,
    diagnostics,
    async agent(capabilities = {}) {
      const client = new Client({ name: 'agent', version: '1' }, { capabilities })
      const [near, far] = InMemoryTransport.createLinkedPair()
      await Promise.all([gateway.connect(far), client.connect(near)])
      return client
    },
  }
}
