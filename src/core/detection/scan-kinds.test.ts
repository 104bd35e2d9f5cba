import { describe, expect, it } from 'vitest'
import { SCAN_CLASSES } from './match.ts'
import { scanKinds } from './scan-kinds.ts'

describe('kinds of matches', () => {
  it.each(SCAN_CLASSES)('of class %s are sorted, unique and in snake case', (name) => {
    const kinds = scanKinds(name)
    expect([...new Set(kinds)].sort()).toEqual(kinds)
    expect(kinds.filter((kind) => !/^[a-z0-9]+(?:_[a-z0-9]+)*$/.test(kind))).toEqual([])
  })

  it('of secrets are more than 250', () => {
    expect(scanKinds('secret').length).toBeGreaterThan(250)
  })
})
