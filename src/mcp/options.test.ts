import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { describe, expect, it } from 'vitest'
import { createTestEngine } from '../testing/create-test-engine.ts'
import type { WrapMcpOptions } from './options.ts'
import { wrapMcpServer } from './wrap-mcp-server.ts'

const OK: WrapMcpOptions = { server: 'db' }

describe('options of a wrap', () => {
  it.each<[string, unknown, string]>([
    ['no server', {}, '`server` is the name'],
    ['a server with a dot', { server: 'a.b' }, '`server` is the name'],
    ['an unknown option', { ...OK, subjekt: { agent: 'a' } }, 'unknown option `subjekt`'],
    ['an unknown denial', { ...OK, denial: 'silent' }, '`denial` is'],
    ['a session that is a number', { ...OK, session: 5 }, '`session` is'],
    [
      'two that say who calls',
      { ...OK, subject: { agent: 'a' }, identity: () => ({ agent: 'b' }) },
      'both say who calls',
    ],
  ])('refuses %s', (_what, options, said) => {
    const wrap = (): unknown =>
      wrapMcpServer(
        new McpServer({ name: 's', version: '1' }),
        createTestEngine({ policy: '{}' }),
        options as WrapMcpOptions,
      )
    expect(wrap).toThrow(said)
    expect(wrap).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }))
  })

  it('takes no engine for one', () => {
    const server = new McpServer({ name: 's', version: '1' })
    expect(() => wrapMcpServer(server, {} as never, OK)).toThrow('createPolicyEngine')
  })
})
