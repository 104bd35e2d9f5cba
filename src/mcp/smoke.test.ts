import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import * as v2s from '@modelcontextprotocol/server'
import * as v2c from '@modelcontextprotocol/client'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { createTestEngine } from '../testing/create-test-engine.ts'
import { wrapMcpServer } from './wrap-mcp-server.ts'

const policy = `
roles:
  - name: reader
    rules:
      - resources: [db.read, db.both]
        verbs: [invoke]
        constraints: { one_of: { field: table, allow: [a, b] } }
bindings:
  - { agent: bot, roles: [reader] }
`
it('v1', async () => {
  const engine = createTestEngine({ policy })
  const server = new McpServer({ name: 's', version: '1' })
  const same = wrapMcpServer(server, engine, { server: 'db', subject: { agent: 'bot' } })
  expect(same).toBe(server)
  server.registerTool('read', { inputSchema: { table: z.string() } }, ({ table }) => ({ content: [{ type: 'text', text: `rows of ${table}` }] }))
  server.registerTool('drop', { inputSchema: { table: z.string() } }, () => ({ content: [{ type: 'text', text: 'dropped' }] }))
  const client = new Client({ name: 'c', version: '1' })
  const [a, b] = InMemoryTransport.createLinkedPair()
  await Promise.all([server.connect(a), client.connect(b)])
  console.log(JSON.stringify((await client.listTools()).tools.map((t) => t.name)))
  console.log(JSON.stringify(await client.callTool({ name: 'read', arguments: { table: 'a' } })))
  console.log(JSON.stringify(await client.callTool({ name: 'read', arguments: { table: 'c' } })))
  console.log(JSON.stringify(await client.callTool({ name: 'drop', arguments: { table: 'c' } })))
  console.log(JSON.stringify(await client.callTool({ name: 'nope', arguments: { table: 'c' } })))
  console.log(engine.records().map((r) => `${r.kind} ${r.resource} ${r.effect} ${r.reason} ${r.request_method}`))
})
it('v2', async () => {
  const engine = createTestEngine({ policy })
  const server = new v2s.McpServer({ name: 's', version: '1' })
  wrapMcpServer(server, engine, { server: 'db', subject: { agent: 'bot' } })
  server.registerTool('read', { inputSchema: z.object({ table: z.string() }) }, ({ table }) => ({ content: [{ type: 'text', text: `rows of ${table}` }] }))
  server.registerTool('drop', { inputSchema: z.object({ table: z.string() }) }, () => ({ content: [{ type: 'text', text: 'dropped' }] }))
  const client = new v2c.Client({ name: 'c', version: '1' })
  const [a, b] = v2s.InMemoryTransport.createLinkedPair()
  await Promise.all([server.connect(a), client.connect(b)])
  console.log(JSON.stringify((await client.listTools()).tools.map((t) => t.name)))
  console.log(JSON.stringify(await client.callTool({ name: 'read', arguments: { table: 'a' } })))
  console.log(JSON.stringify(await client.callTool({ name: 'read', arguments: { table: 'c' } })))
  console.log(await client.callTool({ name: 'drop', arguments: { table: 'c' } }).catch((e) => `${e.code} ${e.message}`))
  console.log(await client.callTool({ name: 'nope', arguments: { table: 'c' } }).catch((e) => `${e.code} ${e.message}`))
})
