import { describe, expect, it } from 'vitest'
import { base58CheckVersion } from './base58.ts'

describe('base58CheckVersion', () => {
  it.each([
    ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', 0],
    ['3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy', 5],
    ['1111111111111111111114oLvT2', 0],
  ])('reads the version of %s', (address, version) => {
    expect(base58CheckVersion(address)).toBe(version)
  })

  it.each([
    ['a changed letter', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb'],
    ['a letter of no digit', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfN0'],
    ['one unit less', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfN'],
    ['one unit more', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNaa'],
    ['only ones', '1'.repeat(33)],
    ['a number too large', 'z'.repeat(35)],
    ['nothing', ''],
  ])('refuses %s', (_, address) => {
    expect(base58CheckVersion(address)).toBeUndefined()
  })
})
