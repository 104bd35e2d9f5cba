/**
 * A server that one cannot change, behind the policy: the client that speaks to it is wrapped. The server
 * is `@modelcontextprotocol/server-filesystem`, a process of its own. Exits non-zero where anything is
 * not as it says.
 */
import { deepStrictEqual, match, rejects } from 'node:assert'
import { access, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { createPolicyEngine, loadPolicy, memorySink } from 'callgate'
import { wrapMcpClient } from 'callgate/mcp'

const folder = await realpath(await mkdtemp(join(tmpdir(), 'callgate-notes-')))
await writeFile(join(folder, 'monday.md'), 'Call Ana.')
await writeFile(join(folder, 'keys.txt'), 'not for notes')

const sink = memorySink()
const policy = await loadPolicy(`${import.meta.dirname}/policy.yaml`)
const engine = createPolicyEngine({ policy, audit: [sink] })

const client = new Client({ name: 'notes', version: '1.0.0' })
wrapMcpClient(client, engine, { server: 'files', subject: { agent: 'notes-bot' } })
const server = fileURLToPath(
  import.meta.resolve('@modelcontextprotocol/server-filesystem/dist/index.js'),
)
const args = [server, folder]
await client.connect(
  new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }),
)

/** What a model reads of a result. */
async function call(name: string, given: Record<string, unknown>): Promise<string> {
  const { content, isError } = await client.callTool({ name, arguments: given })
  const [block] = content as { text: string }[]
  return `${isError === true ? 'error: ' : ''}${block?.text}`
}

try {
  // The server has over a dozen tools. What may not be used is not shown.
  const { tools } = await client.listTools()
  deepStrictEqual(
    tools.map(({ name }) => name),
    ['read_text_file', 'write_file'],
  )

  // Allowed: it is sent, and the answer comes back.
  deepStrictEqual(await call('read_text_file', { path: join(folder, 'monday.md') }), 'Call Ana.')
  const path = join(folder, 'tuesday.md')
  await call('write_file', { path, content: 'Ana was out.' })
  deepStrictEqual(await readFile(path, 'utf8'), 'Ana was out.')

  // Denied: nothing is sent, and the model reads why.
  const script = join(folder, 'run.sh')
  const denied = await call('write_file', { path: script, content: 'echo hello' })
  match(denied, /^error: Denied by policy \(constraint_violation\): /)
  await rejects(access(script))
  const keys = await call('read_text_file', { path: join(folder, 'keys.txt') })
  match(keys, /^error: Denied by policy \(constraint_violation\): /)

  // Hidden: answered like what is not there.
  const move = { source: path, destination: join(folder, 'gone.md') }
  await rejects(client.callTool({ name: 'move_file', arguments: move }), /move_file not found/)
  await access(path)

  for (const { kind, resource, effect, reason, status } of sink.records())
    if (kind === 'decision') console.log(`${resource} ${effect} ${reason} (${status})`)
} finally {
  await client.close()
  await rm(folder, { recursive: true })
}
