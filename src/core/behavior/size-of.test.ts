import { describe, expect, it } from 'vitest'
import { sizeOf } from './size-of.ts'

describe('the size of a value', () => {
  it.each<[string, unknown, number, number]>([
    ['nothing', undefined, 0, 100],
    ['a text', 'x'.repeat(1_000), 2_000, 2_100],
    ['a name', { ['x'.repeat(1_000)]: 1 }, 2_000, 2_100],
    ['a list', Array.from({ length: 100 }, () => 1), 2_000, 3_000],
    ['what a Proxy hides', new Proxy({}, { ownKeys: fail }), 0, 100],
  ])('of %s is told about', (_, value, least, most) => {
    const bytes = sizeOf(value)
    expect([bytes >= least, bytes <= most]).toEqual([true, true])
  })

  it('counts what goes round in a circle once', () => {
    const ring: Record<string, unknown> = { text: 'x'.repeat(1_000) }
    ring['self'] = [ring, ring]
    expect(sizeOf(ring)).toBeLessThan(2_300)
  })
})

function fail(): never {
  throw new Error('no')
}
