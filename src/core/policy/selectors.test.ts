import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesGlob, parseSelector, selectorFault } from './selectors.ts'

describe('selectors', () => {
  it.each([
    ['db.execute_sql'],
    ['execute_sql'],
    ['server:github'],
    ['server:*'],
    ['*'],
    ['github.*'],
    ['*.read'],
    ['model:*'],
    ['model:openai/*'],
    ['resource:fs/*'],
    ['prompt:*/summary'],
  ])('takes %s', (text) => {
    expect(selectorFault(text)).toBeUndefined()
  })

  it.each([
    ['', 'bad_name'],
    ['db..x', 'bad_name'],
    ['db x', 'bad_name'],
    ['db.\u0430', 'bad_name'],
    ['db.[', 'bad_glob'],
    ['db.?', 'bad_glob'],
    ['db.{a,b}', 'bad_glob'],
    ['!db.x', 'bad_glob'],
    ['^db.x$', 'bad_glob'],
    ['db..*', 'bad_glob'],
    ['server:', 'bad_glob'],
    ['server:a*', 'bad_glob'],
    ['x'.repeat(3000), 'bad_name'],
  ])('refuses %j as %s', (text, kind) => {
    expect(selectorFault(text)?.kind).toBe(kind)
  })

  it.each([
    ['github.*', 'github.read', true],
    ['github.*', 'github.x.y', true],
    ['github.*', 'github.', false],
    ['github.*', 'githubXread', false],
    ['*.read', 'read', false],
    ['*.read', 'a.read', true],
    ['*.read', '.read', false],
    ['*', 'a', true],
    ['a*a', 'aa', false],
    ['a*a', 'aba', true],
    ['a*b*c', 'abbbc', true],
    ['a*b*c', 'abbc', false],
    ['a*b*c', 'abc', false],
    ['*read*', 'xready', true],
    ['*read*', 'read', false],
    ['**', 'a', false],
    ['**', 'ab', true],
  ])('%s against %s is %s', (glob, name, expected) => {
    const selector = parseSelector(glob)
    expect(selector.kind === 'glob' && matchesGlob(selector.parts, name)).toBe(expected)
  })

  it('matches what the same pattern as a regular expression matches', () => {
    const glob = fc
      .string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 8 })
      .filter((text) => text.includes('*'))
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 10 })
    fc.assert(
      fc.property(glob, name, (pattern, text) => {
        const wanted = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.+')}$`).test(
          text,
        )
        expect(matchesGlob(pattern.split('*'), text)).toBe(wanted)
      }),
      { numRuns: 5_000 },
    )
  })
})
