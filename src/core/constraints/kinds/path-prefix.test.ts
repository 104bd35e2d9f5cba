import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import { faults, judge, standing } from '../probe.fixture.ts'

const posix = (path: JsonValue, more: JsonObject = {}) =>
  standing('path_prefix', { allow: ['/srv/app', '/scratch'], ...more }, { path })

describe('path_prefix, posix', () => {
  it.each([
    ['/srv/app'],
    ['/srv/app/'],
    ['/srv/app/a/b.txt'],
    ['/srv//app/./a'],
    ['/srv/app/..a/...b/c..'],
    ['/srv/app/...'],
    ['/srv/x/../app/a'],
    ['/scratch/../srv/app'],
    ['/srv/app/a b'],
    ['/srv/app/über/日本/👩‍💻.md'],
    ['/srv/app/~/a~'],
    ['/srv/app/100%'],
    ['/srv/app/Outer$Inner.class'],
    ['/srv/app/[id]/*.ts'],
    ['/srv/app/a:b'],
    ['/srv/app/CON'],
    [`/srv/app/${'n'.repeat(255)}`],
    [['/srv/app/a', ['/scratch/b']]],
  ])('takes %j', (path) => {
    expect(posix(path)).toBe('inside')
  })

  it.each([
    ['/srv/application'],
    ['/srv/app.bak/x'],
    ['/srv/app-secret'],
    ['/srv'],
    ['/'],
    ['/srv/app/../x'],
    ['/srv/app/../../../../etc/passwd'],
    ['/srv/app /x'],
    ['/SRV/app'],
    ['/srv/a\u0301pp'],
    ['/etc/srv/app'],
  ])('refuses %j', (path) => {
    expect(posix(path)).toBe('outside')
  })

  it.each<[JsonValue]>([
    [''],
    [' '],
    ['srv/app/a'],
    ['./a'],
    ['..'],
    ['~/a'],
    ['~app/a'],
    ['$HOME/a'],
    [' /srv/app/a'],
    ['file:///srv/app/a'],
    ['C:/srv/app'],
    ['/srv/app/%2e%2e/x'],
    ['/srv/app/..%2fx'],
    ['/srv/app/%252e%252e%252fx'],
    ['/srv/app/%u002e%u002e/x'],
    ['/srv/app/%c0%ae%c0%ae/x'],
    ['/srv/app/&#46;&#46;/x'],
    ['/srv/app/..\\x'],
    ['\\srv\\app'],
    ['/srv/app/a\u0000'],
    ['/srv/app/a\n'],
    ['/srv/app/a\u0085b'],
    ['/srv/app/\u202excod.exe'],
    ['/srv/app/.\u200b./x'],
    ['/srv/app/.\u2060./x'],
    ['/srv/app/．．/x'],
    ['/srv/app/‥/x'],
    ['/srv/app/。。/x'],
    ['/srv/app/.\u0307./x'],
    ['/srv/app/. ./x'],
    ['/srv/app/.. /x'],
    ['/srv/app/..\u3000/x'],
    ['/srv/app/..;/x'],
    ['/srv/app/;a/../x'],
    ['/srv/app/ /../x'],
    ['/srv/app/..;v=1/x'],
    ['/srv/app/..∕x'],
    ['/srv/app/..⁄x'],
    ['/srv/app/a／b'],
    ['/srv/app/\ud800'],
    [`/srv/app/\${HOME}/x`],
    ['/srv/app/$(id)'],
    ['/srv/app/`id`'],
    ['/srv/app/$HOME'],
    ['/srv/app/..$EMPTY/x'],
    ['/srv/app/%TEMP%/x'],
    ['/srv/app/{a,../../x}'],
    [`/srv/app/${'n'.repeat(256)}`],
    [`/srv/app/${'é'.repeat(128)}`],
    [`/srv/app${'/a'.repeat(2100)}`],
    [7],
    [null],
    [{ path: 7 }],
  ])('is unsure of %j', (path) => {
    expect(posix(path)).toBe('unsure')
  })

  it('joins a relative path to its base, and only then', () => {
    const base = { base: '/srv/app/work' }
    const paths = ['a', './a', '../b', '../..', '../../x', '.', '', '~', 'http:x', '/etc', 'a\\b']
    expect(paths.map((path) => posix(path, base))).toEqual([
      'inside',
      'inside',
      'inside',
      'outside',
      'outside',
      'inside',
      'unsure',
      'unsure',
      'unsure',
      'outside',
      'unsure',
    ])
  })

  it('lets everything absolute be under the root', () => {
    const paths = ['/', '/etc/passwd', '/..', 'etc']
    expect(paths.map((path) => standing('path_prefix', ['/'], { path }))).toEqual([
      'inside',
      'inside',
      'inside',
      'unsure',
    ])
  })

  it.each<[JsonObject, string]>([
    [{ path: '/srv/app/x', repo_path: '/etc' }, 'inside outside'],
    [{ path: '/srv/app/x', outputFile2: '/etc' }, 'inside outside'],
    [{ repo_path: '/srv/app/x' }, 'inside'],
    [{ path: '/srv/app/x', log_file: { at: '/etc' } }, 'inside unsure'],
    [
      {
        path: '/srv/app/x',
        profile: 'x',
        file_mode: 'x',
        path_id: 'x',
        max_files: 3,
        is_file: true,
        log_dir: null,
      },
      'inside',
    ],
  ])('looks at names that end in a word for paths: %j is %s', (args, wanted) => {
    expect(standing('path_prefix', ['/srv/app'], args)).toBe(wanted)
  })

  it('judges every alias, nested and repeated ones', () => {
    const args = { path: '/srv/app/a', Moves: [{ old_path: '/srv/app/b', newPath: '/etc/x' }] }
    expect(judge('path_prefix', ['/srv/app'], args)).toEqual({
      standing: 3,
      detail: '`Moves[0].newPath` is not under a listed prefix',
    })
  })
})

describe('path_prefix, faults', () => {
  it.each<[JsonObject, string[]]>([
    [{ allow: ['data'] }, ['bad_path allow 0']],
    [{ allow: ['/data/../etc'] }, ['bad_path allow 0']],
    [{ allow: ['/data/./a'] }, ['bad_path allow 0']],
    [{ allow: ['/data//a'] }, ['bad_path allow 0']],
    [{ allow: ['/a', ''] }, ['bad_path allow 1']],
    [{ allow: ['/data\u0000'] }, ['bad_path allow 0']],
    [{ allow: ['~/data'] }, ['bad_path allow 0']],
    [{ allow: ['C:\\data'] }, ['bad_path allow 0']],
    [{ allow: ['C:data', '\\data'], platform: 'win32' }, ['bad_path allow 0', 'bad_path allow 1']],
    [{ allow: ['C:\\data\\..'], platform: 'win32' }, ['bad_path allow 0']],
    [{ allow: ['/a'], base: 'b' }, ['bad_path base']],
    [{ allow: ['/', '/data', '/data/'], base: '/data/x' }, []],
    [{ allow: ['C:\\', 'C:/data/', '\\\\nas\\pub', '\\\\nas\\pub\\a'], platform: 'win32' }, []],
  ])('of %j are %j', (config, wanted) => {
    expect(faults('path_prefix', config)).toEqual(wanted)
  })

  it('reports the list form without `allow` in the way', () => {
    expect(faults('path_prefix', ['/a', 'b'])).toEqual(['bad_path 1'])
  })
})
