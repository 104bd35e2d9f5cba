import { describe, expect, it } from 'vitest'
import { countedIds } from './counted-ids.ts'

describe('ids of calls', () => {
  it('are unique, in order, and never the same again', () => {
    const [next, other] = [countedIds(), countedIds()]
    const ids = Array.from({ length: 3_000 }, next)

    expect(new Set([...ids, other()]).size).toBe(3_001)
    expect(ids.map((id) => Number.parseInt(id.split('-')[1] ?? '', 36))).toEqual([...ids.keys()])
  })

  it('cannot be guessed from one another', () => {
    const parts = new Set(Array.from({ length: 3_000 }, countedIds()).map((id) => id.split('-')[2]))

    expect(parts.size).toBeGreaterThan(2_990)
  })
})
