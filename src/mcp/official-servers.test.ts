import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type { Message, Params } from './host.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const preload = new URL('official-preload.fixture.ts', import.meta.url).href
const folder = mkdtempSync(join(tmpdir(), 'callgate-official-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
writeFileSync(join(folder, 'notes.txt'), 'first line\nsecond line\n')

type Step = readonly [method: string, params?: Params]

const tool = (name: string, args: Params = {}): Step => ['tools/call', { name, arguments: args }]
const LISTS: readonly Step[] = [
  ['tools/list'],
  ['prompts/list'],
  ['resources/list'],
  ['resources/templates/list'],
  ['ping'],
]

interface Official {
  readonly name: string
  readonly args: readonly string[]
  readonly env?: () => Record<string, string>
  readonly steps: readonly Step[]
  /** What the server says by itself, some time after it was greeted: waited for at the end. */
  readonly last?: string
}

// What depends on the time, or on the process, is left out, and so are requests that are no requests:
// they are answered before the server sees them.
const OFFICIAL: readonly Official[] = [
  {
    name: 'everything',
    args: ['stdio'],
    last: 'Roots updated',
    steps: [
      ...LISTS,
      tool('echo', { message: 'grüße 🙂' }),
      tool('echo', {}),
      tool('echo', { message: 5 }),
      tool('get-sum', { a: 2, b: 3 }),
      tool('get-structured-content', { location: 'New York' }),
      tool('get-annotated-message', { messageType: 'error', includeImage: true }),
      tool('get-tiny-image'),
      tool('get-resource-links', { count: 3 }),
      tool('no-such-tool', { message: 'x' }),
      ['tools/call', { name: 'echo', arguments: { message: 'x' }, _meta: { progressToken: 7 } }],
      tool('trigger-long-running-operation', { duration: 0.1, steps: 2 }),
      ['prompts/get', { name: 'simple-prompt' }],
      ['prompts/get', { name: 'args-prompt', arguments: { city: 'Riga' } }],
      ['prompts/get', { name: 'no-such-prompt' }],
      ['resources/read', { uri: 'demo://resource/static/document/features.md' }],
      ['resources/read', { uri: 'demo://no/such/resource' }],
      ['resources/subscribe', { uri: 'demo://resource/static/document/features.md' }],
      ['resources/unsubscribe', { uri: 'demo://resource/static/document/features.md' }],
      [
        'completion/complete',
        {
          ref: { type: 'ref/prompt', name: 'completable-prompt' },
          argument: { name: 'department', value: '' },
        },
      ],
      ['logging/setLevel', { level: 'debug' }],
      ['no/such/method', { x: 1 }],
    ],
  },
  {
    name: 'filesystem',
    args: [folder],
    steps: [
      ...LISTS,
      tool('list_allowed_directories'),
      tool('read_text_file', { path: join(folder, 'notes.txt') }),
      tool('read_text_file', { path: join(folder, 'notes.txt'), head: 1 }),
      tool('list_directory', { path: folder }),
      tool('search_files', { path: folder, pattern: '*.txt' }),
      tool('read_text_file', { path: '/no/such/file' }),
      tool('read_multiple_files', { paths: [join(folder, 'notes.txt')] }),
    ],
  },
  {
    name: 'memory',
    args: [],
    env: () => ({ MEMORY_FILE_PATH: join(mkdtempSync(join(folder, 'memory-')), 'graph.jsonl') }),
    steps: [
      ...LISTS,
      tool('create_entities', {
        entities: [
          { name: 'Ana', entityType: 'person', observations: ['likes tea'] },
          { name: 'Riga', entityType: 'city', observations: [] },
        ],
      }),
      tool('create_relations', {
        relations: [{ from: 'Ana', to: 'Riga', relationType: 'lives in' }],
      }),
      tool('search_nodes', { query: 'tea' }),
      tool('read_graph'),
      tool('delete_entities', { entityNames: ['Riga'] }),
      tool('read_graph'),
    ],
  },
]

const HELLO: Step = [
  'initialize',
  {
    protocolVersion: '2025-06-18',
    capabilities: { roots: {} },
    clientInfo: { name: 'comparer', version: '1.0.0' },
  },
]

describe('official servers, wrapped under a policy that allows all', () => {
  it.each(OFFICIAL)('$name answers byte for byte as without the wrap', async (official) => {
    const [bare, wrapped] = await Promise.all([spoken(official, false), spoken(official, true)])
    expect(bare.length).toBeGreaterThan(official.steps.length)
    expect(wrapped).toEqual(bare)
  })
})

/** Every line that the server says, one request after the other. */
async function spoken(official: Official, isWrapped: boolean): Promise<readonly string[]> {
  const entry = join(
    root,
    `node_modules/@modelcontextprotocol/server-${official.name}/dist/index.js`,
  )
  const guard = isWrapped ? ['--import', 'tsx', '--import', preload] : []
  const child = spawn(process.execPath, [...guard, entry, ...official.args], {
    cwd: root,
    env: { ...process.env, ...official.env?.() },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  try {
    return await talk(child, official)
  } finally {
    child.kill()
  }
}

async function talk(child: ChildProcess, { steps, last }: Official): Promise<readonly string[]> {
  const { stdin, stdout } = child
  if (stdin === null || stdout === null) throw new Error('the server has no pipes')
  const said: string[] = []
  const waiting = new Map<unknown, () => void>()
  const say = (message: Message): unknown => stdin.write(`${JSON.stringify(message)}\n`)
  createInterface({ input: stdout }).on('line', (line) => {
    said.push(line)
    const message = JSON.parse(line) as Message
    if (message.method === undefined) waiting.get(message.id)?.()
    else if (message.id !== undefined)
      say({ jsonrpc: '2.0', id: message.id, result: { roots: [] } })
  })
  const ask = ([method, params]: Step, id: number): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.set(id, resolve)
      child.once('exit', () => reject(new Error(`the server ended at ${method}`)))
      say({ jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) })
    })
  child.setMaxListeners(100)
  await ask(HELLO, 1)
  say({ jsonrpc: '2.0', method: 'notifications/initialized' })
  let id = 1
  for (const step of steps) await ask(step, ++id)
  while (last !== undefined && !said.some((line) => line.includes(last))) await ask(['ping'], ++id)
  // What a server says by itself comes when it likes.
  const isAnswer = (line: string): boolean => {
    const message = JSON.parse(line) as Message
    return message.method === undefined && Number(message.id) <= steps.length + 1
  }
  const isSaid = (line: string): boolean => 'method' in JSON.parse(line)
  return [...said.filter(isAnswer), ...said.filter(isSaid).sort()]
}
