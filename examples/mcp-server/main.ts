/**
 * An MCP server behind the policy: what its client may call, what it is told of what it may not, and what
 * it never hears of. Exits non-zero where anything is not as it says.
 */
import { deepStrictEqual, match, rejects } from 'node:assert'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { createPolicyEngine, loadPolicy, memorySink, wrapMcpServer } from 'callgate'
import { z } from 'zod'

const sink = memorySink()
const policy = await loadPolicy(`${import.meta.dirname}/policy.yaml`)
const engine = createPolicyEngine({ policy, audit: [sink] })

const server = new McpServer({ name: 'database', version: '1.0.0' })
wrapMcpServer(server, engine, { server: 'db', subject: { agent: 'support-bot' } })

// What is registered after the wrap is behind it as well.
const ran: string[] = []
const rows = { table: z.string(), limit: z.number().int().default(5) }
server.registerTool('read_rows', { inputSchema: rows }, ({ table, limit }) => {
  ran.push(`read_rows ${table} ${limit}`)
  return { content: [{ type: 'text', text: `${table}: Ana, ana@example.com` }] }
})
server.registerTool('drop_table', { inputSchema: { table: z.string() } }, ({ table }) => {
  ran.push(`drop_table ${table}`)
  return { content: [{ type: 'text', text: 'gone' }] }
})
server.registerResource('tables', 'docs://tables', {}, ({ href }) => ({
  contents: [{ uri: href, text: 'orders, tickets' }],
}))
server.registerResource('keys', 'docs://keys', {}, ({ href }) => ({
  contents: [{ uri: href, text: 'none of your business' }],
}))

const client = new Client({ name: 'example', version: '1.0.0' })
const [near, far] = InMemoryTransport.createLinkedPair()
await Promise.all([server.connect(near), client.connect(far)])

/** What a model reads of a result. */
async function call(name: string, args: Record<string, unknown>): Promise<string> {
  const { content, isError } = await client.callTool({ name, arguments: args })
  const [block] = content as { text: string }[]
  return `${isError === true ? 'error: ' : ''}${block?.text}`
}

// Only what may be used is listed.
const { tools } = await client.listTools()
const { resources } = await client.listResources()
deepStrictEqual(
  [...tools.map(({ name }) => name), ...resources.map(({ uri }) => uri)],
  ['read_rows', 'docs://tables'],
)

// Allowed: the tool runs, and what the policy takes out of results is gone.
const orders = await call('read_rows', { table: 'orders' })
match(orders, /^orders: Ana, /)
deepStrictEqual(orders.includes('ana@example.com'), false)

// Rewritten: the policy lets twenty rows through, not a thousand.
await call('read_rows', { table: 'tickets', limit: 1000 })

// Denied: the tool does not run, and the model reads why.
const salaries = await call('read_rows', { table: 'salaries' })
match(salaries, /^error: Denied by policy \(constraint_violation\): one_of: `table` .* Decision /)

// Hidden: what may not be used answers like what is not there.
deepStrictEqual(
  await call('drop_table', { table: 'orders' }),
  (await call('no_such_tool', { table: 'orders' })).replace('no_such_tool', 'drop_table'),
)
await rejects(client.readResource({ uri: 'docs://keys' }), /not found/)

deepStrictEqual(ran, ['read_rows orders 5', 'read_rows tickets 20'])
for (const { kind, resource, effect, reason, status } of sink.records())
  if (kind === 'decision') console.log(`${resource} ${effect} ${reason} (${status})`)
await client.close()
