import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

// Who may import whom. A file may import its own folder and any folder of a row above; never
// downward, never sideways. External packages only where a folder or file is given them here.
const ROWS: readonly (readonly string[])[] = [
  ['core'],
  ['identity', 'stores', 'audit', 'http'],
  ['engine'],
  ['mcp', 'openai'],
  ['router', 'adapters'],
  ['gateway', 'control', 'testing'],
  ['cli', 'index.ts'],
  ['cli.ts'],
]

/** Packages by the files that may import them; the longest prefix of the path counts. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'core/': [],
  'identity/': [],
  'identity/jwt': ['jose', 'node:crypto'],
  'http/': ['node:http', 'node:net'],
  'audit/stream/hub.ts': ['node:crypto'],
  'audit/webhook/': ['node:crypto'],
  'core/hash.ts': ['node:crypto'],
  'core/require-later.ts': ['node:module'],
  // Types only, and one lazy import: nothing of these is loaded before it is needed.
  'core/policy/read/load-yaml.ts': ['yaml'],
  'core/constraints/support/linear-regex.ts': ['re2js'],
  'core/constraints/support/schema-validator.ts': ['ajv', 'ajv/dist/2020.js'],
  'core/constraints/support/schema-meter.ts': ['ajv'],
  'core/constraints/sql/parsers.ts': ['libpg-query'],
  'audit/jsonl/': ['node:crypto', 'node:fs', 'node:fs/promises', 'node:os', 'node:path'],
  'audit/ledger/': ['node:crypto', 'node:path'],
  'audit/trace/': ['node:crypto', 'node:fs/promises', 'node:path', 'node:timers/promises'],
  'audit/query/': [
    'node:crypto',
    'node:fs',
    'node:fs/promises',
    'node:path',
    'node:stream',
    'node:zlib',
  ],
  'engine/': [
    'node:async_hooks',
    'node:crypto',
    'node:fs',
    'node:fs/promises',
    'node:path',
    'node:url',
  ],
  'engine/inflate.ts': ['node:zlib'],
  'engine/hooks/run-process.ts': ['node:child_process', 'node:stream'],
  'engine/response-parts.ts': ['node:util'],
  'engine/replay/trace-text.ts': ['node:fs', 'node:fs/promises', 'node:path', 'node:readline'],
  'mcp/approvals/': ['node:crypto'],
  'mcp/definitions/file-pins.ts': ['node:fs'],
  'mcp/entry/entry-scope.ts': ['node:async_hooks'],
  'mcp/later-from-here.ts': ['node:async_hooks'],
  'gateway/': [
    'node:async_hooks',
    'node:stream',
    '@modelcontextprotocol/sdk/client/index.js',
    '@modelcontextprotocol/sdk/client/stdio.js',
    '@modelcontextprotocol/sdk/client/streamableHttp.js',
    '@modelcontextprotocol/sdk/inMemory.js',
    '@modelcontextprotocol/sdk/server/index.js',
    '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js',
    '@modelcontextprotocol/sdk/shared/stdio.js',
    '@modelcontextprotocol/sdk/shared/transport.js',
    '@modelcontextprotocol/sdk/types.js',
  ],
  'testing/': [],
  'testing/arbitra': ['fast-check'],
  'testing/openrouter/': ['node:http', 'node:net'],
  'cli/': ['node:fs', 'node:fs/promises', 'node:path', 'node:url', 'node:util'],
  'cli/commands/audit/open-postgres.ts': ['pg'],
}

const src = fileURLToPath(new URL('.', import.meta.url))
const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((item) => item.isFile() && /\.tsx?$/.test(item.name))
  .map((item) => relative(src, join(item.parentPath, item.name)).split(sep).join('/'))
  .filter(
    (file) =>
      !/\.(test|bench|d|reference|fixture)\.tsx?$/.test(file) && !file.startsWith('scripts/'),
  )

const rowOf = (file: string): number =>
  ROWS.findIndex((row) => row.includes(file.split('/')[0] ?? ''))

/** What is wrong with the imports of one file. */
function faultsOf(file: string, text: string): string[] {
  const faults: string[] = []
  for (const { fileName: name } of ts.preProcessFile(text).importedFiles) {
    if (!name.startsWith('.')) {
      const owner = Object.keys(PACKAGES)
        .filter((prefix) => file.startsWith(prefix))
        .sort((a, b) => b.length - a.length)[0]
      if (!(PACKAGES[owner ?? ''] ?? []).includes(name)) faults.push(`imports package ${name}`)
      continue
    }
    const target = join(file, '..', name).split(sep).join('/')
    const isOwn = target.split('/')[0] === file.split('/')[0] && file.includes('/')
    if (isOwn || target === 'version.ts') continue
    if (rowOf(target) < 0 || rowOf(target) >= rowOf(file)) faults.push(`imports ${target}`)
  }
  return faults
}

describe('layers', () => {
  it.each(files)('%s imports only what its layer may', (file) => {
    const known = rowOf(file) >= 0 || file === 'version.ts'
    expect({ known, faults: faultsOf(file, readFileSync(join(src, file), 'utf8')) }).toEqual({
      known: true,
      faults: [],
    })
  })

  it('refuses a planted upward, sideways and foreign import', () => {
    const text =
      "import '../engine/line.ts'\nimport { x } from '../audit/memory.ts'\nimport 'left-pad'"
    expect(faultsOf('identity/planted.ts', text)).toEqual([
      'imports engine/line.ts',
      'imports audit/memory.ts',
      'imports package left-pad',
    ])
  })
})
