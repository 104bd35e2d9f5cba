/** Runs what documentation pages show, and writes down what really comes out. */
import { spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { main } from '../cli/main.ts'
import { formatProblem } from '../core/model/errors.ts'
import { checkPolicyText } from '../core/policy/parse.ts'
import { type Block, blocksOf, withBodies } from './doc-blocks.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The folder of one page, in which its files are written and its commands run. */
interface Desk {
  readonly folder: string
  exitCode: number
}

/**
 * The page with the outputs that its own commands have now. What steers it, on the line before a
 * block or alone:
 *
 *     file: NAME        the block is the content of that file
 *     from: PATH        the block shows a file of this repository
 *     replace: NAME: A => B      changes a file written before
 *
 * Blocks of `console` are run line by line; a block "yaml problem" is followed by what is wrong in it.
 */
export async function refreshPage(text: string): Promise<string> {
  const blocks = blocksOf(text)
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'callgate-docs-')))
  const desk: Desk = { folder, exitCode: 0 }
  const bodies = new Map<Block, string>()
  try {
    linkPackage(folder)
    for (const [index, block] of blocks.entries()) {
      const shown = steer(desk, block)
      if (shown !== undefined) bodies.set(block, shown)
      if (block.language === 'console') bodies.set(block, await runConsole(desk, block))
      const next = blocks[index + 1]
      if (block.words.includes('problem') && next?.language === 'text')
        bodies.set(next, problemsOf(block.body))
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return withBodies(text, bodies)
}

function steer({ folder }: Desk, block: Block): string | undefined {
  const { key, value = '' } = block.note ?? {}
  if (key === 'file') writeFile(folder, value, block.body)
  if (key === 'from') {
    const shown = readFileSync(join(root, value), 'utf8').trimEnd()
    writeFile(folder, basename(value), shown)
    return shown
  }
  if (key === 'replace') replaceIn(folder, value)
  return undefined
}

function writeFile(folder: string, name: string, body: string): void {
  mkdirSync(join(folder, name, '..'), { recursive: true })
  writeFileSync(join(folder, name), `${body}\n`)
}

function replaceIn(folder: string, value: string): void {
  const [, name = '', before = '', after = ''] = /^(\S+): (.+) => (.+)$/.exec(value) ?? []
  const path = join(folder, name)
  const text = readFileSync(path, 'utf8')
  if (!text.includes(before)) throw new Error(`${name} has no \`${before}\``)
  writeFileSync(path, text.replace(before, after))
}

/** `callgate` and its entries for programs of the page: the sources, so that no build is needed. */
function linkPackage(folder: string): void {
  const place = join(folder, 'node_modules', 'callgate')
  mkdirSync(place, { recursive: true })
  const entries = {
    '.': 'index.ts',
    './adapters': 'adapters/index.ts',
    './audit': 'audit/index.ts',
    './gateway': 'gateway/index.ts',
    './identity': 'identity/index.ts',
    './mcp': 'mcp/index.ts',
    './openai': 'openai/index.ts',
    './router': 'router/index.ts',
    './stores': 'stores/index.ts',
    './testing': 'testing/index.ts',
  }
  const exports: Record<string, string> = {}
  for (const [entry, source] of Object.entries(entries)) {
    const file = `${source.replaceAll('/', '-')}.mjs`
    const target = pathToFileURL(join(root, 'src', source)).href
    writeFileSync(join(place, file), `export * from ${JSON.stringify(target)}\n`)
    exports[entry] = `./${file}`
  }
  writeFileSync(
    join(place, 'package.json'),
    JSON.stringify({ name: 'callgate', type: 'module', exports }),
  )
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  // The SDKs of those who wrap something, what they take schemas of, and that of tracing.
  for (const name of ['@modelcontextprotocol', '@opentelemetry', 'openai', 'zod']) {
    const installed = join('node_modules', name)
    symlinkSync(join(root, installed), join(folder, installed), 'junction')
  }
}

/** Every line that begins with `$ `, followed by what it prints. */
async function runConsole(desk: Desk, block: Block): Promise<string> {
  const shown: string[] = []
  const commands = block.body.split('\n').filter((line) => line.startsWith('$ '))
  if (commands.length === 0) throw new Error(`line ${block.line}: the block has no command`)
  for (const line of commands) {
    const printed = (await runCommand(desk, line.slice(2)))
      .replaceAll(`${desk.folder}/`, '')
      .trimEnd()
    shown.push(line)
    if (printed !== '') shown.push(printed)
  }
  return shown.join('\n')
}

async function runCommand(desk: Desk, line: string): Promise<string> {
  if (line === 'echo $?') return `${desk.exitCode}`
  const [program, ...words] = wordsOf(line)
  if (program === 'callgate') return runCallgate(desk, words)
  if (program === 'npx' && words[0] === 'tsx') return runProgram(desk, words.slice(1))
  throw new Error(`\`${line}\` is no command that pages may run`)
}

async function runCallgate(desk: Desk, words: readonly string[]): Promise<string> {
  let printed = ''
  const output = {
    write(text: string) {
      printed += text
    },
  }
  const io = { stdout: output, stderr: output, env: {}, cwd: desk.folder }
  desk.exitCode = await main(words, io)
  return printed
}

function runProgram(desk: Desk, words: readonly string[]): string {
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs')
  const done = spawnSync(process.execPath, [tsx, ...words], {
    cwd: desk.folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
    timeout: 60_000,
  })
  desk.exitCode = done.status ?? 1
  return done.stdout + done.stderr
}

const WORD = /'([^']*)'|"([^"]*)"|(\S+)/g

/** Words of a command line; quotes of both kinds keep theirs together. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(WORD)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  )
}

function problemsOf(text: string): string {
  const { problems } = checkPolicyText(text, { filename: 'policy.yaml' })
  return problems.length === 0 ? '(no problem)' : problems.map(formatProblem).join('\n')
}
