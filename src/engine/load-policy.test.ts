import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, parse } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
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
    'mono/org/policy.yaml': role('org'),
    'mono/team/policy.yaml': `extends: [../org/policy.yaml]\n${role('team')}`,
    'mono/team/away.yaml': 'roles: []\nextends:\n  - ../../elsewhere.yaml\n  - ../../gone.yaml\n',
    'mono/team/linked.yaml': 'extends: [link.yaml]\n',
    'elsewhere.yaml': role('elsewhere'),
    'others/package.yaml':
      'extends: [package.json, list.json, words.yaml, broken.yaml, notes.txt]\n',
    'others/package.json': '{"name": "hunter2", "version": "hunter2", "extends": ["hunter2"]}',
    'others/list.json': '["hunter2"]',
    'others/words.yaml': 'hunter2\n',
    'others/broken.yaml': 'password: !hunter2 ["hunter2\n',
    'others/notes.txt': 'roles: []\n',
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

  it('takes layers below the folder of every path given', async () => {
    const { document } = await loadPolicy(at('mono/org'), at('mono/team/policy.yaml'))
    expect(document.roles?.map(({ name }) => name)).toEqual(['org', 'team'])
  })

  it('takes layers below the working folder, unless that is the whole file system', async () => {
    const cwd = vi.spyOn(process, 'cwd')
    const places = [at('mono'), parse(folder).root]
    const found: unknown[] = []
    for (const place of places) {
      cwd.mockReturnValue(place)
      found.push(await faults(at('mono/team/policy.yaml')))
    }
    cwd.mockRestore()
    expect(found).toEqual([[], [['bad_path', 'mono/team/policy.yaml', 1]]])
  })

  it('refuses layers from elsewhere and does not say whether they are there', async () => {
    symlinkSync(at('elsewhere.yaml'), at('mono/team/link.yaml'))
    const { problems } = await checkPolicyFiles(
      at('mono/team/away.yaml'),
      at('mono/team/linked.yaml'),
    )
    expect(problems.map(({ kind, line, message, hint }) => [kind, line, message, hint])).toEqual(
      [
        [3, '../../elsewhere.yaml'],
        [4, '../../gone.yaml'],
        [1, 'link.yaml'],
      ].map(([line, layer]) => [
        'bad_path',
        line,
        `\`${layer}\` lies outside of the policy’s folder and of the working folder`,
        'name that file, or its folder, beside this one where the policy is loaded',
      ]),
    )
  })

  it('quotes nothing of an extended file that is no policy', async () => {
    const { problems } = await checkPolicyFiles(at('others/package.yaml'))
    expect(JSON.stringify(problems)).not.toContain('hunter2')
    expect(
      problems.map(({ kind, file, message }) => [kind, file && basename(file), message]),
    ).toEqual([
      ['syntax', 'broken.yaml', 'this file cannot be read as a policy'],
      ['bad_path', 'package.yaml', '`package.json` cannot be read: it is no policy file'],
      ['bad_path', 'package.yaml', '`list.json` cannot be read: it is no policy file'],
      ['bad_path', 'package.yaml', '`words.yaml` cannot be read: it is no policy file'],
      [
        'bad_path',
        'package.yaml',
        '`notes.txt` is no policy file: those end with `.yaml`, `.yml` or `.json`',
      ],
    ])
  })

  it.skipIf(process.platform !== 'linux')('takes no part of a file for the whole', async () => {
    // Its size is said to be 0.
    const { problems } = await checkPolicyFiles('/proc/self/status')
    expect(problems.map(({ kind, message }) => [kind, message])).toEqual([
      ['bad_path', 'it grew while it was read'],
    ])
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
