import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { createSqlParsers } from '../constraints/sql/parsers.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { applyPatch } from './apply-patch.fixture.ts'
import { computed } from './compute.fixture.ts'
import { LIMITED } from './postgres-corpus.fixture.ts'

const sqlParsers = createSqlParsers()
beforeAll(() => sqlParsers.load('postgresql'))

const NAMES = [
  'path',
  'filePath',
  'to',
  'cc',
  'sql',
  'query',
  'limit',
  'dry_run',
  'note',
  'a/b',
  'm~n',
]
const leaf = fc.oneof(
  fc.constantFrom('a', '/etc/x', '../y', '/w/z', '/w/../q', 'dir/', 'a@example.com', 'b@evil.net'),
  fc.constantFrom('a@example.com, b@evil.net', '5', '500', ''),
  fc.constantFrom(...LIMITED.map(([sql]) => sql)),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
)
const tree = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('value'), { maxLength: 3 }), tie('object')),
  object: fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 4 }),
}))
const anyArguments = tree.object as fc.Arbitrary<JsonObject> // the grammar above makes nothing else

const listOf = <T>(one: fc.Arbitrary<T>) => fc.oneof(one, fc.array(one, { maxLength: 3 }))
/** Arguments that most effects can take. */
const fitArguments = fc.record(
  {
    path: listOf(fc.constantFrom('a', '/etc/x', '../y', '/w/z', '/w/../q', 'dir/')),
    to: listOf(fc.constantFrom('a@example.com', 'b@evil.net', 'a@example.com, b@evil.net')),
    cc: listOf(fc.constantFrom('b@evil.net', 'a@example.com; b@evil.net')),
    sql: listOf(fc.constantFrom(...LIMITED.map(([sql]) => sql))),
    limit: listOf(fc.oneof(fc.integer(), fc.constantFrom('5', '500', '-1e9'))),
    options: fc.record({ dry_run: fc.boolean(), 'a/b': fc.integer() }, { requiredKeys: [] }),
    note: fc.string(),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject> // records of JSON values

const EFFECTS: readonly (readonly [string, JsonValue])[] = [
  ['remove', ['note', '/options/a~1b', 'm~n']],
  ['set', { note: ['x'], '/options/mode': 'ro', limit: 70 }],
  ['dry_run', ['dry_run', '/options/dry_run']],
  ['root', '/w'],
  ['recipients', ['example.com']],
  ['clamp', { limit: { min: 1, max: 50 } }],
  ['truncate', { note: 3 }],
  ['limit_rows', 10],
]

const sections = fc.subarray([...EFFECTS], { minLength: 1 }).map((some) => Object.fromEntries(some))

function check(compute: JsonObject, args: JsonObject): boolean {
  const before = JSON.stringify(args)
  const once = computed(compute, args, { sqlParsers }, 'postgresql')
  expect(JSON.stringify(args)).toBe(before)
  if (once.fault !== undefined) {
    expect(once.fault).not.toBe('')
    return false
  }
  expect(applyPatch(args, once.patch)).toEqual(once.arguments)
  expect(once.patch.length === 0).toBe(once.arguments === args)
  const twice = computed(compute, once.arguments, { sqlParsers }, 'postgresql')
  expect(twice.fault).toBeUndefined()
  expect(twice.fault === undefined && twice.arguments).toBe(once.arguments)
  return true
}

describe('applyCompute, of any arguments', () => {
  it.each(EFFECTS)(
    '`%s` is undone by nothing, and its patch leads to what it made',
    (key, value) => {
      let done = 0
      fc.assert(
        fc.property(fc.oneof(anyArguments, fitArguments), (args) => {
          if (check({ [key]: value }, args)) done++
        }),
        { numRuns: 400 },
      )
      expect(done).toBeGreaterThan(20)
    },
  )

  it('holds for effects together', () => {
    let done = 0
    fc.assert(
      fc.property(sections, fc.oneof(anyArguments, fitArguments), (compute, args) => {
        if (check(compute, args)) done++
      }),
      { numRuns: 1_500 },
    )
    expect(done).toBeGreaterThan(50)
  })
})
