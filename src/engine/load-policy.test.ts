import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PolicyError } from '../core/model/errors.ts'
import { checkPolicyFiles, loadPolicy } from './load-policy.ts'

let folder = ''
const at = (name: string) => join(folder, name)

function write(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(at(name)), { recursive: true })
    writeFileSync(at(name), text)
  }
}

const role = (name: string) => `roles: [{name: ${name}, rules: []}]\n`

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'load-policy-'))
  write({
    'roles.yaml': role('a'),
    'bindings.json': '{"bindings": [{"agent": "x", "roles": ["a"]}]}',
    'all/10-roles.yml': role('a'),
    'all/20-bindings.json': '{"bindings": [{"agent": "x", "roles": ["a"]}]}',
    'all/readme.md': 'not a policy',
    'all/.hidden.yaml': 'not: a policy',
    'all/x.policytest.yaml': 'not: a policy',
    'all/deeper/other.yaml': 'not: a policy',
    'none/readme.md': '',
    'layers/user.yaml': `extends: [./team.yaml, ../layers/organisation.yaml, 'pack:readonly']\n${role('user')}`,
    'layers/team.yaml': `extends: [organisation.yaml]\n${role('team')}`,
    'layers/organisation.yaml': role('organisation'),
    'loop/a.yaml': 'extends: [b.yaml]\n',
    'loop/b.yaml': 'roles: []\nextends:\n  - a.yaml\n',
    'lost.yaml': 'roles: []\nextends: [gone.yaml]\n',
    'remote.yaml': 'extends: ["https://example.com/p.yaml"]\n',
    'large.yaml': '# x\n'.repeat(400_000),
    'latin1.yaml': Buffer.from('# caf\u00e9\nroles: []\n', 'latin1'),
    'utf16.yaml': Buffer.from('\ufeffroles: []\n', 'utf16le'),
  })
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

async function faults(...paths: readonly (string | URL)[]): Promise<unknown[]> {
  const { problems } = await checkPolicyFiles(...paths)
  return problems.map(({ kind, file, line }) => [
    kind,
    file?.slice(folder.length + 1) ?? null,
    line,
  ])
}

describe('loadPolicy', () => {
  it('merges files, by path or URL', async () => {
    const { document } = await loadPolicy(at('roles.yaml'), pathToFileURL(at('bindings.json')))
    expect(document).toEqual({
      bindings: [{ agent: 'x', roles: ['a'] }],
      roles: [{ name: 'a', rules: [] }],
    })
  })

  it('takes the policy files of a folder, and no others', async () => {
    const [whole, parts] = await Promise.all([
      loadPolicy(at('all')),
      loadPolicy(at('roles.yaml'), at('bindings.json')),
    ])
    expect(whole.digest).toBe(parts.digest)
  })

  it('loads layers below a file, each once', async () => {
    const { document } = await loadPolicy(at('layers/user.yaml'))
    expect(document.roles?.map(({ name }) => name)).toEqual([
      'readonly',
      'organisation',
      'team',
      'user',
    ])
  })

  it('throws `PolicyError`', async () => {
    await expect(loadPolicy(at('gone.yaml'))).rejects.toBeInstanceOf(PolicyError)
  })

  it.each([
    ['a file that is not there', 'gone.yaml', [['bad_path', 'gone.yaml', null]]],
    ['a folder without policies', 'none', [['empty', 'none', null]]],
    ['a layer that is not there', 'lost.yaml', [['unknown_ref', 'lost.yaml', 2]]],
    ['a layer from elsewhere', 'remote.yaml', [['bad_path', 'remote.yaml', 1]]],
    ['layers that extend each other', 'loop/a.yaml', [['cycle', 'loop/b.yaml', 3]]],
    ['a file that is too large', 'large.yaml', [['too_large', 'large.yaml', null]]],
    ['a file that is not UTF-8', 'latin1.yaml', [['encoding', 'latin1.yaml', 1]]],
    ['a file in UTF-16', 'utf16.yaml', [['encoding', 'utf16.yaml', 1]]],
  ])('refuses %s', async (_name, file, expected) => {
    expect(await faults(at(file))).toEqual(expected)
  })

  it('refuses to be called without a file, and with a URL of the network', async () => {
    const [none, url] = await Promise.all([
      checkPolicyFiles(),
      checkPolicyFiles(new URL('https://example.com/p.yaml')),
    ])
    expect([...none.problems, ...url.problems].map(({ kind }) => kind)).toEqual([
      'bad_path',
      'bad_path',
    ])
  })

  it.skipIf(process.platform === 'win32')(
    'never waits for a pipe and never reads a device',
    async () => {
      execFileSync('mkfifo', [at('pipe.yaml')])
      symlinkSync('/dev/zero', at('zero.yaml'))
      expect(await faults(at('pipe.yaml'), at('zero.yaml'))).toEqual([
        ['bad_path', 'pipe.yaml', null],
        ['bad_path', 'zero.yaml', null],
      ])
    },
  )
})
