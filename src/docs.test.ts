import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from './cli/commands/index.ts'
import { CONSTRAINT_KINDS } from './core/constraints/index.ts'
import { REASONS } from './core/model/decision.ts'
import { ERROR_CODES, PROBLEM_KINDS } from './core/model/errors.ts'
import { POLICY_LIMITS } from './core/policy/limits.ts'
import { parsePolicy } from './core/policy/parse.ts'
import { DEFAULT_LIMITS } from './engine/options.ts'
import { eventRecord } from './engine/record.ts'
import { blocksOf } from './scripts/doc-blocks.ts'
import {
  currentPage,
  deadLinks,
  isWritten,
  pagePaths,
  ROOT,
  readPage,
} from './scripts/doc-pages.ts'

const pages = new Map(pagePaths().map((path) => [path, readPage(path)]))
const page = (name: string): string => pages.get(`docs/${name}.md`) ?? ''
const lacking = (text: string, words: readonly string[]): readonly string[] =>
  words.filter((word) => !text.includes(word))

/** Names that a source file exports, types too. */
function exportsOf(file: string): readonly string[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const lists = [...text.matchAll(/export (?:type )?\{([^}]*)\}/g)].map((match) => match[1] ?? '')
  return lists.flatMap((list) => list.match(/\w+/g) ?? []).filter((name) => name !== 'type')
}

describe('reference pages', () => {
  it('have an entry for every reason, and none for another', () => {
    const text = page('reference/reason-codes')
    const entries = [...text.matchAll(/^(?:### |\| )`(\w+)`/gm)].map((match) => match[1])
    const gates = ['identity', 'session', 'rbac', 'audit']
    expect(entries.filter((entry) => !gates.includes(entry ?? '')).sort()).toEqual(
      [...REASONS].sort(),
    )
  })

  it.each<[string, string, readonly string[]]>([
    ['error code', 'reference/errors', Object.keys(ERROR_CODES).map((code) => `| \`${code}\``)],
    [
      'kind of problem',
      'reference/policy-problems',
      PROBLEM_KINDS.map((kind) => `### \`${kind}\`\n`),
    ],
    [
      'constraint',
      'reference/constraints',
      CONSTRAINT_KINDS.map(({ kind }) => `### \`${kind}\`\n`),
    ],
    ['command', 'reference/command-line', COMMANDS.map(({ name }) => `## \`callgate ${name}\``)],
    [
      'name that the root exports',
      'reference/api',
      exportsOf('src/index.ts').map((name) => `\`${name}`),
    ],
    [
      'name that callgate/testing exports',
      'reference/testing',
      exportsOf('src/testing/index.ts').map((name) => `\`${name}`),
    ],
    ...['mcp', 'openai', 'router', 'gateway', 'adapters', 'identity', 'stores', 'audit'].map(
      (entry): [string, string, readonly string[]] => [
        `name that callgate/${entry} exports`,
        'reference/api',
        exportsOf(`src/${entry}/index.ts`).map((name) => `\`${name}`),
      ],
    ),
    [
      'field of a record',
      'reference/audit-record',
      Object.keys(eventRecord({ id: '', kind: 'policy', status: 'success' }, 0)).map(
        (field) => `\`${field}\``,
      ),
    ],
  ])('have an entry for every %s', (_what, name, entries) => {
    expect(lacking(page(name), entries)).toEqual([])
  })

  it('give every limit with its default', () => {
    const limits = Object.entries({ ...POLICY_LIMITS, ...DEFAULT_LIMITS })
    const rows = page('reference/limits').split('\n')
    const wrong = limits.filter(([name, value]) => {
      const row = rows.find((line) => line.startsWith(`| \`${name}\``)) ?? ''
      return !row.includes(value.toLocaleString('en-US'))
    })
    expect(wrong).toEqual([])
  })
})

describe('every page', () => {
  it.each([...pages.keys()])(
    '%s is what the code and its own commands make of it',
    async (path) => {
      expect(pages.get(path)).toBe(await currentPage(path))
    },
    60_000,
  )

  it.each([...pages.keys()])('%s has no dead link', (path) => {
    expect(deadLinks(path, pages)).toEqual([])
  })

  it('shows policies that load, without a warning', () => {
    const shown = [...pages].flatMap(([path, text]) =>
      blocksOf(text)
        .filter((block) => block.language === 'yaml' && block.words.includes('policy'))
        .map((block) => ({ place: `${path}:${block.line}`, body: block.body })),
    )
    const warned = shown.filter(
      ({ place, body }) => parsePolicy(body, { filename: place }).warnings.length > 0,
    )
    expect([shown.length > 5, warned]).toEqual([true, []])
  })

  it('shows programs whose types hold', () => {
    expect(typeFaults(programs())).toEqual([])
  }, 120_000)

  it('names no folder of a machine and no registry', () => {
    const found = [...pages].filter(
      ([path, text]) =>
        !isWritten(path) && /\/(?:home|root|work|Users)\/|registry\.|\/tmp\/callgate/.test(text),
    )
    expect(found.map(([path]) => path)).toEqual([])
  })
})

/** Every TypeScript block that is a whole program, as a file beside its page. */
function programs(): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const [path, text] of pages)
    for (const block of blocksOf(text))
      if (block.language === 'ts' && !block.words.includes('signature'))
        files.set(join(ROOT, `${path}.${block.line}.ts`), `${block.body}\nexport {}\n`)
  return files
}

function typeFaults(files: ReadonlyMap<string, string>): readonly string[] {
  const config = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT)
  const settings: ts.CompilerOptions = {
    ...options,
    incremental: false,
    paths: {
      callgate: [join(ROOT, 'src/index.ts')],
      'callgate/*': [join(ROOT, 'src/*/index.ts')],
    },
  }
  const host = ts.createCompilerHost(settings)
  const { readFile, fileExists } = host
  host.readFile = (name) => files.get(name) ?? readFile(name)
  host.fileExists = (name) => files.has(name) || fileExists(name)
  const program = ts.createProgram([...files.keys()], settings, host)
  const faults = [...files.keys()].flatMap((name) => {
    const source = program.getSourceFile(name)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
  })
  return faults.map(({ file, start, messageText }) => {
    const place = file?.getLineAndCharacterOfPosition(start ?? 0)
    const text = ts.flattenDiagnosticMessageText(messageText, '\n')
    return `${file?.fileName}:${(place?.line ?? 0) + 1}: ${text}`
  })
}

describe('requirements', () => {
  const rows = [
    ...page('reference/requirements').matchAll(/^\| (\d+) \| (.*) \| (.*) \| (.*) \|$/gm),
  ]

  it('has rows 1 to 168, each once', () => {
    expect(rows.map(([, number]) => Number(number))).toEqual(
      Array.from({ length: 168 }, (_, index) => index + 1),
    )
  })

  it('counts the rows that are done', () => {
    const done = rows.filter(([, , , , shown]) => shown?.startsWith('`')).length
    expect(page('reference/requirements')).toContain(`\n${done} of 168 rows are done.\n`)
  })

  it.each(rows.map(([, number, , where = '', shown = '']) => [number, where, shown] as const))(
    'row %s says where it works and what shows it, or not yet',
    (_number, where, shown) => {
      const isOpen = /^not yet \((?:issue [2-7]|no issue yet)\)|^not meant: /.test(where)
      expect(isOpen ? 'open' : faultsOfEvidence(where, shown)).toEqual(isOpen ? 'open' : [])
    },
  )
})

/** A row that is done names a file that is there, and a test that is in it by that name. */
function faultsOfEvidence(where: string, shown: string): readonly string[] {
  const [, file = '', title = ''] = /^`(src\/\S+?\.ts|fixtures\/\S+)`: (.+)$/.exec(shown) ?? []
  const faults = where === '' ? ['says not where it works'] : []
  try {
    const text = readFileSync(join(ROOT, file), 'utf8')
    return text.includes(title.trim()) ? faults : [...faults, `${file} has no "${title}"`]
  } catch {
    return [...faults, `there is no \`${file}\``]
  }
}
