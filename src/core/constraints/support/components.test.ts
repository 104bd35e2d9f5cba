import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { componentsOf } from './components.ts'

describe('componentsOf', () => {
  it('agrees with its reference: two nodes are in one component where each reaches the other', () => {
    const edges = fc.array(fc.tuple(fc.nat({ max: 6 }), fc.nat({ max: 6 })), { maxLength: 14 })
    fc.assert(
      fc.property(edges, (pairs) => {
        const next = (node: number) => pairs.filter(([from]) => from === node).map(([, to]) => to)
        const reached = (node: number): ReadonlySet<number> => {
          const seen = new Set([node])
          for (const one of seen) for (const to of next(one)) seen.add(to)
          return seen
        }
        const nodes = [0, 1, 2, 3, 4, 5, 6]
        const component = componentsOf(nodes, next)
        for (const left of nodes)
          for (const right of nodes)
            expect(component.get(left) === component.get(right)).toBe(
              reached(left).has(right) && reached(right).has(left),
            )
      }),
    )
  })

  it('goes as deep as a graph is', () => {
    const component = componentsOf([0], (node) => [(node + 1) % 100_000])
    expect([component.size, new Set(component.values()).size]).toEqual([100_000, 1])
  })
})
