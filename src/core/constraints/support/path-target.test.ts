import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { standing } from '../probe.fixture.ts'
import { isUnderByReference, realpathOf, walkByReference } from './path-prefix.reference.ts'

describe('path_prefix, links', () => {
  const files = new Map<string, true | string>([
    ['/srv', true],
    ['/srv/app', true],
    ['/srv/app/out', '/etc'],
    ['/srv/app/in', 'real'],
    ['/srv/app/real', true],
    ['/srv/app/up', '../../etc'],
    ['/srv/app/loop', 'loop'],
    ['/srv/app/nowhere', '/none/new'],
    ['/other', true],
    ['/other/app', '/srv/app'],
    ['/link', '/srv/app/real'],
    ['/etc', true],
    ['/scratch', 'private/scratch'],
    ['/private', true],
    ['/private/scratch', true],
  ])
  const followed = (path: string, allow = ['/srv/app'], follow = true) =>
    standing('path_prefix', { allow, follow }, { path }, { ports: { realpath: realpathOf(files) } })

  it.each([
    ['/srv/app/in/a', 'inside'],
    ['/srv/app/new/deep/file', 'inside'],
    ['/other/app/a', 'inside'],
    ['/link/../a', 'inside'],
    ['/srv/app/out/passwd', 'inside outside'],
    ['/srv/app/up/passwd', 'inside outside'],
    ['/srv/app/out/../x', 'inside outside'],
    ['/srv/app/loop/x', 'unsure'],
    ['/srv/app/nowhere', 'unsure'],
    ['/srv/app/nowhere/x', 'unsure'],
    ['/etc/passwd', 'outside'],
    ['/', 'outside'],
  ])('where links are followed, %s is %s', (path, wanted) => {
    expect(followed(path)).toBe(wanted)
  })

  it('follows a prefix that is a link itself', () => {
    expect([
      followed('/scratch/a', ['/scratch']),
      followed('/private/scratch/a', ['/scratch']),
    ]).toEqual(['inside', 'inside'])
  })

  it('is unsure where a prefix cannot be followed', () => {
    expect(followed('/etc/x', ['/srv/app/loop'])).toBe('outside unsure')
  })

  it('judges by the text alone where `follow` is false or there is no file system', () => {
    expect([
      followed('/srv/app/out/x', ['/srv/app'], false),
      standing('path_prefix', ['/srv/app'], { path: '/srv/app/out/x' }),
    ]).toEqual(['inside', 'inside'])
  })

  it.each<[string, () => string]>([
    [
      'throws what is no error',
      () => {
        throw undefined
      },
    ],
    [
      'is denied',
      () => {
        throw Object.assign(new Error('no'), { code: 'EACCES' })
      },
    ],
    ['answers a relative path', () => 'srv/app'],
    ['answers no text', () => Promise.resolve('/srv/app') as never],
  ])('is unsure where the file system %s', (_, realpath) => {
    expect(
      standing('path_prefix', ['/srv/app'], { path: '/srv/app/a' }, { ports: { realpath } }),
    ).toBe('unsure')
  })

  it.each([
    ['a missing file', '/srv/app/new', 1],
    ['many missing directories', `/srv/app/new${'/a'.repeat(1500)}`, 13],
    ['many ways up and down', `/srv/app${'/b/..'.repeat(700)}`, 2],
  ])('asks few times about %s', (_, path, most) => {
    let asked = 0
    const realpath = (place: string) => {
      asked++
      if (place === '/srv/app') return place
      throw Object.assign(new Error('missing'), { code: 'ENOENT' })
    }
    const judged = standing('path_prefix', ['/srv/app'], { path }, { ports: { realpath } })
    expect([judged, Math.max(asked, most + 1)]).toEqual(['inside', most + 1])
  })

  it('looks a bounded number of times for one call, and is unsure of the rest', () => {
    let asked = 0
    const realpath = () => {
      asked++
      throw Object.assign(new Error('missing'), { code: 'ENOENT' })
    }
    const path = Array.from({ length: 5000 }, (_, index) => `/srv/app/${index}${'/q'.repeat(60)}`)
    const judged = standing('path_prefix', ['/srv/app'], { path }, { ports: { realpath } })
    expect([judged, asked < 600]).toEqual(['inside unsure', true])
  })

  it('follows the same directory and the same prefix once for a call', () => {
    const asked: string[] = []
    const realpath = (place: string) => {
      asked.push(place)
      if (place === '/var/app' || place === '/private/var/app') return '/private/var/app'
      throw Object.assign(new Error('missing'), { code: 'ENOENT' })
    }
    const path = ['/var/app/a', '/var/app/b', '/var/app/c']
    const judged = standing('path_prefix', ['/var/app'], { path }, { ports: { realpath } })
    expect([judged, asked]).toEqual([
      'inside',
      ['/var/app/a', '/var/app', '/var/app/b', '/var/app/c'],
    ])
  })

  it('on win32 resolves dots before links', () => {
    const realpath = (path: string) => path.replace('D:\\App\\out', 'E:\\x').replace('d:\\', 'D:\\')
    const config = { allow: ['D:\\App'], platform: 'win32' }
    const paths = ['D:\\App\\a', 'D:\\App\\out\\..\\a']
    expect(
      paths.map((path) => standing('path_prefix', config, { path }, { ports: { realpath } })),
    ).toEqual(['inside', 'inside'])
  })

  it('agrees with a kernel that walks name by name', () => {
    const name = fc.constantFrom('a', 'b', 'c', '..', 'd')
    const way = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => `/${names.join('/')}`)
    const entry = fc.tuple(
      fc.constantFrom('/a', '/b', '/a/b', '/a/c', '/b/a', '/b/c', '/a/b/c'),
      fc.oneof(fc.constant<true>(true), way, fc.constantFrom('b', '../b', '../../a', 'c')),
    )
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), way, (entries, path) => {
        // In a file system the directory of what is there is there.
        const above = entries.flatMap(([place]) =>
          [...place.matchAll(/(?!^)\//g)].map(
            ({ index }) => [place.slice(0, index), true] as const,
          ),
        )
        const tree = new Map<string, true | string>([...above, ...entries])
        const judged = standing(
          'path_prefix',
          ['/a'],
          { path },
          { ports: { realpath: realpathOf(tree) } },
        )
        // Unsure is no claim: loops, and links that lead nowhere.
        if (judged.includes('unsure')) return
        const real = walkByReference(path, tree)
        const roots = ['/a', walkByReference('/a', tree)]
        expect(judged === 'inside').toBe(
          roots.some((root) => isUnderByReference(real, root, 'posix')),
        )
      }),
      { numRuns: 1000 },
    )
  })
})
