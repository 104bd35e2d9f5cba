/**
 * `callgate gateway` as a program before two MCP servers that know nothing of it: what an agent is shown,
 * what it may call, and what it is told of the rest. Exits non-zero where anything is not as it says.
 */
import { deepStrictEqual, match, rejects } from 'node:assert'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

const require = createRequire(import.meta.url)
const callgate = join(dirname(require.resolve('callgate/package.json')), 'dist', 'cli.js')
const serverOf = (name: string): string =>
  `'${process.execPath}' '${require.resolve(`@modelcontextprotocol/server-${name}/dist/index.js`)}'`

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'callgate-gateway-')))
writeFileSync(join(folder, 'notes.md'), 'Ana called.\n')
writeFileSync(join(folder, 'settings.toml'), 'limit = 3\n')

const options = [
  ...['--policy', join(import.meta.dirname, 'policy.yaml'), '--agent', 'support-bot'],
  ...['--upstream', `all=${serverOf('everything')}`],
  ...['--upstream', `files=${serverOf('filesystem')} '${folder}'`],
]
// An agent starts the gateway as it would start a server. This one is the client of the SDK.
const agent = new Client({ name: 'example', version: '1.0.0' })
const args = [callgate, 'gateway', ...options]
await agent.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }))

const call = async (name: string, given: Record<string, unknown>): Promise<string> => {
  const { content } = await agent.callTool({ name, arguments: given })
  return (content as { text: string }[]).map(({ text }) => text).join('\n')
}

try {
  // Of the two dozen tools of both servers, those are listed that the policy grants.
  const { tools } = await agent.listTools()
  deepStrictEqual(tools.map(({ name }) => name).sort(), [
    'all__echo',
    'files__list_directory',
    'files__read_text_file',
  ])

  deepStrictEqual(await call('all__echo', { message: 'hello' }), 'Echo: hello')
  deepStrictEqual(
    await call('files__read_text_file', { path: join(folder, 'notes.md') }),
    'Ana called.\n',
  )

  // Granted, but not with these arguments: the agent is told so, and the server never hears of it.
  const denied = await call('files__read_text_file', { path: join(folder, 'settings.toml') })
  match(denied, /constraint_violation/)

  // Not granted: like a tool that is not there.
  const write = { path: join(folder, 'new.md'), content: 'x' }
  await rejects(call('files__write_file', write), /files__write_file not found/)
  await rejects(call('files__no_such_tool', {}), /files__no_such_tool not found/)
} finally {
  await agent.close()
  rmSync(folder, { recursive: true })
}
console.log('three tools listed, two calls made, two refused')
