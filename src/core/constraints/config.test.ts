import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../model/json.ts'
import { targetOf } from './config.ts'
import type { ConstraintConfig } from './constraint.ts'

const found = (config: ConstraintConfig, args: JsonObject) =>
  targetOf(config, ['path', 'file_name'])
    .find(args)
    .map(({ path, value }) => `${path}=${JSON.stringify(value)}`)

describe('targetOf', () => {
  const args: JsonObject = {
    path: 'a',
    fileName: 'b',
    out: { 'a/b': ['c', 'd'], path: 'e', '~': 'f' },
  }

  it.each<[string, ConstraintConfig, string[]]>([
    ['the aliases without a field', ['x'], ['path="a"', 'fileName="b"', 'out.path="e"']],
    ['one named field, wherever it is', { field: 'PATH' }, ['path="a"', 'out.path="e"']],
    ['several named fields', { field: ['file-name', 'nope'] }, ['fileName="b"']],
    [
      'an exact place',
      { field: '/out/path' },
      ['out.path="e"'].map((text) => text.replace('out.path', '/out/path')),
    ],
    [
      'an escaped place, member by member',
      { field: '/out/a~1b' },
      ['/out/a/b[0]="c"', '/out/a/b[1]="d"'],
    ],
    ['a member of a list', { field: '/out/a~1b/1' }, ['/out/a/b/1="d"']],
    ['a tilde', { field: '/out/~0' }, ['/out/~="f"']],
    [
      'a place and a name together',
      { field: ['/path', 'fileName'] },
      ['fileName="b"', '/path="a"'],
    ],
    ['nothing at a place that is not there', { field: '/out/none' }, []],
    ['nothing below a text', { field: '/path/length' }, []],
    ['nothing inherited', { field: '/out/constructor' }, []],
    ['not the length of a list', { field: '/out/a~1b/length' }, []],
  ])('finds %s', (_, config, wanted) => {
    expect(found(config, args)).toEqual(wanted)
  })

  it('is strict unless the config says permissive, and names what it wants', () => {
    expect([
      targetOf(['x'], ['a', 'b', 'c', 'd']).wanted,
      targetOf({ field: ['a', 'b'] }, []).wanted,
      targetOf({}, ['a']).mode,
      targetOf({ mode: 'permissive' }, ['a']).mode,
    ]).toEqual(['`a`, `b`, `c` or the like', '`a` or `b`', 'strict', 'permissive'])
  })
})
