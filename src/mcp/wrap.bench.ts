import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import { compilePolicy } from '../core/policy/parse.ts'
import { createPolicyEngine } from '../engine/create-policy-engine.ts'
import { median, row } from '../scripts/measure.ts'
import { guarded, recordsServer } from './stdio-server.fixture.ts'
import { wrapMcpServer } from './wrap-mcp-server.ts'

// About 0.2 KB.
const argumentsOf = (number: number): Record<string, unknown> => ({
  customer: `C-${48_291 + number}`,
  note: 'Called back about the delivery window; the parcel is at the depot and goes out on Monday. Nothing else is open.',
  urgent: false,
})

/** An agent thinks before it calls again. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export async function run(print: (line: string) => void): Promise<void> {
  print(
    'A tool call through the MCP SDK, bare and wrapped in turn, median of what the caller waits for',
  )
  await compareCalls(print, 'in memory, an untagged tool, 0.2 KB there, a word back', 'note', 10)
  await compareCalls(print, 'in memory, a data source, 0.2 KB there, 2 KB back', 'get', 25)
  await compareLists(print)
  await compareStdio(print)
}

async function compareCalls(
  print: (line: string) => void,
  what: string,
  name: string,
  goal: number,
): Promise<void> {
  const [bare, wrapped] = [
    await connected(recordsServer()),
    await connected(guarded(recordsServer())),
  ]
  const call = (client: Client) => (index: number) =>
    client.callTool({ name, arguments: argumentsOf(index) })
  const [one, other] = await inTurn([call(bare), call(wrapped)], 3_000)
  print(row(`${what}: bare`, one / 1e3, 'us'))
  print(
    row(
      `${what}: wrapped`,
      other / 1e3,
      'us',
      `+${((other - one) / 1e3).toFixed(1)}, goal +${goal}`,
    ),
  )
}

async function compareLists(print: (line: string) => void): Promise<void> {
  const many = (): McpServer => {
    const server = new McpServer({ name: 'crm', version: '1.0.0' })
    for (let index = 0; index < 20; index++)
      server.registerTool(
        `tool_${index}`,
        {
          description: 'Looks up the orders of a customer, newest first.',
          inputSchema: { customer: z.string(), page: z.number().optional() },
        },
        () => ({ content: [] }),
      )
    return server
  }
  const engine = createPolicyEngine({
    policy: compilePolicy({
      servers: ['crm'],
      roles: [{ name: 'some', rules: [{ resources: ['crm.tool_1*'], verbs: ['invoke'] }] }],
      bindings: [{ agent: 'bot', roles: ['some'] }],
    }),
    onDiagnostic: () => {},
  })
  const bare = await connected(many())
  const filtered = await connected(
    wrapMcpServer(many(), engine, { server: 'crm', subject: { agent: 'bot' } }),
  )
  const [one, other] = await inTurn([() => bare.listTools(), () => filtered.listTools()], 600)
  print(row('a list of 20 tools: bare', one / 1e3, 'us'))
  print(row('a list of 20 tools: 10 of them shown', other / 1e3, 'us', 'goal: no slower'))
}

async function compareStdio(print: (line: string) => void): Promise<void> {
  const start = async (mode: string): Promise<Client> => {
    const client = new Client({ name: 'bench', version: '1.0.0' })
    const file = new URL('stdio-server.fixture.ts', import.meta.url).pathname
    const args = ['--import', 'tsx', file, mode]
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }),
    )
    return client
  }
  const clients = [await start('bare'), await start('wrapped')] as const
  const call = (client: Client) => (index: number) =>
    client.callTool({ name: 'get', arguments: argumentsOf(index) })
  const [one, other] = await inTurn([call(clients[0]), call(clients[1])], 1_000)
  print(row('over stdio, 2 KB back: bare', one / 1e3, 'us'))
  const more = `+${Math.round(100 * (other / one - 1))} %, goal +60 %`
  print(row('over stdio, 2 KB back: wrapped', other / 1e3, 'us', more))
  for (const client of clients) await client.close()
}

async function connected(server: McpServer): Promise<Client> {
  const client = new Client({ name: 'bench', version: '1.0.0' })
  const [here, there] = InMemoryTransport.createLinkedPair()
  await Promise.all([server.connect(there), client.connect(here)])
  return client
}

/** Nanoseconds of each, measured in turn, so that a slow machine slows both. */
async function inTurn(
  runs: readonly [(index: number) => Promise<unknown>, (index: number) => Promise<unknown>],
  rounds: number,
): Promise<readonly [number, number]> {
  const times: readonly [number[], number[]] = [[], []]
  for (let round = 0; round < 2 * rounds; round++)
    for (const which of [0, 1] as const) {
      const started = performance.now()
      await runs[which](round)
      const took = 1e6 * (performance.now() - started)
      await turn()
      if (round >= rounds) times[which].push(took)
    }
  return [median(times[0]), median(times[1])]
}
