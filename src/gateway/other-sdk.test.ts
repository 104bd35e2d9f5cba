import * as clientV2 from '@modelcontextprotocol/client'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import * as serverV2 from '@modelcontextprotocol/server'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { policyFor, testGateway } from './gateway.fixture.ts'

const makeServer = () => {
  const server = new serverV2.McpServer({ name: 'v2', version: '1' })
  for (const name of ['double', 'hidden'])
    server.registerTool(name, { inputSchema: z.object({ n: z.number() }) }, ({ n }) => ({
      content: [{ type: 'text', text: String(n * 2) }],
    }))
  return server
}

it.each([
  [
    'in this process',
    async () => {
      const { gateway, engine } = testGateway({
        policy: policyFor('db.double'),
        upstreams: { db: { server: makeServer } },
      })
      const [near, far] = InMemoryTransport.createLinkedPair()
      return { gateway, engine, near, connect: (): Promise<void> => gateway.connect(far) }
    },
  ],
  [
    'by HTTP',
    async () => {
      const { gateway, engine } = testGateway({
        policy: policyFor('db.double'),
        upstreams: { db: { server: makeServer } },
      })
      const near = new clientV2.StreamableHTTPClientTransport(new URL('http://gateway.test/mcp'), {
        fetch: (url, init) => gateway.fetch(new Request(url, init)),
      })
      return { gateway, engine, near, connect: async (): Promise<void> => undefined }
    },
  ],
])('speaks with clients and servers of the second SDK %s', async (_, open) => {
  const { gateway, engine, near, connect } = await open()
  const client = new clientV2.Client({ name: 'agent', version: '1' })
  await Promise.all([connect(), client.connect(near as clientV2.Transport)])
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name)).toEqual(['db__double'])
  expect(await client.callTool({ name: 'db__double', arguments: { n: 21 } })).toMatchObject({
    content: [{ type: 'text', text: '42' }],
  })
  await expect(client.callTool({ name: 'db__hidden', arguments: { n: 1 } })).rejects.toThrow(
    'Tool db__hidden not found',
  )
  expect(engine.records().map(({ resource, effect }) => `${resource} ${effect}`)).toEqual([
    'db.double allow',
    'db.double allow',
    'db.hidden deny',
  ])
  await client.close()
  await gateway.close()
})
