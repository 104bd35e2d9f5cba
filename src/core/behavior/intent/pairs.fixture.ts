import { describe, expect, it } from 'vitest'
import { ASK } from './scale.ts'
import { explained, type FixtureCall, type FixtureRead } from './session.fixture.ts'

/** The same outside text and the same call: asked about under one task, ordinary under another. */
export interface Pair {
  readonly name: string
  readonly reads: readonly FixtureRead[]
  readonly act: FixtureCall
  readonly asked: readonly string[]
  readonly ordinary: readonly string[]
}

export function describePairs(pairs: readonly Pair[]): void {
  describe.each(pairs)('$name', ({ reads, act, asked, ordinary }) => {
    if (asked.length > 0)
      it.each(asked)('is asked about: %s', (task) => {
        expect(explained({ task, reads, act })?.score ?? 0).toBeGreaterThanOrEqual(ASK)
      })
    if (ordinary.length > 0)
      it.each(ordinary)('is ordinary: %s', (task) => {
        expect(explained({ task, reads, act })?.score ?? 0).toBeLessThan(ASK)
      })
  })
}
