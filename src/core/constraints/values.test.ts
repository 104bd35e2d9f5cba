import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { INSIDE, NOTHING, OUTSIDE, UNSURE } from './constraint.ts'
import { nameTest } from './support/argument-names.ts'
import { spend } from './support/budget.ts'
import { valuesByReference } from './values.reference.ts'
import {
  type JudgeValue,
  judgeValues,
  membersOf,
  shownPath,
  valuesOf,
  wholeValuesOf,
} from './values.ts'

const places = (args: JsonObject, ...names: string[]) =>
  valuesOf(args, nameTest(names, [])).map(({ path, value }) => `${path}=${JSON.stringify(value)}`)

describe('valuesOf', () => {
  it.each<[string, JsonObject, string[]]>([
    ['a plain argument', { path: '/a' }, ['path="/a"']],
    ['a name in another case', { PATH: '/a' }, ['PATH="/a"']],
    ['a name with separators', { 'P_a-th': '/a' }, ['P_a-th="/a"']],
    ['every spelling of one name', { path: '/a', Path: '/b' }, ['path="/a"', 'Path="/b"']],
    ['a nested argument', { options: { path: '/a' } }, ['options.path="/a"']],
    ['an argument in a list', { edits: [{ path: '/a' }] }, ['edits[0].path="/a"']],
    ['the members of a list', { path: ['/a', '/b'] }, ['path[0]="/a"', 'path[1]="/b"']],
    ['the members of nested lists', { path: [['/a'], []] }, ['path[0][0]="/a"']],
    [
      'an object under the name and what is in it',
      { path: { path: 1 } },
      ['path={"path":1}', 'path.path=1'],
    ],
    ['objects in a list under the name', { path: [{ x: 1 }] }, ['path[0]={"x":1}']],
    ['null', { path: null }, ['path=null']],
    ['nothing in an empty list', { path: [] }, []],
    ['nothing by a longer name', { filepath: '/a' }, []],
    ['nothing in a text', { note: '{"path":"/a"}' }, []],
  ])('finds %s', (_, args, wanted) => {
    expect(places(args, 'path')).toEqual(wanted)
  })

  it('finds texts and objects by the last word of a name, not what no text is', () => {
    const args = {
      repo_path: '/a',
      outPaths: ['/b', 7, { x: 1 }],
      max_path: 7,
      is_path: true,
      log_path: null,
      path_mode: 'x',
      path: 7,
    }
    const found = valuesOf(args, nameTest(['path'], ['path', 'paths']))
    expect(found.map(({ path }) => path)).toEqual([
      'repo_path',
      'outPaths[0]',
      'outPaths[2]',
      'path',
    ])
  })

  it('ends its search soon after the most values that are judged', () => {
    const many = { path: Array(90_000).fill('/a'), more: { path: Array(90_000).fill('/a') } }
    const found = [
      valuesOf(many, nameTest(['path'], [])).length,
      wholeValuesOf({ a: Array(90_000).fill({ path: 1 }) }, nameTest(['path'], [])).length,
    ]
    expect(found).toEqual([10_001, 10_001])
  })

  it('does not see inherited properties', () => {
    const args: JsonObject = Object.create({ path: '/a' })
    expect(places(args, 'path', 'constructor', 'tostring')).toEqual([])
  })

  it('sees a key named like a prototype member as any other', () => {
    const args: JsonObject = JSON.parse('{"__proto__": {"path": "/a"}, "constructor": "x"}')
    expect(places(args, 'path', 'constructor')).toEqual(['__proto__.path="/a"', 'constructor="x"'])
  })

  it('agrees with the reference on random arguments', () => {
    const key = fc.constantFrom('path', 'Pa_th', 'file', 'x', '__proto__', 'p-ath')
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<JsonValue>('a', 1, null, true),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 3 }),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 4 }), (args) => {
        const found = valuesOf(args, nameTest(['path', 'file'], []))
        expect(found.map((one) => `${one.path} ${JSON.stringify(one.value)}`).sort()).toEqual(
          valuesByReference(args, ['path', 'file']),
        )
      }),
    )
  })
})

describe('wholeValuesOf and membersOf', () => {
  it('keep lists whole, and take them apart', () => {
    const args = { tags: ['a', ['b']], more: [{ tags: 'c' }] }
    const whole = wholeValuesOf(args, nameTest(['tags'], []))
    expect(whole).toEqual([
      { path: 'tags', value: ['a', ['b']] },
      { path: 'more[0].tags', value: 'c' },
    ])
    expect(membersOf('tags', ['a', ['b']])).toEqual([
      { path: 'tags[0]', value: 'a' },
      { path: 'tags[1][0]', value: 'b' },
    ])
  })
})

describe('judgeValues', () => {
  const judgeOne = (value: JsonValue) => ({ standing: Number(value), detail: `says ${value}` })
  const over = (...values: number[]) =>
    judgeValues(
      values.map((value, index) => ({ path: `a[${index}]`, value })),
      'strict',
      judgeOne,
      '`a`',
    )

  it('ORs the standings and tells of the first value that is not inside', () => {
    expect(over(INSIDE, OUTSIDE, INSIDE, UNSURE)).toEqual({
      standing: INSIDE | OUTSIDE | UNSURE,
      detail: '`a[1]` says 2',
    })
  })

  it('tells of the first value where all are inside', () => {
    expect(over(INSIDE, INSIDE)).toEqual({ standing: INSIDE, detail: '`a[0]` says 1' })
  })

  it('is unsure of what is past the budget of a call: of values, of characters, of steps', () => {
    let judged = 0
    const over = (values: readonly JsonValue[], steps = 0) => {
      judged = 0
      const found = values.map((value, index) => ({ path: `a[${index}]`, value }))
      const judgeOne: JudgeValue = (_, budget) => {
        judged++
        spend(budget, steps)
        return { standing: INSIDE, detail: 'is fine' }
      }
      const { standing, detail } = judgeValues(found, 'strict', judgeOne, '`a`')
      return [standing, detail, judged]
    }
    const text = 'x'.repeat(1_000_000)
    expect([
      over(Array(10_000).fill(1)),
      over(Array(10_001).fill(1)),
      over(Array(9).fill(text)),
      over([1, 2, 3], 2_000_000),
    ]).toEqual([
      [INSIDE, '`a[0]` is fine', 10_000],
      [INSIDE | UNSURE, '`a[10000]` is more than is judged in one call', 10_000],
      [INSIDE | UNSURE, '`a[3]` is more than is judged in one call', 3],
      [INSIDE | UNSURE, '`a[2]` is more than is judged in one call', 2],
    ])
  })

  it('is unsure of an absent argument when strict, and has no objection when permissive', () => {
    const detail = 'there is no argument `a`'
    expect(judgeValues([], 'strict', judgeOne, '`a`')).toEqual({ standing: UNSURE, detail })
    expect(judgeValues([], 'permissive', judgeOne, '`a`')).toEqual({ standing: NOTHING, detail })
  })
})

describe('shownPath', () => {
  it('cuts long places and replaces what is not printable', () => {
    expect([shownPath('a\u001b[2J`b'), shownPath('x'.repeat(100))]).toEqual([
      'a?[2J?b',
      `${'x'.repeat(80)}...`,
    ])
  })
})
