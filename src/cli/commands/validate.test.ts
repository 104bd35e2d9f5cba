import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DEMO_POLICY_FILE, folderWith, run } from '../run-main.fixture.ts'

const BROKEN = `version: 1
roles:
  - name: reader
    rules:
      - resorces: [db.read]
        verbs: [invoke]
`

describe('validate', () => {
  it('says that a policy is valid, with its digest', async () => {
    const { exit, stdout } = await run(['validate', DEMO_POLICY_FILE])
    expect(exit).toBe(0)
    expect(stdout).toMatch(/^✓ .*demo\.yaml is valid {2}sha256:[0-9a-f]{64}\n$/)
  })

  it('shows each problem with its place, its line and a caret', async () => {
    const file = join(folderWith({ 'broken.yaml': BROKEN }), 'broken.yaml')
    const { exit, stdout } = await run(['validate', file])
    expect(exit).toBe(3)
    expect(stdout).toContain(`${file}:5:9: unknown_field: `)
    expect(stdout).toContain('did you mean `resources`?')
    expect(stdout).toContain('  5 |       - resorces: [db.read]\n    |         ^\n')
    expect(stdout).toMatch(/✗ \d problems?/)
  })

  it('gives the pinned JSON', async () => {
    const cwd = folderWith({ 'broken.yaml': BROKEN })
    const broken = JSON.parse(
      (await run(['validate', 'broken.yaml', '-f', 'json'], { cwd })).stdout,
    )
    expect(Object.keys(broken)).toEqual(['schema', 'ok', 'digest', 'problems', 'warnings'])
    expect(broken).toMatchObject({ schema: 1, ok: false, digest: null })
    expect(Object.keys(broken.problems[0]).sort()).toEqual(
      ['column', 'file', 'hint', 'kind', 'line', 'message', 'path'].sort(),
    )
    const valid = JSON.parse((await run(['validate', DEMO_POLICY_FILE, '-f', 'json'])).stdout)
    expect(valid).toMatchObject({ schema: 1, ok: true, problems: [], warnings: [] })
  })

  it.each([
    ['sarif', (text: string) => JSON.parse(text).runs[0].results[0].ruleId === 'unknown_field'],
    [
      'github',
      (text: string) => /^::error file=.*,line=5,col=9,title=callgate unknown_field::/.test(text),
    ],
    ['junit', (text: string) => text.includes('<failure type="unknown_field"')],
    ['tap', (text: string) => /^TAP version 14\n1\.\.\d\nnot ok 1 - /.test(text)],
    ['md', (text: string) => text.includes('| error | unknown\\_field |')],
  ])('writes %s', async (format, isRight) => {
    const cwd = folderWith({ 'broken.yaml': BROKEN })
    const { stdout } = await run(['validate', 'broken.yaml', '--format', format], { cwd })
    expect({ stdout, isRight: isRight(stdout) }).toMatchObject({ isRight: true })
  })

  it('checks `callgate.yaml` where no file is named', async () => {
    const cwd = folderWith({ 'callgate.yaml': BROKEN })
    expect((await run(['validate'], { cwd })).exit).toBe(3)
  })

  it('shows no control character of a file', async () => {
    const cwd = folderWith({ 'p.yaml': '"\\e[31mred": 1\nroles: "\u202e"\n' })
    const { stdout } = await run(['validate', 'p.yaml'], { cwd })
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
  })

  it('keeps the caret below its place on a very long line', async () => {
    const cwd = folderWith({ 'p.json': `{"version":1,${' '.repeat(5000)}"rolls":[]}` })
    const { stdout } = await run(['validate', 'p.json'], { cwd })
    const lines = stdout.split('\n')
    const caret = lines.find((line) => /^\s*\|\s*\^$/.test(line)) ?? ''
    const shown = lines.find((line) => line.includes('"rolls"')) ?? ''
    expect(shown.slice(caret.indexOf('^'), caret.indexOf('^') + 7)).toBe('"rolls"')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(240)
  })

  const folder = folderWith({
    'bytes.yaml': randomBytes(4096),
    'empty.yaml': '',
    'nothing.json': 'null',
    'deep.json': '['.repeat(100_000),
    'wide.yaml': `a: ${'x'.repeat(900_000)}`,
    'large.yaml': 'a'.repeat(3 << 20),
    'aliases.yaml': `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*a, *a]\n`).join('')}`,
    'nul.yaml': 'a\u0000b: 1',
  })
  mkdirSync(join(folder, 'empty'))
  mkdirSync(join(folder, 'folder.yaml'))
  it.each([
    'bytes.yaml',
    'empty.yaml',
    'nothing.json',
    'deep.json',
    'wide.yaml',
    'large.yaml',
    'aliases.yaml',
    'nul.yaml',
    'empty',
    'folder.yaml',
    'missing.yaml',
    '/dev/null',
  ])('refuses %s with exit code 3, in every format', async (name) => {
    const file = name.startsWith('/') ? name : join(folder, name)
    for (const format of ['text', 'json', 'sarif', 'github', 'junit', 'tap', 'md']) {
      const { exit, stdout } = await run(['validate', file, '--format', format])
      expect({ format, exit }).toEqual({ format, exit: 3 })
      if (format === 'json') expect(JSON.parse(stdout).problems.length).toBeGreaterThan(0)
    }
  })
})
