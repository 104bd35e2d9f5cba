import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as HttpV2,
} from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { McpServer as ServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { createMcpHandler, McpServer as ServerV2 } from '@modelcontextprotocol/server'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createTestEngine, type TestEngine } from '../../testing/create-test-engine.ts'
import { textOf } from '../hosts.fixture.ts'
import { wrapMcpClient } from '../wrap-mcp-client.ts'

const INFO = { name: 'client', version: '1.0.0' }
const INPUT = { message: z.string() }

const POLICY = `
roles:
  - name: some
    rules:
      - resources: [every.echo]
        verbs: [invoke]
        constraints: { one_of: { field: message, allow: [hello] } }
bindings:
  - { agent: bot, roles: [some] }
`

const opened: (() => unknown)[] = []

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

/** The same of every transport: what is allowed comes back, what is not is answered here. */
async function check(client: ClientV1 | ClientV2, engine: TestEngine): Promise<void> {
  const call = (name: string, message: string) =>
    client.callTool({ name, arguments: { message } } as never)
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name)).toEqual(['echo'])
  expect(textOf(await call('echo', 'hello'))).toContain('hello')
  expect(textOf(await call('echo', 'else'))).toContain('constraint_violation')
  await expect(call('get-env', 'x')).rejects.toThrow('Tool get-env not found')
  expect(engine.records().map(({ kind, reason, status }) => [kind, reason, status])).toEqual([
    ['decision', 'allowed', 'pending'],
    ['outcome', 'allowed', 'success'],
    ['decision', 'constraint_violation', 'denied'],
    ['decision', 'no_matching_rule', 'denied'],
  ])
  await client.close()
}

function wrapped<T extends object>(client: T): { client: T; engine: TestEngine } {
  const engine = createTestEngine({ policy: POLICY })
  wrapMcpClient(client, engine, { server: 'every', subject: { agent: 'bot' } })
  return { client, engine }
}

describe('a wrapped client', () => {
  it('speaks to a server over the standard streams of a process', async () => {
    const { client, engine } = wrapped(new ClientV1(INFO))
    const server = fileURLToPath(
      import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'),
    )
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [server, 'stdio'],
      stderr: 'ignore',
    })
    opened.push(() => client.close())
    await client.connect(transport)
    expect(transport).toBeInstanceOf(StdioClientTransport)
    await check(client, engine)
  })

  it.each([
    ['1', () => new ClientV1(INFO), HttpV1],
    ['2', () => new ClientV2(INFO), HttpV2],
  ] as const)('of version %s speaks to a server over HTTP', async (_version, make, Transport) => {
    const { client, engine } = wrapped<ClientV1 | ClientV2>(make())
    opened.push(() => client.close())
    await client.connect(new Transport(await served()) as never)
    await check(client, engine)
  })

  it('speaks the 2026-07-28 protocol over HTTP', async () => {
    const handler = createMcpHandler(() => {
      const server = new ServerV2({ name: 'every', version: '1.0.0' })
      for (const name of ['echo', 'get-env'])
        server.registerTool(name, { inputSchema: z.object(INPUT) }, echo)
      return server
    })
    const { client, engine } = wrapped(
      new ClientV2(INFO, { versionNegotiation: { mode: { pin: '2026-07-28' } } }),
    )
    const transport = new HttpV2(new URL('http://server.test/mcp'), {
      fetch: (url, init) => handler.fetch(new Request(url, init as RequestInit)),
    })
    await client.connect(transport)
    await check(client, engine)
  })

  it('looks at what a server says in place of taking a request', async () => {
    const { client, engine } = wrapped(new ClientV1(INFO))
    const url = await served()
    let isDown = false
    const transport = new HttpV1(url, {
      fetch: async (to, init) =>
        isDown && init?.method === 'POST'
          ? new Response('password: kT9wq-Lm2vX7-rRb4', { status: 500 })
          : fetch(to, init),
    })
    opened.push(() => client.close())
    await client.connect(transport as never)
    await client.listTools()
    isDown = true
    const called = client.callTool({ name: 'echo', arguments: { message: 'hello' } })
    await expect(called).rejects.toThrow('password')
    expect(engine.records().at(-1)).toMatchObject({ kind: 'outcome', status: 'failed' })
  })
})

const echo = ({ message }: { message: string }) => ({
  content: [{ type: 'text' as const, text: message }],
})

/** A server with sessions on the loopback interface. */
async function served(): Promise<URL> {
  const server = new ServerV1({ name: 'every', version: '1.0.0' })
  for (const name of ['echo', 'get-env']) server.registerTool(name, { inputSchema: INPUT }, echo)
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => 's1' })
  await server.connect(transport as never)
  const http: Server = createServer((request, response) => {
    transport.handleRequest(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  opened.push(() => {
    http.closeAllConnections()
    http.close()
  })
  return new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`)
}
