import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../model/json.ts'
import type { RealPath } from '../model/ports.ts'
import { computed, outcome } from './compute.fixture.ts'

const rooted = (root: string, path: JsonValue): JsonValue | undefined => {
  const result = outcome({ root }, { path })
  return typeof result === 'string' ? result : result['path']
}

describe('root', () => {
  it.each([
    ['/etc/passwd', '/workspace/etc/passwd'],
    ['notes.txt', '/workspace/notes.txt'],
    ['./a/./b', '/workspace/a/b'],
    ['a//b', '/workspace/a/b'],
    ['dir/', '/workspace/dir/'],
    ['../../etc/passwd', '/workspace/etc/passwd'],
    ['/../../etc', '/workspace/etc'],
    ['a/../../b', '/workspace/b'],
    ['.', '/workspace'],
    ['..', '/workspace'],
    ['/', '/workspace'],
    ['/workspace2/a', '/workspace/workspace2/a'],
    ['/Workspace/a', '/workspace/Workspace/a'],
    ['/workspace/../etc/passwd', '/workspace/etc/passwd'],
    ['/workspace/a/../b', '/workspace/b'],
    ['/workspace/..', '/workspace'],
    ['/workspace/a/../../workspace/b', '/workspace/b'],
    ['größe/日本.txt', '/workspace/größe/日本.txt'],
    ['...', '/workspace/...'],
    ['*.txt', '/workspace/*.txt'],
  ])('takes `%s` as `%s`', (path, wanted) => {
    expect(rooted('/workspace', path)).toBe(wanted)
    expect(rooted('/workspace', wanted)).toBe(wanted)
    expect(rooted('/workspace/', path)).toBe(wanted === '/workspace' ? '/workspace/' : wanted)
  })

  it.each([
    '/workspace',
    '/workspace/',
    '/workspace/a',
    '/workspace//a',
    '/workspace/./a/',
    '/workspace/a b',
  ])('leaves `%s` as it is', (path) => {
    const args = { path }
    expect(outcome({ root: '/workspace' }, args)).toBe(args)
  })

  it.each([
    ['', 'empty'],
    ['%2e%2e/etc', 'encoded'],
    ['..\\etc', 'backslash'],
    ['C:\\Windows', 'backslash'],
    ['file:///etc/passwd', 'scheme'],
    ['~/.ssh/id', 'home'],
    ['$HOME/x', 'variable'],
    ['a/`id`', 'variable'],
    ['a\0b', 'control'],
    ['a\nb', 'control'],
    ['․․/etc', 'looks like'],
  ])('refuses `%s`', (path, why) => {
    expect(rooted('/workspace', path)).toContain(why)
    expect(rooted('/workspace', path)).toMatch(/give/)
  })

  it('refuses what is too long, also where it is only so below the folder', () => {
    expect(rooted('/workspace', 'a'.repeat(300))).toContain('name that is too long')
    expect(rooted('/workspace', 'a/'.repeat(3_000))).toContain('longer than a path may be')
    expect(rooted('/workspace', `${'a/'.repeat(2_045)}b`)).toContain('longer than a path may be')
  })

  it.each<[string, JsonObject, JsonObject]>([
    [
      'all aliases',
      { source: 'a', destination: '/b', repo_path: '../c' },
      { source: '/w/a', destination: '/w/b', repo_path: '/w/c' },
    ],
    [
      'lists, nested ones too',
      { paths: ['a', ['b', '/w/c']] },
      { paths: ['/w/a', ['/w/b', '/w/c']] },
    ],
    [
      'at any depth',
      { edits: [{ filePath: 'a' }, { 'FILE-PATH': 'b' }] },
      { edits: [{ filePath: '/w/a' }, { 'FILE-PATH': '/w/b' }] },
    ],
    [
      'and leaves what names no path',
      { path: 'a', max_files: 3, is_file: true, content: '/etc' },
      { path: '/w/a', max_files: 3, is_file: true, content: '/etc' },
    ],
    ['null as nothing', { path: 'a', cwd: null }, { path: '/w/a', cwd: null }],
  ])('takes %s', (_, args, wanted) => {
    expect(outcome({ root: '/w' }, args)).toEqual(wanted)
    expect(outcome({ root: '/w' }, wanted)).toBe(wanted)
  })

  it.each<[string, JsonObject, string]>([
    ['no path', { a: 1 }, 'no argument that names a path'],
    ['an empty list of paths', { paths: [] }, 'no argument that names a path'],
    ['a number', { path: 3 }, '`path` is not a path'],
    ['an object', { path: { path: 'a' } }, '`path` is not a path'],
    ['one bad path of several', { paths: ['a', '%00'] }, '`paths[1]` has encoded'],
  ])('refuses %s', (_, args, why) => {
    expect(outcome({ root: '/w' }, args)).toContain(why)
  })

  it.each([
    ['D:\\x\\y', 'C:\\ws\\x\\y'],
    ['c:/ws/a', 'c:/ws/a'],
    ['C:\\WS\\a', 'C:\\WS\\a'],
    ['C:\\ws2\\a', 'C:\\ws\\ws2\\a'],
    ['\\\\host\\share\\x', 'C:\\ws\\x'],
    ['a\\..\\..\\b', 'C:\\ws\\b'],
    ['a/b', 'C:\\ws\\a\\b'],
    ['C:\\ws\\..\\x', 'C:\\ws\\x'],
    ['.', 'C:\\ws'],
  ])('takes `%s` as `%s` on Windows', (path, wanted) => {
    expect(rooted('C:\\ws', path)).toBe(wanted)
    expect(rooted('C:\\ws', wanted)).toBe(wanted)
  })

  it.each([
    'C:x',
    '\\x',
    '\\\\?\\C:\\x',
    '\\\\.\\pipe\\x',
    'a\\con',
    'a:stream',
    'PROGRA~1\\x',
    'x.',
  ])('refuses `%s` on Windows', (path) => {
    expect(rooted('C:\\ws', path)).toMatch(/give a plain path/)
  })

  it.each([
    ['\\\\host\\share', 'x', '\\\\host\\share\\x'],
    ['C:/ws', 'a\\b', 'C:/ws/a/b'],
    ['C:\\', 'a', 'C:\\a'],
    ['/', 'a/../b', '/b'],
  ])('below `%s` takes `%s` as `%s`', (root, path, wanted) => {
    expect(rooted(root, path)).toBe(wanted)
  })

  it.each(['workspace', '', '/a/../b', './a', '%2f', '/a%2fb'])(
    'refuses `%s` as the folder',
    (root) => {
      expect(rooted(root, 'x')).toMatch(/root/)
    },
  )

  describe('with links', () => {
    const links: Readonly<Record<string, string>> = {
      '/': '/',
      '/w': '/w',
      '/w/out': '/etc',
      '/w/in': '/w/sub',
      '/w/sub': '/w/sub',
      '/link': '/w',
    }
    const realpath: RealPath = (path) => {
      const real = links[path]
      if (real === undefined) throw Object.assign(new Error('none'), { code: 'ENOENT' })
      return real
    }

    it.each([
      ['/w', 'in/a', '/w/in/a'],
      ['/w', 'new/a', '/w/new/a'],
      ['/link', 'a', '/link/a'],
    ])('below `%s` follows `%s`', (root, path, wanted) => {
      expect(computed({ root }, { path }, { realpath })).toMatchObject({
        arguments: { path: wanted },
      })
    })

    it('refuses one that leads out', () => {
      expect(computed({ root: '/w' }, { path: 'out/passwd' }, { realpath }).fault).toContain(
        'leads out',
      )
      expect(computed({ root: '/w' }, { path: '/w/out' }, { realpath }).fault).toContain(
        'leads out',
      )
    })
  })
})
