import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Diagnostic } from '../engine/options.ts'
import { createTestEngine } from '../testing/create-test-engine.ts'
import { createGateway, type Gateway } from './create-gateway.ts'
import { policyFor } from './gateway.fixture.ts'
import type { GatewayOptions } from './options.ts'
import { child, linesOf, type StdioAgent, serve, stdioAgent } from './stdio.fixture.ts'

const open: Gateway[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((gateway) => gateway.close()))
})

function gatewayOf(options: Partial<GatewayOptions> = {}) {
  const diagnostics: Diagnostic[] = []
  const gateway = createGateway({
    engine: createTestEngine({ policy: policyFor('kid.*') }),
    subject: { agent: 'bot' },
    upstreams: { kid: child() },
    onDiagnostic: (one) => diagnostics.push(one),
    ...options,
    limits: { restartMinMs: 1, restartMaxMs: 20, ...options.limits },
  })
  open.push(gateway)
  return { gateway, diagnostics }
}

const said = async ({ client }: StdioAgent, name: string): Promise<string> => {
  const { content } = await client.callTool({ name: `kid__${name}` })
  return (content as { text: string }[])[0]?.text ?? ''
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('servers of the protocol, as child processes', () => {
  const server = (name: string) =>
    fileURLToPath(
      new URL(
        `../../node_modules/@modelcontextprotocol/server-${name}/dist/index.js`,
        import.meta.url,
      ),
    )
  const folder = fileURLToPath(new URL('../../fixtures', import.meta.url))
  let gateway: Gateway
  let agent: StdioAgent
  const engine = createTestEngine({
    policy: policyFor(
      'all.*',
      'fs.list_directory',
      'fs.directory_tree',
      'prompt:all/*',
      'resource:all/*',
    ),
  })
  beforeAll(async () => {
    gateway = createGateway({
      engine,
      subject: { agent: 'bot' },
      upstreams: {
        all: {
          command: process.execPath,
          args: [server('everything'), 'stdio'],
          env: { GIVEN: 'yes' },
        },
        fs: { command: process.execPath, args: [server('filesystem'), folder] },
      },
      onDiagnostic: () => undefined,
    })
    agent = await stdioAgent(gateway, { sampling: {} })
  }, 30_000)
  afterAll(() => gateway.close())

  it('show what the policy allows of them', async () => {
    const { tools } = await agent.client.listTools()
    const names = tools.map(({ name }) => name)
    expect(names).toContain('all__echo')
    expect(names.filter((name) => name.startsWith('fs__'))).toEqual([
      'fs__list_directory',
      'fs__directory_tree',
    ])
    expect(gateway.health()).toMatchObject({ all: { state: 'up' }, fs: { state: 'up', tools: 2 } })
    const { prompts } = await agent.client.listPrompts()
    expect(prompts.length).toBeGreaterThan(0)
    expect(prompts.every(({ name }) => name.startsWith('all__'))).toBe(true)
  }, 30_000)

  it('are called, with checked results', async () => {
    expect(
      await agent.client.callTool({ name: 'all__echo', arguments: { message: 'hi' } }),
    ).toEqual({
      content: [{ type: 'text', text: 'Echo: hi' }],
    })
    const listed = await agent.client.callTool({
      name: 'fs__list_directory',
      arguments: { path: folder },
    })
    expect(JSON.stringify(listed)).toContain('[DIR]')
    await expect(
      agent.client.callTool({ name: 'fs__read_text_file', arguments: { path: `${folder}/x` } }),
    ).rejects.toThrow('Tool fs__read_text_file not found')
  })

  it('give their resources by their own URIs', async () => {
    const { resources } = await agent.client.listResources()
    const [first] = resources
    const { contents } = await agent.client.readResource({ uri: first?.uri ?? '' })
    expect(contents[0]?.uri).toBe(first?.uri)
  })

  it('tell of progress', async () => {
    const heard: number[] = []
    await agent.client.callTool(
      { name: 'all__trigger-long-running-operation', arguments: { duration: 0.2, steps: 2 } },
      undefined,
      { onprogress: ({ progress }) => heard.push(progress) },
    )
    expect(heard).toEqual([1, 2])
  })

  it('have none of the secrets of the gateway in their environment', async () => {
    const { content } = await agent.client.callTool({ name: 'all__get-env' })
    const env = JSON.parse((content as { text: string }[])[0]?.text ?? '{}') as Record<
      string,
      string
    >
    expect(env['GIVEN']).toBe('yes')
    expect(
      Object.keys(env).filter((name) => !/^(GIVEN|HOME|LOGNAME|PATH|SHELL|TERM|USER)$/.test(name)),
    ).toEqual([])
  })
})

describe('a child process', () => {
  it('that floods without end is cut, and another one is started', async () => {
    const { gateway } = gatewayOf({ limits: { maxMessageBytes: 100_000 } })
    const agent = await stdioAgent(gateway)
    const first = await said(agent, 'pid')
    expect(await said(agent, 'flood')).toContain('was lost while it worked on this')
    await vi.waitFor(async () => expect(Number(await said(agent, 'pid'))).not.toBeNaN(), 5_000)
    expect(await said(agent, 'pid')).not.toBe(first)
    expect(gateway.health()['kid']).toMatchObject({ state: 'up' })
    await vi.waitFor(() => expect(isAlive(Number(first))).toBe(false), 10_000)
  }, 20_000)

  it('that sends a line larger than a message is cut, and its answer after it is not taken', async () => {
    const { gateway } = gatewayOf({ limits: { maxMessageBytes: 100_000 } })
    const agent = await stdioAgent(gateway)
    expect(await said(agent, 'endless')).toContain('was lost while it worked on this')
  })

  it('that dies is started again', async () => {
    const { gateway, diagnostics } = gatewayOf()
    const agent = await stdioAgent(gateway)
    const first = await said(agent, 'pid')
    expect(await said(agent, 'die')).toContain('was lost while it worked on this')
    await vi.waitFor(async () => expect(Number(await said(agent, 'pid'))).not.toBeNaN(), 5_000)
    expect(await said(agent, 'pid')).not.toBe(first)
    expect(gateway.health()['kid']).toMatchObject({ state: 'up', restarts: 1, lastError: 'closed' })
    expect(diagnostics.map(({ message }) => message)).toEqual([
      expect.stringContaining('server `kid` is down: closed: it has ended'),
    ])
  }, 10_000)

  it('that cannot be started is told of by a code, without its command line', async () => {
    const { gateway } = gatewayOf({ upstreams: { kid: { command: '/nowhere/secret-command' } } })
    const agent = await stdioAgent(gateway)
    const answer = await said(agent, 'pid')
    expect(answer).toBe('the server `kid` is down: try again later')
    expect(gateway.health()['kid']).toMatchObject({ state: 'down', lastError: 'ENOENT' })
  })

  it('that writes what is no message goes on', async () => {
    const agent = await stdioAgent(gatewayOf().gateway)
    expect(await said(agent, 'garbage')).toBe('still here')
  })

  it('is heard on stderr, under its name', async () => {
    const { gateway, diagnostics } = gatewayOf()
    await said(await stdioAgent(gateway), 'say')
    await vi.waitFor(() =>
      expect(diagnostics).toContainEqual({
        code: 'upstream_stderr',
        message: 'server `kid` says: a line of the child',
      }),
    )
  })

  it('is one for each session, and ends with it, whether it wants to or not', async () => {
    const { gateway } = gatewayOf()
    const agents = [await stdioAgent(gateway), await stdioAgent(gateway)]
    const pids = [
      Number(await said(agents[0] as StdioAgent, 'pid')),
      Number(await said(agents[1] as StdioAgent, 'stubborn')),
    ]
    expect(new Set(pids).size).toBe(2)
    agents[0]?.input.end()
    await agents[0]?.served
    expect([gateway.sessions(), isAlive(pids[0] ?? 0), isAlive(pids[1] ?? 0)]).toEqual([
      1,
      false,
      true,
    ])
    await gateway.close()
    await vi.waitFor(() => expect(isAlive(pids[1] ?? 0)).toBe(false), 5_000)
  }, 20_000)
})

describe('an agent that goes away', () => {
  it('is still answered what it has asked', async () => {
    const { gateway } = gatewayOf()
    const { input, output, served } = serve(gateway)
    const messages = [
      {
        id: 1,
        method: 'initialize',
        params: {
          protocolVersion: '2025-06-18',
          capabilities: {},
          clientInfo: { name: 'x', version: '1' },
        },
      },
      { method: 'notifications/initialized' },
      { id: 2, method: 'tools/call', params: { name: 'kid__say' } },
    ]
    input.end(
      messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join(''),
    )
    await served
    expect(
      linesOf(output).map(({ id, result }) => [id, (result as { content?: unknown }).content]),
    ).toEqual([
      [1, undefined],
      [2, [{ type: 'text', text: 'said' }]],
    ])
    expect(gateway.sessions()).toBe(0)
  })
})
