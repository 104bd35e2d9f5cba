import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { describe, expect, it } from 'vitest'
import { createTestEngine } from '../testing/create-test-engine.ts'
import { createGateway } from './create-gateway.ts'
import { policyFor, upstream } from './gateway.fixture.ts'
import { httpFront } from './http-front.ts'

const HEADER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const META = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe('the trace of what an agent asks of a gateway by HTTP', () => {
  it.each([
    ['of its request', HEADER, undefined, HEADER],
    ['of its message rather than of its request', HEADER, META, META],
    ['none where what it says is none', 'x'.repeat(60), 'y', null],
  ])('is that %s', async (_what, header, meta, wanted) => {
    const engine = createTestEngine({ policy: policyFor('db.*') })
    const gateway = createGateway({
      engine,
      upstreams: { db: { server: upstream().make } },
      subject: { agent: 'bot' },
      onDiagnostic: () => undefined,
    })
    const client = new Client({ name: 'agent', version: '1' })
    const transport = new StreamableHTTPClientTransport(new URL('http://gateway.test/mcp'), {
      requestInit: { headers: { traceparent: header } },
      fetch: (url, init) => gateway.fetch(new Request(url, init), {}),
    })
    await client.connect(transport as Transport)
    const _meta = meta === undefined ? {} : { _meta: { traceparent: meta } }
    await client.callTool({ name: 'db__echo', ..._meta })
    await client.close()
    await gateway.close()
    const records = engine.records().filter(({ resource }) => resource === 'db.echo')
    expect(records.length).toBeGreaterThan(0)
    for (const { id, trace_id, traceparent } of records)
      expect([trace_id, traceparent]).toEqual([wanted?.split('-')[1] ?? id, wanted])
  })

  it('is in the record of a request for another path too', async () => {
    const engine = createTestEngine({ policy: policyFor('db.*') })
    const front = httpFront(engine, async () => new Response())
    const request = new Request('http://gateway.test/other', { headers: { traceparent: HEADER } })
    await front(request, { peer: '192.0.2.1', path: '/other' })
    expect(engine.records()[0]?.traceparent).toBe(HEADER)
  })
})
