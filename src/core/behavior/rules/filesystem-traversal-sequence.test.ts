import { describe, expect, it } from 'vitest'
import {
  actionsOf,
  argumentOf,
  findingsIn,
  findingsOver,
  type RequestParts,
  requestOf,
  type Step,
} from './event.fixture.ts'
import { filesystemTraversalSequence as rule } from './filesystem-traversal-sequence.ts'

const READ: RequestParts = { tool: 'fs.read_file', tags: ['filesystem', 'data_source'] }
const WRITE: RequestParts = { tool: 'fs.write_file', tags: ['filesystem', 'internal_write'] }
const actions = (parts: RequestParts): string[] =>
  findingsIn(rule, requestOf(parts)).map(({ action }) => action)
const reading = (path: string): string[] => actions({ ...READ, arguments: { path } })

describe('filesystem_traversal_sequence', () => {
  it.each([
    '.env',
    'app/.env.production',
    '/home/dev/.ssh/id_ed25519',
    '~/.aws/credentials',
    '~/.kube/config',
    '.docker/config.json',
    '/etc/shadow',
    '/proc/self/environ',
    '/proc/1/environ',
    'C:\\Windows\\System32\\config\\SAM',
    '/root/.netrc',
    'infra/terraform.tfstate',
    'certs/server.key',
    'file:///etc/passwd',
    '%2fetc%2fshadow',
    '/ETC/./shadow',
    '/opt/google/chrome/../../../home/u/.config/google-chrome/Default/Login Data',
    '/var/run/secrets/kubernetes.io/serviceaccount/token',
  ])('asks about %s', (path) => {
    expect(reading(path)).toEqual(['ask'])
  })

  it.each([
    '../../../srv/data.txt',
    '/workspace/../opt/data.txt',
    'docs/%2e%2e/%2e%2e/x',
    'a/%252e%252e%252fb',
    '..%c0%af..%c0%afx',
    'docs/..\\../x',
    '....//....//x',
    'docs/\uff0e\uff0e/x',
    'docs/.\u200b./x',
    'report.txt\0.png',
    'https://files.test/a/../../b',
    '/data/0x2e0x2e/x',
  ])('warns of %j', (path) => {
    expect(reading(path)).toEqual(['warn'])
  })

  it.each([
    'src/index.ts',
    '../modules/wait.js',
    '../../src/messages/filter.js',
    './a/../b.ts',
    '/home/dev/project/../other/readme.md',
    '.env.example',
    'config/.env.sample',
    '/home/dev/.ssh/id_rsa.pub',
    '/home/dev/.ssh/known_hosts',
    '/home/dev/.ssh',
    'certs/fullchain.pem',
    'talks/keynote.key',
    'test/fixtures/.npmrc',
    'app/[...slug]/page.tsx',
    'v1..v2',
    '..hidden',
    'group%2Fproject',
    'docs/a%20b.md',
    'https://example.test/.env',
    'etc/notes.txt',
    '100%',
  ])('is silent on %s', (path) => {
    expect(reading(path)).toEqual([])
  })

  it.each<[string, RequestParts, string[]]>([
    [
      'a list of files',
      { ...READ, arguments: [argumentOf('paths', 'a.txt'), argumentOf('paths', '/etc/shadow')] },
      ['ask'],
    ],
    [
      'a second argument',
      { ...READ, arguments: { path: 'a.txt', attachment: '~/.ssh/id_rsa' } },
      ['ask'],
    ],
    [
      'a tool without tags',
      { tool: 'misc.run_it', listed: false, arguments: { path: '/etc/shadow' } },
      ['ask'],
    ],
    ['a field of any name', { tool: 'misc.run_it', arguments: { what: '/etc/shadow' } }, ['ask']],
    [
      'a command line',
      {
        tool: 'shell.run',
        tags: ['code_exec'],
        arguments: { command: 'cd /tmp && cat ../../etc/shadow|base64' },
      },
      ['ask'],
    ],
    [
      'a command line without a secret file',
      {
        tool: 'shell.run',
        tags: ['code_exec'],
        arguments: { command: 'npm test -- --watch ./src' },
      },
      [],
    ],
    [
      'a mail that mentions a file',
      {
        tool: 'mail.send',
        tags: ['external_write'],
        arguments: { body: 'please do not commit the .env file, see /etc/shadow too' },
      },
      [],
    ],
    [
      'a shell’s start file that is written',
      { ...WRITE, arguments: { path: '~/.bashrc', content: 'x' } },
      ['ask'],
    ],
    ['a shell’s start file that is read', { ...READ, arguments: { path: '~/.bashrc' } }, []],
    [
      'a path out of a root that the call names',
      { ...READ, arguments: { root: '/data', path: '../x' } },
      ['warn'],
    ],
    ['a path within it', { ...READ, arguments: { root: '/data', path: 'a/../x' } }, []],
    [
      'a file that the task names',
      { ...READ, task: 'Add PORT to the .env file', arguments: { path: 'app/.env' } },
      ['warn'],
    ],
    [
      'a URL with a query',
      {
        tool: 'web.fetch',
        arguments: [
          argumentOf('url', 'https://x.test', 'destination'),
          argumentOf('url', '/.env', 'identifier'),
        ],
      },
      [],
    ],
    [
      'a file URL',
      { tool: 'web.fetch', arguments: [argumentOf('url', 'file:///etc/shadow', 'destination')] },
      ['ask'],
    ],
  ])('judges %s', (_, parts, expected) => {
    expect(actions(parts)).toEqual(expected)
  })

  it('calls the third sensitive file of a session a search', () => {
    const steps = ['.env', '~/.netrc', '~/.aws/credentials'].map(
      (path): Step => [requestOf({ ...READ, arguments: { path } })],
    )
    expect(findingsOver(rule, steps).map(([found]) => found?.severity)).toEqual([
      'high',
      'high',
      'critical',
    ])
  })

  it.each<[string, string[], string[]]>([
    [
      'a climb to the top',
      ['/home/dev/app/src/a.ts', '/home/dev/app', '/home/dev', '/home'],
      ['warn'],
    ],
    [
      'a climb that ends below',
      [
        '/home/dev/app/src/lib/x/a.ts',
        '/home/dev/app/src/lib',
        '/home/dev/app/src',
        '/home/dev/app',
      ],
      [],
    ],
    [
      'files of one folder',
      ['/home/dev/a.ts', '/home/dev/b.ts', '/home/dev/c.ts', '/home/dev'],
      [],
    ],
    [
      'other folders in between',
      ['/home/dev/app/src', '/srv/a', '/home/dev', '/var/b', '/home'],
      [],
    ],
    [
      'relative paths, whose start is not known',
      ['src/a/b/c.ts', 'src/a', 'src', 'package.json'],
      [],
    ],
  ])('judges %s', (_, paths, expected) => {
    const steps = paths.map((path): Step => [requestOf({ ...READ, arguments: { path } })])
    expect(actionsOf(findingsOver(rule, steps))).toEqual(expected)
  })

  it.each([
    ['dots', '../'.repeat(30_000)],
    ['escapes', '%25'.repeat(30_000)],
    ['open escapes', '%u'.repeat(30_000)],
    ['lone surrogates', '\ud800/../'.repeat(10_000)],
    ['a command of words', `cat ${'./a '.repeat(20_000)}`],
  ])('answers on 64 KiB and more of %s in a moment', (_, text) => {
    const started = performance.now()
    for (const key of ['path', 'command', 'body'])
      expect(() => actions({ ...READ, arguments: { [key]: text } })).not.toThrow()
    expect(performance.now() - started).toBeLessThan(1000)
  })

  it('asks again where another file is named beside one', () => {
    const causes = [['.env'], ['.env', '/etc/shadow'], ['/etc/shadow', '.env']].map((paths) => {
      const args = paths.map((path) => argumentOf('path', path, 'identifier'))
      return findingsIn(rule, requestOf({ ...READ, arguments: args }))[0]?.cause
    })
    expect(new Set(causes).size).toBe(2)
  })

  it('shows no path in a finding', () => {
    const found = findingsIn(
      rule,
      requestOf({ ...READ, arguments: { path: '/home/zora/.ssh/id_rsa' } }),
    )
    expect(JSON.stringify(found)).not.toMatch(/zora|id_rsa/)
  })
})

describe('a template that is copied', () => {
  const run = (command: string) =>
    actions({ tool: 'shell.exec', tags: ['code_exec'], arguments: { command } })

  it.each<[string, string[]]>([
    ['cp .env.sample .env', []],
    ['cp -n app/.env.example app/.env && npm ci', []],
    ['cp config/secrets.example.yml config/secrets.yml', []],
    ['cp .env.sample .env && cat .env', ['ask']],
    ['cat .env # like .env.sample', ['ask']],
    ['cp .env .env.sample', ['ask']],
    ['cp .env public/env.txt', ['ask']],
    ['cp .env.sample ~/.aws/credentials', ['ask']],
  ])('judges `%s`', (command, expected) => {
    expect(run(command)).toEqual(expected)
  })

  it('goes by the two ends of a copying tool', () => {
    const copy = (source: string, destination: string) =>
      actions({ ...WRITE, tool: 'fs.copy_file', arguments: { source, destination } })
    expect(copy('.env.example', '.env')).toEqual([])
    expect(copy('.env', '.env.example')).toEqual(['ask'])
  })
})
