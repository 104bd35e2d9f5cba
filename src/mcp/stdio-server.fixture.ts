/** A server over stdio for tests and benchmarks: `node stdio-server.fixture.ts [wrapped]`. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { z } from 'zod'
import { memorySink } from '../audit/memory.ts'
import { compilePolicy } from '../core/policy/parse.ts'
import { createPolicyEngine } from '../engine/create-policy-engine.ts'
import { wrapMcpServer } from './wrap-mcp-server.ts'

export const POLICY = {
  servers: ['crm'],
  tools: [
    { name: 'crm.note', server: 'crm' },
    { name: 'crm.get', server: 'crm', tags: ['data_source'] },
  ],
  roles: [{ name: 'all', rules: [{ resources: ['crm.*'], verbs: ['invoke'] }] }],
  bindings: [{ agent: 'bot', roles: ['all'] }],
}

// 2 KB, as records of a service have it.
export const RECORDS = JSON.stringify({
  rows: Array.from({ length: 12 }, (_, index) => ({
    id: 48_000 + index * 37,
    status: index % 3 === 0 ? 'open' : 'closed',
    created_at: '2026-05-14T08:30:00Z',
    note: `The parcel of order ${7_000 + index} was handed over at the depot and is on its way.`,
  })),
})

export function recordsServer(): McpServer {
  const server = new McpServer({ name: 'crm', version: '1.0.0' })
  const inputSchema = { customer: z.string(), note: z.string(), urgent: z.boolean() }
  server.registerTool('note', { inputSchema }, () => ({
    content: [{ type: 'text', text: 'noted' }],
  }))
  server.registerTool('get', { inputSchema }, () => ({
    content: [{ type: 'text', text: RECORDS }],
  }))
  return server
}

export function guarded(server: McpServer): McpServer {
  const engine = createPolicyEngine({
    policy: compilePolicy(POLICY),
    audit: [memorySink({ maxRecords: 1_000 })],
    onDiagnostic: () => {},
  })
  return wrapMcpServer(server, engine, { server: 'crm', subject: { agent: 'bot', user: 'u' } })
}

if (process.argv[1]?.endsWith('stdio-server.fixture.ts') === true) {
  const server = recordsServer()
  await (process.argv[2] === 'wrapped' ? guarded(server) : server).connect(
    new StdioServerTransport(),
  )
}
