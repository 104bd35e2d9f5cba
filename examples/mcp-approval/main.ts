/** A guarded MCP server whose client asks its person: one refund is approved, another declined. */
import { deepStrictEqual } from 'node:assert'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { createPolicyEngine, loadPolicy } from 'callgate'
import { wrapMcpServer } from 'callgate/mcp'
import { z } from 'zod'

process.chdir(import.meta.dirname)

const engine = createPolicyEngine({ policy: await loadPolicy('policy.yaml') })
const server = new McpServer({ name: 'billing', version: '1.0.0' })
wrapMcpServer(server, engine, {
  server: 'billing',
  subject: { agent: 'support-bot' },
  approvals: 'elicitation',
})
const done: string[] = []
server.registerTool('refund', { inputSchema: { amount: z.number() } }, ({ amount }) => {
  done.push(`paid ${amount}`)
  return { content: [{ type: 'text', text: `paid ${amount}` }] }
})
server.registerTool('close_account', { inputSchema: { id: z.string() } }, ({ id }) => {
  done.push(`closed ${id}`)
  return { content: [{ type: 'text', text: `closed ${id}` }] }
})

const client = new Client({ name: 'desk', version: '1.0.0' }, { capabilities: { elicitation: {} } })
// Here: the form that a person fills in. This one approves refunds up to 300.
const shown: string[] = []
client.setRequestHandler(ElicitRequestSchema, ({ params: { message } }) => {
  shown.push(message.split('\n')[0] ?? '')
  const amount = Number(/\/amount = (\d+)/.exec(message)?.[1])
  if (amount <= 300) return { action: 'accept', content: { approve: true } }
  return { action: 'accept', content: { approve: false, reason: 'ask the customer first' } }
})
const [near, far] = InMemoryTransport.createLinkedPair()
await Promise.all([server.connect(near), client.connect(far)])

const refund = (amount: number) => client.callTool({ name: 'refund', arguments: { amount } })
const textOf = (result: Awaited<ReturnType<typeof refund>>): string =>
  String((result.content as { text: string }[])[0]?.text)

deepStrictEqual(textOf(await refund(20)), 'paid 20')
deepStrictEqual(textOf(await refund(250)), 'paid 250')
const declined = textOf(await refund(400))
deepStrictEqual(
  declined.startsWith(
    'Denied by policy (approval_denied): a person refused this call: ask the customer first.',
  ),
  true,
)

// Of what cannot be undone the client is not asked: somebody else approves it, then the call comes again.
const close = () => client.callTool({ name: 'close_account', arguments: { id: 'c-7' } })
const refused = await close()
const approval = String(refused._meta?.['callgate/approval'])
deepStrictEqual(
  (await engine.approvals.list({ state: 'pending' })).map(({ id }) => id),
  [approval],
)
await engine.approvals.approve(approval, { by: 'ana' })
deepStrictEqual(textOf(await close()), 'closed c-7')

const question = 'agent "support-bot" asks to invoke "billing.refund"'
deepStrictEqual(shown, [question, question])
deepStrictEqual(done, ['paid 20', 'paid 250', 'closed c-7'])
console.log(done.join('\n'))
await client.close()
await engine.close()
