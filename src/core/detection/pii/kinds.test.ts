import { describe, expect, it } from 'vitest'
import { findPersonalData } from './find-personal-data.ts'
import { PII_KINDS } from './kinds.ts'

describe('PII_KINDS', () => {
  it('lists each kind once, in order', () => {
    expect([...new Set(PII_KINDS)].sort()).toEqual(PII_KINDS)
  })

  it.each([
    'a@b.de',
    '192.0.2.77',
    '3c-07-71-aa-bb-01',
    '+442079460018',
    '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
    '0x52908400098527886E0F7030069857D2E4169EE7',
    '529.982.247-25',
  ])('lists what is found in %s', (text) => {
    expect(PII_KINDS).toEqual(
      expect.arrayContaining(findPersonalData(text).map(({ kind }) => kind)),
    )
  })
})
