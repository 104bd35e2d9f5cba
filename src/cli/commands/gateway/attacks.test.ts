import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { folderWith, run } from '../../run-main.fixture.ts'
import { readConfig } from './config.ts'
import { expandEnv } from './expand-env.ts'
import { connectHttp, policyFor, runGateway } from './gateway.fixture.ts'
import { parseUpstream } from './upstream-option.ts'

/** What a configuration, a command line or the end of a process can do to a gateway. */

const faultOf = (act: () => unknown): string => {
  try {
    act()
    return 'no fault'
  } catch (error) {
    const { message, hint } = error as { message: string; hint?: string }
    return `${message}\n${hint ?? ''}`
  }
}

const configFault = (text: string, env: Record<string, string> = {}): string => {
  const path = join(folderWith({ 'c.yaml': text }), 'c.yaml')
  return faultOf(() => readConfig({ path, env }))
}

describe('a variable of the environment', () => {
  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'is none where it is only what every object has: %s',
    (name) => {
      for (const env of [{}, process.env])
        expect(expandEnv(`\${${name}}`, env)).toMatchObject({ ok: false })
      expect(expandEnv(`\${${name}:-x}`, {})).toEqual({ ok: true, text: 'x' })
    },
  )

  it('is text: what is in it is neither looked at again nor split', () => {
    const env = { A: `\${B} $& 'x y'; rm`, B: 'secret' }
    expect(expandEnv(`--key=\${A}`, env)).toEqual({ ok: true, text: `--key=${env.A}` })
  })
})

describe('a fault', () => {
  const SECRET = 'sk-live-4f9aB2c7D8'
  it.each([
    ['a name that is none', `my_db=npx server --token ${SECRET}`],
    ['no name', `https://user:${SECRET}@crm.example/mcp`],
    ['a URL that is none', `db=https://[${SECRET}/mcp`],
    ['a quote that is open', `db=npx 'server --token ${SECRET}`],
    ['no command', `db= `],
  ])('of --upstream with %s names what is wrong, and no more of it', (_, text) => {
    const said = faultOf(() => parseUpstream(text))
    expect(said).toContain('--upstream')
    expect(said).not.toContain(SECRET)
  })

  it.each([
    ['url', `upstreams: { db: { url: "\${KEY}" } }`],
    ['credentials', `upstreams: { db: { url: "ftp://a:\${KEY}@b" } }`],
    ['headers', `upstreams: { db: { url: "http://a", headers: { "a b": "\${KEY}" , c: 1 } } }`],
    ['args', `upstreams: { db: { command: x, args: ["\${KEY}", "\${NONE}"] } }`],
    ['env', `upstreams: { db: { command: x, env: { A: "\${KEY}", B: 5 } } }`],
  ])('of %s in a configuration shows no value of the environment', (_, text) => {
    const said = configFault(text, { KEY: SECRET })
    expect(said).toContain('c.yaml:1:')
    expect(said).not.toContain(SECRET)
  })
})

describe('a configuration', () => {
  it('with one server under two names says so', () => {
    expect(
      configFault('mcpServers: { my_db: { command: x } }\nupstreams: { my-db: { command: y } }\n'),
    ).toContain('`my-db` is named twice')
  })

  it('with one key twice says so', () => {
    expect(configFault('upstreams: { db: { command: x }, db: { command: y } }\n')).toContain(
      'c.yaml:',
    )
  })

  it('that unfolds to more than it is, is not unfolded', () => {
    const levels = Array.from({ length: 30 }, (_, at) =>
      at === 0 ? 'a0: &a0 [x, x]' : `a${at}: &a${at} [*a${at - 1}, *a${at - 1}]`,
    )
    expect(configFault(`${levels.join('\n')}\nupstreams: {}\n`)).toContain('c.yaml:')
  })

  // Windows has no such file.
  it.skipIf(process.platform === 'win32')('is read no further than it may be long', () => {
    expect(faultOf(() => readConfig({ path: '/dev/zero', env: {} }))).toContain('/dev/zero')
  })
})

/** A server that ends when its stdin does, and says so in a file. */
const CHILD = `
const { writeFileSync } = require('node:fs')
const said = process.argv[1]
writeFileSync(said, String(process.pid))
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n')
let rest = ''
process.stdin.setEncoding('utf8').on('data', (chunk) => {
  const lines = (rest + chunk).split('\\n')
  rest = lines.pop()
  for (const line of lines) {
    const { id, method, params } = JSON.parse(line)
    if (method === 'initialize')
      send({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'own', version: '1' } } })
    else if (method === 'tools/list') send({ id, result: { tools: [{ name: 'read', inputSchema: { type: 'object' } }] } })
    else if (method === 'tools/call') {
      process.stderr.write('a line\\n'.repeat(200))
      send({ id, result: { content: [{ type: 'text', text: 'was read' }] } })
    }
  }
})
`

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function withChild(...options: readonly string[]) {
  const cwd = folderWith({ 'policy.yaml': policyFor(['own.read']), 'child.cjs': CHILD })
  const file = join(cwd, 'pid')
  writeFileSync(file, '')
  const program = runGateway(
    cwd,
    ...['--policy', 'policy.yaml', '--agent', 'support-bot', ...options],
    '--upstream',
    `own='${process.execPath}' -e '${CHILD.replaceAll("'", '"')}' '${file}'`,
  )
  return { program, cwd, file }
}

describe('the end of a process', { timeout: 60_000 }, () => {
  it('that is killed ends its children, whose stdin it was', async () => {
    const { program, file } = await withChild('--http', '0')
    const client = await connectHttp(await program.said(/listening on (\S+)/))
    await client.callTool({ name: 'own__read' })
    const pid = Number(readFileSync(file, 'utf8'))
    expect(isAlive(pid)).toBe(true)
    program.child.kill('SIGKILL')
    await program.ended
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 10_000)
  })

  it('that reads stderr changes nothing for the agent', async () => {
    const { program } = await withChild('--http', '0')
    const url = await program.said(/listening on (\S+)/)
    program.child.stderr?.destroy()
    const client = await connectHttp(url)
    for (let n = 0; n < 5; n++)
      expect(await client.callTool({ name: 'own__read', arguments: { n } })).toMatchObject({
        content: [{ text: 'was read' }],
      })
    program.child.kill('SIGTERM')
    expect((await program.ended).code).toBe(0)
  })

  it('that is the agent ends the gateway, also where it does not read any more', async () => {
    const { program, file } = await withChild()
    const { stdin, stdout } = program.child
    const params = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'x', version: '1' },
    }
    stdin?.on('error', () => undefined)
    for (const message of [
      { id: 1, method: 'initialize', params },
      { id: 2, method: 'tools/call', params: { name: 'own__read' } },
    ])
      stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
    await program.said(/servers/)
    await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toMatch(/\d/), 20_000)
    const pid = Number(readFileSync(file, 'utf8'))
    stdout?.destroy()
    for (let id = 3; id < 50; id++)
      stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', id, method: 'ping' })}\n`)
    const { code } = await program.ended
    expect(code).toBe(0)
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 10_000)
  })
})

describe('a newcomer', { timeout: 60_000 }, () => {
  it('is told that a command is not there, and that an agent is shown nothing', async () => {
    const cwd = folderWith({ 'policy.yaml': policyFor(['own.read']) })
    const program = runGateway(
      cwd,
      ...['--policy', 'policy.yaml', '--agent', 'nobody-of-the-policy', '--http', '0'],
      ...['--upstream', 'gone=no-such-command', '--upstream'],
      `own='${process.execPath}' -e '${CHILD.replaceAll("'", '"')}' '${join(cwd, 'pid')}'`,
    )
    const client = await connectHttp(await program.said(/listening on (\S+)/))
    expect((await client.listTools()).tools).toEqual([])
    expect(await program.said(/server `gone` is down: .*/)).toContain('no such program')
    expect(await program.said(/.*\(nothing_shown\)/)).toContain('the policy permits')
  })

  it('is told of flags that are not there', async () => {
    const { exit, stderr } = await run(['gateway', '--upstreams', 'db=x'], { cwd: folderWith() })
    expect([exit, stderr]).toEqual([2, expect.stringContaining('did you mean `--upstream`?')])
  })
})
