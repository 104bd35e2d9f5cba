import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { SQL_DIALECTS, type SqlDialect } from '../../model/call.ts'
import { DELETE, NO_INTENT, SELECT } from './intents.ts'
import { createSqlParsers } from './parsers.ts'
import { createSqlJudge, type Verdict } from './verdict.ts'

const parsers = createSqlParsers()
beforeAll(() => parsers.load('postgresql'))

const judges = new Map(SQL_DIALECTS.map((dialect) => [dialect, createSqlJudge(dialect, [])]))
const judge = (dialect: SqlDialect, text: string): Verdict =>
  judges.get(dialect)?.(text, parsers) ?? { intents: NO_INTENT, doubt: 'no judge' }

const dialects = fc.constantFrom(...SQL_DIALECTS)

// Statements with one meaning in every dialect, as words; what they do is known beforehand.
const PURE = [
  ['SELECT', '1'],
  ['SELECT', 'a', ',', 'b', 'FROM', 't', 'WHERE', 'c', '=', '2'],
  ['SELECT', 'lower', '(', 'a', ')', 'FROM', 't'],
  ['SELECT', 'count', '(', '*', ')', 'FROM', 't', 'GROUP', 'BY', 'a'],
  ['WITH', 'x', 'AS', '(', 'SELECT', '1', ')', 'SELECT', '*', 'FROM', 'x'],
  ['SELECT', 'CASE', 'WHEN', 'a', '=', '1', 'THEN', '2', 'END', 'FROM', 't'],
]
const IMPURE = [
  ['DELETE', 'FROM', 't'],
  ['SELECT', 'my_fn', '(', '1', ')'],
  ['UPDATE', 't', 'SET', 'a', '=', '1'],
  ['DROP', 'TABLE', 't'],
  ['INSERT', 'INTO', 't', 'VALUES', '(', '1', ')'],
]
const pure = fc.constantFrom(...PURE)
const statement = fc.constantFrom(...PURE, ...IMPURE)
// A gap between words that is a blank in every dialect.
const gap = fc.constantFrom(' ', '\n', '\t', ' /* DELETE */ ', '\n-- DROP\n', " /* ' */ ")

it('never throws, whatever the text', () => {
  const bits = fc.constantFrom(
    ...['SELECT', 'DELETE', 'FROM', 'WITH', 'AS', 'INTO', 'f', "'", '"', '`', '$$', '\\', '(', ')'],
    ...[
      ';',
      '--',
      '/*',
      '*/',
      ' ',
      '\n',
      '[',
      ']',
      '{',
      '@',
      ':=',
      '->>',
      '|>',
      '.',
      ',',
      '1',
      '*',
    ],
  )
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(bits).map((all) => all.join(' ')),
  )
  fc.assert(
    fc.property(dialects, texts, (dialect, text) => {
      expect(judge(dialect, text).intents).toBeGreaterThanOrEqual(0)
    }),
  )
})

it('says the same whatever the case, the blanks and the comments', () => {
  fc.assert(
    fc.property(dialects, statement, fc.array(gap, { minLength: 12 }), fc.boolean(), (...given) => {
      const [dialect, words, gaps, isLower] = given
      const spaced = words.map((word, index) => `${word}${gaps[index] ?? ' '}`).join('')
      const text = isLower ? spaced.toLowerCase() : spaced
      expect(judge(dialect, text)).toEqual(judge(dialect, words.join(' ')))
    }),
  )
})

it('is the union of the statements', () => {
  fc.assert(
    fc.property(dialects, statement, statement, (dialect, first, second) => {
      const [one, two] = [first.join(' '), second.join(' ')]
      const both = judge(dialect, one).intents | judge(dialect, two).intents
      expect(judge(dialect, `${one}; ${two};`)).toEqual({ intents: both, doubt: undefined })
    }),
  )
})

it('sees a statement behind any text it would allow', () => {
  fc.assert(
    fc.property(dialects, pure, fc.string({ unit: 'binary' }), (dialect, words, tail) => {
      const text = `${words.join(' ')} ${tail}`
      const alone = judge(dialect, text)
      if (alone.doubt !== undefined) return
      const longer = judge(dialect, `${text}\n; DELETE FROM t`)
      // An open comment of SQLite swallows it, and then nothing is run.
      const isSwallowed = dialect === 'sqlite' && text.includes('/*')
      expect(isSwallowed || longer.doubt !== undefined || (longer.intents & DELETE) !== 0).toBe(
        true,
      )
    }),
  )
})

it('reads nothing out of a string', () => {
  fc.assert(
    fc.property(dialects, statement, (dialect, words) => {
      expect(judge(dialect, `SELECT '${words.join(' ')}'`)).toEqual({
        intents: SELECT,
        doubt: undefined,
      })
    }),
  )
})

it('allows in no dialect less than all of what the unknown one is allowed', () => {
  const ofAll = createSqlJudge(undefined, [])
  fc.assert(
    fc.property(dialects, statement, (dialect, words) => {
      const text = words.join(' ')
      const any = ofAll(text, undefined)
      const one = judge(dialect, text)
      expect(one.intents & ~any.intents).toBe(NO_INTENT)
    }),
  )
})
