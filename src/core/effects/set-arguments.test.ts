import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../model/json.ts'
import { computed, outcome } from './compute.fixture.ts'

const parsed = (text: string): JsonObject => JSON.parse(text)

describe('set', () => {
  it.each<[string, JsonObject, JsonObject, JsonObject]>([
    ['an argument that is there', { a: 1 }, { a: 5, b: 2 }, { a: 1, b: 2 }],
    ['one that is not', { a: 1 }, { b: 2 }, { b: 2, a: 1 }],
    ['to a list', { a: [1, { b: null }] }, { a: 'x' }, { a: [1, { b: null }] }],
    [
      'every spelling',
      { dry_run: true },
      { dryRun: false, 'DRY-RUN': 0 },
      { dryRun: true, 'DRY-RUN': true, dry_run: true },
    ],
    [
      'at any depth, and at the top',
      { force: false },
      { options: [{ force: true }] },
      { options: [{ force: false }], force: false },
    ],
    ['a list as one value', { to: 'x' }, { to: ['a', 'b'] }, { to: 'x' }],
    [
      'a place by pointer, and no other',
      { '/a/b': 1 },
      { a: { b: 2 }, b: 3 },
      { a: { b: 1 }, b: 3 },
    ],
    ['what leads to a pointer', { '/a/b/c': 1 }, {}, { a: { b: { c: 1 } } }],
    ['a key with slash and tilde', { '/a~1b/~0': 1 }, { 'a/b': { '~': 2 } }, { 'a/b': { '~': 1 } }],
    ['a member of a list', { '/a/1': 9 }, { a: [1, 2, 3] }, { a: [1, 9, 3] }],
    ['an empty key', { '/': 1 }, { '': 2 }, { '': 1 }],
  ])('sets %s', (_, set, args, wanted) => {
    expect(outcome({ set }, args)).toEqual(wanted)
    expect(outcome({ set }, wanted)).toBe(wanted)
  })

  it.each<[string, JsonObject, JsonObject, string]>([
    ['through a text', { '/a/b': 1 }, { a: 'x' }, 'not an object'],
    ['through null', { '/a/b': 1 }, { a: null }, 'not an object'],
    ['behind a list', { '/a/3': 1 }, { a: [1] }, 'no member'],
    ['at the end of a list', { '/a/-': 1 }, { a: [1] }, 'no member'],
    ['at an odd index', { '/a/00': 1 }, { a: [1] }, 'no member'],
    ['the length of a list', { '/a/length': 1 }, { a: [1] }, 'no member'],
    ['`__proto__`', parsed('{"__proto__": {"x": 1}}'), {}, '__proto__'],
    ['below `__proto__`', { '/__proto__/x': 1 }, {}, '__proto__'],
    ['below `constructor`', { '/a/constructor/x': 1 }, {}, '__proto__'],
    ['a value with `__proto__`', { a: parsed('{"__proto__": 1}') }, {}, '__proto__'],
    ['nothing', { '': 1 }, {}, 'empty'],
  ])('refuses to set %s', (_, set, args, why) => {
    expect(outcome({ set }, args)).toContain(why)
    expect(Object.prototype).not.toHaveProperty('x')
  })

  it('freezes what it makes, and takes no hold of the policy', () => {
    const value = { inner: [1] }
    const result = computed({ set: { a: value } }, {})
    const made = result.fault === undefined ? result.arguments['a'] : undefined
    expect(made).toEqual(value)
    expect(made).not.toBe(value)
    expect(Object.isFrozen(made)).toBe(true)
    expect(Object.isFrozen(value)).toBe(false)
  })

  it('keeps an argument called `__proto__` beside it, and refuses to rewrite one', () => {
    const args = parsed('{"__proto__": {"b": 1}, "a": 2}')
    expect(JSON.stringify(outcome({ set: { a: 3 } }, args))).toBe('{"__proto__":{"b":1},"a":3}')
    expect(outcome({ set: { b: 3 } }, args)).toContain('__proto__')
    expect(outcome({ set: { proto: 3 } }, args)).toContain('__proto__')
  })
})

describe('dry_run', () => {
  it.each<[string, JsonObject['dry_run'] & (string | readonly string[]), JsonObject, JsonObject]>([
    ['an absent one', 'dry_run', { a: 1 }, { a: 1, dry_run: true }],
    ['one that says no', 'dry_run', { dry_run: false }, { dry_run: true }],
    ['one in words', 'dry_run', { dry_run: 'false' }, { dry_run: true }],
    [
      'several',
      ['dry_run', 'validate_only'],
      { validateOnly: false },
      { validateOnly: true, dry_run: true, validate_only: true },
    ],
    [
      'one by pointer',
      '/options/dry_run',
      { options: { force: true } },
      { options: { force: true, dry_run: true } },
    ],
  ])('makes %s true', (_, dry_run, args, wanted) => {
    expect(outcome({ dry_run }, args)).toEqual(wanted)
    expect(outcome({ dry_run }, wanted)).toBe(wanted)
  })
})

describe('remove', () => {
  it.each<[string, readonly string[], JsonObject, JsonObject]>([
    ['an argument', ['a'], { a: 1, b: 2 }, { b: 2 }],
    [
      'every spelling at any depth',
      ['api_key'],
      { apiKey: 1, x: [{ 'API-KEY': 2, y: 3 }] },
      { x: [{ y: 3 }] },
    ],
    [
      'a place by pointer, and no other',
      ['/x/a'],
      { a: 1, x: { a: 2, b: 3 } },
      { a: 1, x: { b: 3 } },
    ],
    ['a key of an object in a list', ['/x/0/a'], { x: [{ a: 1 }] }, { x: [{}] }],
    ['several', ['a', '/b'], { a: 1, b: 2, c: 3 }, { c: 3 }],
    ['`__proto__` of nobody', ['constructor'], { a: 1 }, { a: 1 }],
  ])('takes out %s', (_, remove, args, wanted) => {
    expect(outcome({ remove }, args)).toEqual(wanted)
    expect(outcome({ remove }, wanted)).toBe(wanted)
  })

  it.each<[string, readonly string[], JsonObject]>([
    ['a name that is not there', ['a'], { b: 1 }],
    ['a pointer to nothing', ['/a/b'], { a: 1 }],
    ['a pointer behind a list', ['/a/7'], { a: [1] }],
    ['a name that is only a value', ['a'], { b: 'a' }],
  ])('changes nothing for %s', (_, remove, args) => {
    expect(outcome({ remove }, args)).toBe(args)
  })

  it('refuses one member of a list, whose place the next one would take', () => {
    expect(outcome({ remove: ['/a/0'] }, { a: [1, 2] })).toContain('name the list itself')
  })
})
