import { describe, expect, it } from 'vitest'
import { didYouMean, nearest } from './suggest.ts'

const WORDS = ['resources', 'verbs', 'effect', 'roles', 'scopes', 'expires_at']

describe('nearest', () => {
  it.each([
    ['resource', 'resources'],
    ['resuorces', 'resources'],
    ['Effect', 'effect'],
    ['expires-at', 'expires_at'],
    ['rolse', 'roles'],
    ['vreb', 'verbs'],
  ])('takes `%s` for `%s`', (word, meant) => {
    expect(nearest(word, WORDS)).toBe(meant)
  })

  it.each(['x', 'when', 'constraint', 'a'.repeat(100_000)])(
    'knows nothing near `%.10s`',
    (word) => {
      expect(nearest(word, WORDS)).toBeUndefined()
    },
  )

  it('asks as a question', () => {
    expect(didYouMean('scope', WORDS)).toBe('did you mean `scopes`?')
  })
})
