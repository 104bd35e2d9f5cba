import { PassThrough } from 'node:stream'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import type { Gateway } from './create-gateway.ts'
import type { StdioUpstream } from './options.ts'

/** A server as a child process, which misbehaves when it is told to. Written without an SDK: nothing holds it back. */
export const CHILD = `
const tools = ['env', 'pid', 'die', 'flood', 'endless', 'garbage', 'say', 'stubborn', 'impostor', 'wait']
const write = (text) => process.stdout.write(text)
const send = (message) => write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n')
const text = (said) => ({ content: [{ type: 'text', text: String(said) }] })
let waiting
const acts = {
  env: () => text(JSON.stringify(process.env)),
  pid: () => text(process.pid),
  die: () => process.exit(3),
  flood: () => { setInterval(() => write('x'.repeat(65536)), 0) },
  endless: (id) => { for (let at = 0; at < 40; at++) write('x'.repeat(10000)); write('\\n'); return text('after') },
  garbage: () => { write('not json\\n{"jsonrpc":"2.0"}\\n[]\\n'); return text('still here') },
  say: () => { process.stderr.write('a line of the child\\n'); return text('said') },
  stubborn: () => { process.on('SIGTERM', () => {}); process.stdin.removeAllListeners('end'); setInterval(() => {}, 1000); return text(process.pid) },
  impostor: (id) => { send({ id, method: 'roots/list' }); send({ id, method: 'notifications/message', params: { level: 'info', data: 'x' } }); return text('the answer') },
  wait: (id) => { waiting = id },
}
const handle = ({ id, method, params }) => {
  if (method === 'initialize')
    send({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'child', version: '1' } } })
  else if (method === 'tools/list')
    send({ id, result: { tools: tools.map((name) => ({ name, inputSchema: { type: 'object' } })) } })
  else if (method === 'tools/call') {
    const result = acts[params.name](id)
    if (result !== undefined) send({ id, result })
  }
}
let rest = ''
process.stdin.setEncoding('utf8')
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\\n')
  rest = lines.pop()
  for (const line of lines) handle(JSON.parse(line))
})
`

export const child = (more: Partial<StdioUpstream> = {}): StdioUpstream => ({
  command: process.execPath,
  args: ['-e', CHILD],
  ...more,
})

export interface StdioAgent {
  readonly client: Client
  /** Settles when the gateway has ended. */
  readonly served: Promise<void>
  /** As an agent that goes away: its end of the gateway's stdin. */
  readonly input: PassThrough
  readonly output: PassThrough
}

/** A gateway by stdio, with streams in place of those of the process. */
export function serve(gateway: Gateway): Pick<StdioAgent, 'served' | 'input' | 'output'> {
  const [input, output] = [new PassThrough(), new PassThrough()]
  return { input, output, served: gateway.serveStdio({ input, output }) }
}

export async function stdioAgent(gateway: Gateway, capabilities = {}): Promise<StdioAgent> {
  const streams = serve(gateway)
  const client = new Client({ name: 'agent', version: '1' }, { capabilities })
  await client.connect(new StdioServerTransport(streams.output, streams.input))
  return { client, ...streams }
}

/** Messages that were written, one a line. */
export function linesOf(output: PassThrough): Record<string, unknown>[] {
  return String(output.read() ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}
