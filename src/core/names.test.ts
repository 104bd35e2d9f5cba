import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identifierFault, isToolPartBounded, kindOfResource, resourceNameFault } from './names.ts'

describe('resource names', () => {
  it.each([
    'db.execute_sql',
    'execute_sql',
    'github.x.read',
    'fs.read/file-2',
    'model:openai/gpt-4.1',
    'model:meta-llama/llama-3:free',
    'model:x/@cf/y~z',
    'prompt:db/summarise',
    'resource:fs/file:///workspace/a%20b?x=1#y',
    'resource:db/{table}/rows',
    'resource:web/https://example.com/a/?q=../x',
    'resource:fs/folder/',
    `db.${'a'.repeat(128)}`,
  ])('takes %s', (name) => {
    expect(resourceNameFault(name)).toBeUndefined()
  })

  it.each([
    [''],
    ['github..read'],
    ['.github.read'],
    ['github.read.'],
    ['github.*'],
    ['github.re?d'],
    ['github.{read,write}'],
    ['github.read,db.write'],
    ['github.read#frag'],
    ['github read'],
    ['github.read\n'],
    ['github\u2024read'],
    ['github\uff0eread'],
    ['github.re\u0301ad'],
    ['github.\ud800'],
    ['github.\u0000'],
    ['server:github'],
    ['model:'],
    ['model:a//b'],
    ['model:/a'],
    ['prompt:'],
    ['prompt:/x'],
    ['resource:a b'],
    ['resource:a\u202eb'],
    [`resource:${'a'.repeat(2_100)}`],
    ['a'.repeat(1_000_000)],
    ['resource:fs/public/../secret'],
    ['resource:fs/./x'],
    ['resource:fs//etc'],
    ['resource:fs/%2e%2e/x'],
    ['resource:fs/%65tc'],
    ['resource:fs/a%2fb'],
    ['resource:fs/%252e'],
    ['resource:fs/100%'],
    [null],
    [42],
    [true],
    [['github.read']],
    [{ toString: () => 'github.read' }],
    [undefined],
  ])('refuses %j', (name) => {
    expect(resourceNameFault(name)).toBeTypeOf('string')
  })

  it.each([
    ['db.x', 'tool'],
    ['model:a/b', 'model'],
    ['prompt:a/b', 'prompt'],
    ['resource:a/b', 'resource'],
    ['models.x', 'tool'],
  ])('knows that %s is a %s', (name, kind) => {
    expect(kindOfResource(name)).toBe(kind)
  })

  it.each([
    [`db.${'a'.repeat(128)}`, 'db', true],
    [`db.${'a'.repeat(129)}`, 'db', false],
    ['a'.repeat(129), undefined, false],
    [`${'s'.repeat(100)}.${'a'.repeat(128)}`, 's'.repeat(100), true],
  ])('bounds the tool part of %s', (name, server, expected) => {
    expect(isToolPartBounded(name, server)).toBe(expected)
  })

  it('answers for any text without throwing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const fault = resourceNameFault(text)
        expect(fault === undefined || fault.length > 0).toBe(true)
      }),
    )
  })
})

describe('identifiers', () => {
  it.each([
    'support-bot',
    'ana@example.com',
    'Ana María',
    '開発チーム',
    'отдел',
    'équipe',
    'user:ana',
    'a',
  ])('takes %s', (name) => {
    expect(identifierFault(name)).toBeUndefined()
  })

  it.each([
    ['an empty name', ''],
    ['a blank', ' '],
    ['a blank at the end', 'bot '],
    ['a no-break space at the start', '\u00a0bot'],
    ['a tab', 'a\tb'],
    ['a newline', 'a\nb'],
    ['a zero-width space', 'bo\u200bt'],
    ['a direction mark', 'bot\u202e'],
    ['a soft hyphen', 'bo\u00adt'],
    ['a tag character', 'bot\u{e0041}'],
    ['a lone surrogate', 'bot\ud800'],
    ['a decomposed letter', 'e\u0301quipe'],
    ['a full-width letter', 'ｂot'],
    ['a Cyrillic a among Latin letters', '\u0430dmin'],
    ['a whole word of Cyrillic that reads as Latin', '\u0430\u0441\u0435'],
    ['a Greek omicron among Latin letters', 'b\u03bft'],
    ['a Hangul filler', 'bot\u3164'],
    ['a name of 257 characters', 'a'.repeat(257)],
    ['a number', 7],
    ['null', null],
    ['an array', ['bot']],
  ])('refuses %s', (_what, name) => {
    expect(identifierFault(name)).toBeTypeOf('string')
  })
})
