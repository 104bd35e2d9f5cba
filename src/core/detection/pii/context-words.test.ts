import { describe, expect, it } from 'vitest'
import { buildWordFinder, type WordHit } from './context-words.ts'

const WORDS = [
  'ssn',
  'passport',
  'tax id',
  'número',
  '여권',
  '주민등록',
  'паспорт',
  'plakası',
  'nr',
]

function wordsIn(text: string): readonly (string | undefined)[] {
  const hits: WordHit[] = []
  buildWordFinder(WORDS).find(text, 0, text.length, hits)
  return hits.map((hit) => WORDS[hit.word])
}

describe('buildWordFinder', () => {
  it.each([
    ['my SSN is', ['ssn']],
    ['userSsn', ['ssn']],
    ['ssnNumber', ['ssn']],
    ['"ssn":', ['ssn']],
    ['PassportNumber', ['passport']],
    ['tax_id', ['tax id']],
    ['Tax-.ID', ['tax id']],
    ['NUMERO', ['número']],
    ['Número', ['número']],
    ['여권번호는', ['여권']],
    ['ПАСПОРТ', ['паспорт']],
    ['PLAKASI plakası', ['plakası', 'plakası']],
  ])('finds in `%s` %j', (text, words) => {
    expect(wordsIn(text)).toEqual(words)
  })

  it.each(['lessness', 'CLASSNAME', 'assn', 'ssns', 'tax is', 'паслорт', '여관', 'pass port', ''])(
    'finds nothing in `%s`',
    (text) => {
      expect(wordsIn(text)).toEqual([])
    },
  )

  it('tells where a word stands', () => {
    const hits: WordHit[] = []
    buildWordFinder(['tax id']).find('the tax id of', 0, 13, hits)
    expect(hits).toEqual([{ start: 4, end: 10, word: 0 }])
  })

  it('looks only from one offset to the other', () => {
    const hits: WordHit[] = []
    buildWordFinder(['tax id']).find('tax id, tax id', 1, 13, hits)
    expect(hits).toEqual([])
  })
})
