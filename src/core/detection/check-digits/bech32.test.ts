import { describe, expect, it } from 'vitest'
import { isBech32Valid } from './bech32.ts'

describe('isBech32Valid', () => {
  it.each([
    'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
    'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4',
    'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0',
    'A12UEL5L',
  ])('accepts %s', (address) => {
    expect(isBech32Valid(address)).toBe(true)
  })

  it.each([
    ['a changed letter', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5'],
    ['two cases', 'bc1Qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
    ['a letter outside the alphabet', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3tb'],
    ['no prefix', '1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
    ['no separator', 'abcdefgh'],
    ['nothing', ''],
  ])('refuses %s', (_, address) => {
    expect(isBech32Valid(address)).toBe(false)
  })
})
