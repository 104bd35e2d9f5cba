import { describe, expect, it } from 'vitest'
import { createLexer } from '../constraints/sql/lexer.ts'
import { SQL_DIALECTS } from '../model/call.ts'
import { LIMITED, REFUSED, UNCHANGED } from './postgres-corpus.fixture.ts'
import { placeTokens } from './sql-places.ts'

const CORPUS = [...LIMITED.map(([sql]) => sql), ...REFUSED.map(([sql]) => sql), ...UNCHANGED]

describe('placeTokens', () => {
  it.each(SQL_DIALECTS)('reads %s as the lexer of `sql_intent` does', (dialect) => {
    const lex = createLexer(dialect)
    for (const sql of CORPUS) {
      const lexed = lex(sql)
      if (lexed.fault !== undefined) {
        expect(() => placeTokens(sql, dialect)).toThrow()
        continue
      }
      const { tokens, starts, ends } = placeTokens(sql, dialect)
      expect(tokens.kinds).toEqual(lexed.tokens.kinds)
      expect(tokens.texts).toEqual(lexed.tokens.texts)
      expect(tokens.pairs).toEqual(lexed.tokens.pairs)
      expect([starts.length, ends.length]).toEqual([tokens.kinds.length, tokens.kinds.length])
    }
  })

  it('says where each token begins and ends', () => {
    const sql = "SELECT 'ä' -- c\n FROM t;"
    const { starts, ends } = placeTokens(sql, 'postgresql')
    expect(starts.map((start, index) => sql.slice(start, ends[index]))).toEqual([
      'SELECT',
      "'ä'",
      'FROM',
      't',
      ';',
    ])
  })
})
