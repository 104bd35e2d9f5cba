import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SQL_DIALECTS, type SqlDialect } from '../../model/call.ts'
import { createLexer, MAX_TEXT } from './lexer.ts'
import { NAME, NUMBER, PARAMETER, STRING, SYMBOL, VARIABLE, WORD } from './tokens.ts'

const KINDS: Readonly<Record<number, string>> = {
  [WORD]: 'word',
  [NAME]: 'name',
  [STRING]: 'string',
  [NUMBER]: 'number',
  [PARAMETER]: 'parameter',
  [VARIABLE]: 'variable',
  [SYMBOL]: 'symbol',
}

/** Words and symbols as they are, the rest by kind: `select string`. */
function shown(dialect: SqlDialect, text: string): string {
  const lexed = createLexer(dialect)(text)
  if (lexed.fault !== undefined) return `fault: ${lexed.fault}`
  const { kinds, texts } = lexed.tokens
  return kinds
    .map((kind, index) => (kind === WORD || kind === SYMBOL ? texts[index] : KINDS[kind]))
    .join(' ')
}

describe('strings', () => {
  it.each<[SqlDialect, string, string]>([
    ['postgresql', "SELECT '\\'; x", 'select string ; x'],
    ['sqlite', "SELECT '\\'; x", 'select string ; x'],
    ['transactsql', "SELECT '\\'; x", 'select string ; x'],
    ['mysql', "SELECT '\\'; x'", 'select string'],
    ['bigquery', "SELECT '\\'; x'", 'select string'],
    ['snowflake', "SELECT '\\'; x'", 'select string'],
    ['postgresql', "SELECT E'\\'; x'", 'select e string'],
    ['postgresql', "SELECT E'a'\n'\\'; x'", 'select e string string'],
    ['postgresql', "SELECT fine'\\'; x", 'select fine string ; x'],
    ['postgresql', "SELECT 'it''s'", 'select string'],
    ['postgresql', 'SELECT $$a$$; x', 'select string ; x'],
    ['postgresql', 'SELECT $a$ $b$ $a$; x $b$', 'fault: an open quote'],
    ['postgresql', 'SELECT a$$b', 'select a$$b'],
    ['snowflake', 'SELECT $$ x; $$', 'select string'],
    ['snowflake', 'SELECT $a$ x', 'fault: a dollar sign'],
    ['mysql', 'SELECT "a; b"', 'select string'],
    ['postgresql', 'SELECT "a; b"', 'select name'],
    ['bigquery', `SELECT """a"; b'"""`, 'select string'],
    ['bigquery', "SELECT r'\\d; x'", 'select r string'],
    ['bigquery', "SELECT r'\\'; x'", 'fault: an open quote'],
    ['bigquery', "SELECT rb'''\\'; x'''", 'fault: an open quote'],
    ['bigquery', "SELECT 'it''s; x'", 'select string'],
    ['bigquery', "SELECT 'a''''; x '''", 'fault: an open quote'],
    ['bigquery', "SELECT 'a\nb'", 'fault: an open quote'],
    ['mysql', "SELECT 'a\nb'", 'select string'],
    ['transactsql', "SELECT N'a'", 'select n string'],
  ])('%s reads %s as: %s', (dialect, text, want) => {
    expect(shown(dialect, text)).toBe(want)
  })
})

describe('quoted names', () => {
  it.each<[SqlDialect, string, string]>([
    ['transactsql', 'SELECT [a]]; b]', 'select name'],
    ['sqlite', 'SELECT [a; b]', 'select name'],
    ['postgresql', 'SELECT a[1]', 'select a [ number ]'],
    ['mysql', 'SELECT [a]', 'fault: a character that is none of SQL'],
    ['mysql', 'SELECT `a``; b`', 'select name'],
    ['bigquery', 'SELECT `a\\`; b`', 'fault: an open quote'],
    ['bigquery', 'SELECT `a\\b`', 'fault: a backslash in a name'],
    ['bigquery', 'SELECT `a; b`', 'select name'],
    ['sqlite', 'SELECT [a]]; b]', 'fault: a character that is none of SQL'],
    ['transactsql', 'SELECT [a]]; b]', 'select name'],
    ['mysql', 'SELECT `a\\`; b', 'select name ; b'],
    ['postgresql', 'SELECT `a`', 'fault: a character that is none of SQL'],
    ['postgresql', 'SELECT "a""; b"', 'select name'],
  ])('%s reads %s as: %s', (dialect, text, want) => {
    expect(shown(dialect, text)).toBe(want)
  })
})

describe('comments', () => {
  it.each<[SqlDialect, string, string]>([
    ['postgresql', 'a /* /* */ b */ c', 'a c'],
    ['transactsql', 'a /* /* */ b */ c', 'a c'],
    ['mysql', 'a /* /* */ b', 'a b'],
    ['sqlite', 'a /* /* */ b', 'a b'],
    ['bigquery', 'a /* /* */ b', 'fault: an open or nested comment'],
    ['snowflake', 'a /* /* */ b', 'fault: an open or nested comment'],
    ['sqlite', 'a /* b', 'a'],
    ['postgresql', 'a /* b', 'fault: an open or nested comment'],
    ['mysql', 'a /* b', 'fault: an open or nested comment'],
    ['mysql', 'a /*! b */', 'fault: a conditional comment'],
    ['mariadb', 'a /*M! b */', 'fault: a conditional comment'],
    ['postgresql', 'a /*! b */', 'a'],
    ['mysql', 'a /*+ b(`c`) */', 'a'],
    ['mysql', 'a /*+ b(`*/`) */ ; c -- `', 'fault: a hint with an open quote'],
    ['postgresql', 'a /*+ ` */', 'a'],
    ['mysql', 'a --b', 'a - - b'],
    ['mysql', 'a -- b', 'a'],
    ['mysql', 'a --', 'a'],
    ['postgresql', 'a --b', 'a'],
    ['mysql', 'a # b', 'a'],
    ['bigquery', 'a # b', 'a'],
    ['postgresql', 'a # b', 'a # b'],
    ['sqlite', 'a # b', 'fault: a character that is none of SQL'],
    ['transactsql', 'a #b', 'a #b'],
    ['snowflake', 'a // b\nc', 'a c'],
    ['postgresql', 'a // b', 'a / / b'],
    ['postgresql', 'a -- b\rc', 'fault: a comment whose end is unclear'],
    ['postgresql', 'a -- b\r\nc', 'a c'],
    ['postgresql', 'a -- b\u2028c', 'fault: a comment whose end is unclear'],
  ])('%s reads %j as: %s', (dialect, text, want) => {
    expect(shown(dialect, text)).toBe(want)
  })
})

describe('numbers, parameters and marks', () => {
  it.each<[SqlDialect, string, string]>([
    ['postgresql', '1 1.5 .5 1e5 1.e-5 0x1F 1_000', Array(7).fill('number').join(' ')],
    ['transactsql', '1.EXEC', 'fault: a number that runs into a word'],
    ['transactsql', '0xEXEC', 'fault: a number that runs into a word'],
    ['transactsql', '$1.5 $ $action', 'number number $action'],
    ['transactsql', '$EXEC', 'fault: a dollar sign'],
    ['postgresql', '$1 a::b', 'parameter a :: b'],
    ['sqlite', ':a @b $c ?1', 'parameter variable parameter ? number'],
    ['sqlite', ":a('); x --')", 'fault: a parameter that goes on'],
    ['sqlite', "@a('); x --')", 'fault: a parameter that goes on'],
    ['sqlite', "$a::b('); x --')", 'fault: a parameter that goes on'],
    ['sqlite', ':a (', 'fault: an open parenthesis'],
    ['sqlite', 'a::b', 'fault: two colons'],
    ['transactsql', '$(a)', 'fault: a variable of a tool'],
    ['mysql', '\\N, \\Na', 'fault: a character that is none of SQL'],
    ['mariadb', 'a \\N', 'a number'],
    ['mysql', '@a @@b.c', 'variable variable . c'],
    ['snowflake', '@a/b.csv', 'variable'],
    ['snowflake', '@a//b', 'fault: a path that may hold a comment'],
    ['snowflake', 'a:b.c::d', 'a parameter . c :: d'],
    ['transactsql', ':r', 'fault: a colon'],
    ['sqlite', 'a\n  .shell', 'fault: a dot that begins a line'],
    ['postgresql', 'a\n  .b', 'a . b'],
    ['bigquery', 'a |> b', 'a |> b'],
  ])('%s reads %j as: %s', (dialect, text, want) => {
    expect(shown(dialect, text)).toBe(want)
  })
})

describe('faults of every dialect', () => {
  it.each(SQL_DIALECTS)('%s refuses what has no one meaning', (dialect) => {
    const faulty = [
      'a\0',
      "'a\0b'",
      '\ufeffa',
      'a\u00a0b',
      'a\u2028b',
      'a\u3000b',
      'a；b',
      'ｄelete',
      'a\x01',
      'a\x7f',
      'a😀',
      'a\\',
      '(a',
      'a)',
      '(a;b)',
      "'a",
    ]
    const lex = createLexer(dialect)
    expect(faulty.filter((text) => lex(text).fault === undefined)).toEqual([])
  })

  it.each(SQL_DIALECTS)('%s refuses long texts and deep ones', (dialect) => {
    const lex = createLexer(dialect)
    expect([
      lex('a'.repeat(MAX_TEXT)).fault,
      lex('a'.repeat(MAX_TEXT + 1)).fault,
      lex('('.repeat(100) + ')'.repeat(100)).fault,
      lex('('.repeat(101) + ')'.repeat(101)).fault,
    ]).toEqual([
      undefined,
      'more than 65536 characters',
      undefined,
      'more than 100 parentheses in another',
    ])
  })
})

describe('properties', () => {
  const dialects = fc.constantFrom(...SQL_DIALECTS)
  const marks = fc.constantFrom(...'\'"`[]()$@#;:.-/*!\\ \n\r', 'a', 'E', '1', '--', '/*', '*/')
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(marks).map((all) => all.join('')),
  )

  it('never throws, and gives as many columns as tokens', () => {
    fc.assert(
      fc.property(dialects, texts, (dialect, text) => {
        const lexed = createLexer(dialect)(text)
        if (lexed.fault !== undefined) return
        const { kinds, texts: words, pairs } = lexed.tokens
        expect([words.length, pairs.length]).toEqual([kinds.length, kinds.length])
      }),
    )
  })

  it('never reads a keyword out of a string', () => {
    fc.assert(
      fc.property(dialects, fc.stringMatching(/^[a-z ;()*]*$/), (dialect, inner) => {
        expect(shown(dialect, `a '${inner}' b`)).toBe('a string b')
      }),
    )
  })

  it('pairs parentheses with each other', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('(', ')', 'a')), (parts) => {
        const lexed = createLexer('mysql')(parts.join(' '))
        if (lexed.fault !== undefined) return
        const { pairs } = lexed.tokens
        pairs.forEach((pair, index) => {
          if (pair >= 0) expect(pairs[pair]).toBe(index)
        })
      }),
    )
  })
})
