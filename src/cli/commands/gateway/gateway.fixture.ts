import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterEach } from 'vitest'

const require = createRequire(import.meta.url)
const CLI = fileURLToPath(new URL('../../../cli.ts', import.meta.url))
export const TSX = require.resolve('tsx/cli')
/** A real server with many tools. */
export const EVERYTHING = require.resolve('@modelcontextprotocol/server-everything/dist/index.js')
/** As `--upstream` takes it. */
export const EVERYTHING_OPTION = `all='${process.execPath}' '${EVERYTHING}'`

/** A program that serves one tool, described as its first argument says. */
export const OWN_SERVER = `
import { McpServer } from ${JSON.stringify(sdk('server/mcp.js'))}
import { StdioServerTransport } from ${JSON.stringify(sdk('server/stdio.js'))}
const server = new McpServer({ name: 'own', version: '1' })
server.registerTool('read', { description: process.argv[2] }, () => ({
  content: [{ type: 'text', text: 'was read' }],
}))
await server.connect(new StdioServerTransport())
`

function sdk(path: string): string {
  return import.meta.resolve(`@modelcontextprotocol/sdk/${path}`)
}

export const policyFor = (tools: readonly string[]): string => `
roles: [{ name: reader, rules: [{ resources: ${JSON.stringify(tools)}, verbs: [invoke] }] }]
bindings: [{ agent: support-bot, roles: [reader] }]
`

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

export interface Program {
  readonly child: ChildProcess
  /** Resolves with the first match in what was written to stderr. */
  said(pattern: RegExp): Promise<string>
  /** Exit code, and all that was written. */
  readonly ended: Promise<{
    readonly code: number | null
    readonly stdout: string
    readonly stderr: string
  }>
}

/** `callgate gateway` as a program of its own. */
export function runGateway(cwd: string, ...options: readonly string[]): Program {
  // Without a loader's process between: signals are for the program itself.
  const child = spawn(
    process.execPath,
    ['--import', require.resolve('tsx'), CLI, 'gateway', ...options],
    {
      cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  )
  ends.push(() => child.kill('SIGKILL'))
  const written = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      written[name] += text
      for (const listener of listeners) listener()
    })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve)).then(
    (code) => ({ code, ...written }),
  )
  return {
    child,
    ended,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(written.stderr)
          if (found !== null) resolve(found[1] ?? found[0])
        }
        listeners.add(look)
        look()
        void ended.then(({ code, stderr }) => reject(new Error(`ended with ${code}: ${stderr}`)))
      }),
  }
}

/** The real client of the SDK, over HTTP. */
export async function connectHttp(url: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  ends.push(() => client.close())
  await client.connect(new StreamableHTTPClientTransport(new URL(url)))
  return client
}

/** The real client of the SDK, which starts `callgate gateway` itself. */
export async function connectStdio(cwd: string, ...options: readonly string[]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  ends.push(() => client.close())
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ['--import', require.resolve('tsx'), CLI, 'gateway', ...options],
      cwd,
      stderr: 'ignore',
    }),
  )
  return client
}

export async function toolNames(client: Client): Promise<readonly string[]> {
  return (await client.listTools()).tools.map(({ name }) => name).sort()
}
