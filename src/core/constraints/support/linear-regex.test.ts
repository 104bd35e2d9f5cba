import { describe, expect, it } from 'vitest'
import { linearRegex, regexFault } from './linear-regex.ts'

const kind = (pattern: string, flags = '') => regexFault(pattern, flags)?.kind

describe('regexFault', () => {
  it.each([
    ['(a|a)*b'],
    ['(a+)+$'],
    ['(a*)*'],
    ['(a|aa)+$'],
    ['(a|b|ab)*c'],
    ['(x+x+)+y'],
    ['(\\w+\\s?)*$'],
    ['(.*a)*'],
    ['(a?b?)*c'],
    ['((ab)*)*'],
    ['^(([a-z])+.)+[A-Z]([a-z])+$'],
    ['(\\d+|\\w+)*!'],
    ['(a+){10,20}b'],
    ['(?i)(a|A)*b'],
    ['(.|\\n)*x'],
    ['(?:[\\w.-]+)+@'],
    ['(\\pL|[a-z])*!'],
    ['(?P<x>a+)+!'],
    ['(\\Qab\\E|ab)*!'],
    ['(?=a)b'],
    ['(?!a)b'],
    ['(?<=a)b'],
    ['(?<!a)b'],
    ['(a)\\1'],
    ['(?<n>a)\\k<n>'],
    ['a{1,2000}'],
    ['((a{100}){100}){100}'],
    ['(?:a{1000}b{1000}c{1000}){2}'],
    ['a'.repeat(1001)],
    ['([[:digit:]]|\\d)*!'],
  ])('refuses %s as unsafe', (pattern) => {
    expect(kind(pattern)).toBe('unsafe_regex')
  })

  it('refuses an overlap that only the flag makes', () => {
    expect([kind('(a|A)*b', 'i'), kind('(a|A)*b')]).toEqual(['unsafe_regex', undefined])
  })

  it.each([['['], ['('], ['a**'], ['*a'], ['(?P<'], ['\\u0041']])(
    'refuses %s as bad',
    (pattern) => {
      expect(kind(pattern)).toBe('bad_regex')
    },
  )

  it.each([
    ['^[a-z]+$'],
    ['^([a-z0-9-]+\\.)*example\\.com$'],
    ['(?:[a-f0-9]{2}:?){6}'],
    ['^[A-Z]{3}-\\d{4}$'],
    ['^(foo|bar)+$'],
    ['(ab|ac)*'],
    ['\\d+(,\\d+)*'],
    ['^\\w+([.-]\\w+)*@\\w+\\.com$'],
    ['.*foo.*'],
    ['^(?:\\d{1,3}\\.){3}\\d{1,3}$'],
    ['([[:alpha:]]+\\.)*'],
    ['\\pL+'],
    ['(?P<x>a)+'],
    ['\\Qa+b\\E+'],
    ['"(?:[^"\\\\]|\\\\.)*"'],
    ['[]a]+'],
    ['(a|)+b'],
    ['(a$|b)*c'],
    ['x{0,5}?y'],
    ['\\x{1F600}+\\x41'],
    ['(?i:ab|cd)*'],
  ])('takes %s', (pattern) => {
    expect(regexFault(pattern, '')).toBeUndefined()
  })

  it('answers soon for each of many patterns, and at once for one it has seen', () => {
    const started = performance.now()
    for (let index = 0; index < 100; index++) regexFault(`${'.*'.repeat(30)}${index}`, '')
    for (let index = 0; index < 10_000; index++) regexFault('.*'.repeat(30), '')
    expect(performance.now() - started).toBeLessThan(500)
  })

  it('refuses what is too complex to look through, and takes a long list of words', () => {
    const words = Array.from(
      { length: 40 },
      (_, index) => `${'abcdefghij'[index % 10]}-word${index}`,
    )
    expect([kind('a?'.repeat(500)), kind(`^(?:${words.join('|')})+$`)]).toEqual([
      'unsafe_regex',
      undefined,
    ])
  })

  it('answers soon, whatever the pattern', () => {
    const patterns = [
      `(?:${'[a-z]?'.repeat(95)})x`,
      `(?:${Array.from({ length: 95 }, () => '[a-z]').join('|')})*x`,
      `(?:${Array.from({ length: 49 }, (_, index) => `a${String.fromCharCode(0x4e00 + index)}`).join('|')})*x`,
      '[a-z]?'.repeat(160),
      `${'('.repeat(499)}a${')'.repeat(499)}`,
    ]
    const started = performance.now()
    for (const pattern of patterns) regexFault(pattern, '')
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('linearRegex', () => {
  it('finds a pattern anywhere in a text', () => {
    const regex = linearRegex('b+', '')
    expect([regex.test('abc'), regex.test('ac')]).toEqual([true, false])
  })

  it('throws for a pattern that is none', () => {
    expect(() => linearRegex('(', '')).toThrow(SyntaxError)
  })
})
