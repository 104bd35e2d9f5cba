import { describe, expect, it } from 'vitest'
import { createTestEngine } from '../../testing/create-test-engine.ts'
import { BOTH, CAPABILITIES, connectTo, ENVELOPE } from './entry.fixture.ts'
import { wrapMcpHandler } from './wrap-mcp-handler.ts'
import { wrapMcpServerFactory } from './wrap-mcp-server-factory.ts'

const POLICY = `
roles: [{ name: reader, rules: [{ resources: [db.read], verbs: [invoke] }] }]
bindings: [{ agent: bot, roles: [reader] }]
`
const HEADER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const META = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00'

describe.each(BOTH)('the trace of an HTTP request: $name', ({ sdk, era }) => {
  it.each([
    ['of its header', { header: HEADER }, HEADER],
    ['of its message', { meta: META }, META],
    ['of its message rather than of its header', { header: HEADER, meta: META }, META],
    ['of its header where the message says what is none', { header: HEADER, meta: 'x' }, HEADER],
    ['none of a header that is none', { header: `${HEADER}, ${HEADER}` }, null],
    ['none where nothing is said', {}, null],
  ])('is that %s', async (_what, { header, meta }: { header?: string; meta?: string }, wanted) => {
    const engine = createTestEngine({ policy: POLICY })
    const options = { server: 'db', subject: { agent: 'bot' } }
    const factory = wrapMcpServerFactory(
      () => {
        const server = new sdk.server.McpServer(
          { name: 'db', version: '1.0.0' },
          { capabilities: CAPABILITIES },
        )
        server.registerTool('read', {}, () => ({ content: [] }))
        return server
      },
      engine,
      options,
    )
    const handler = wrapMcpHandler(sdk.server.createMcpHandler(factory), engine, options)
    const headers = {
      tracestate: 'vendor=told-nobody',
      ...(header === undefined ? {} : { traceparent: header }),
    }
    const client = await connectTo(sdk, era, handler.fetch, { headers })
    const _meta = {
      ...(era === 'modern' ? ENVELOPE : {}),
      ...(meta === undefined ? {} : { traceparent: meta }),
    }
    await client.callTool({ name: 'read', arguments: {}, _meta })
    const records = engine.records().filter(({ resource }) => resource === 'db.read')
    expect(records).toHaveLength(2)
    for (const { id, trace_id, traceparent } of records)
      expect([trace_id, traceparent]).toEqual([wanted?.split('-')[1] ?? id, wanted])
    expect(JSON.stringify(records)).not.toContain('told-nobody')
  })
})
