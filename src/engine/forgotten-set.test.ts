import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createForgottenSet } from './forgotten-set.ts'

it('knows nothing at first', () => {
  expect(createForgottenSet().has('a')).toBe(false)
})

it('never fails to know what was added', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 200 }), (names) => {
      const set = createForgottenSet()
      for (const name of names) set.add(name)
      expect(names.filter((name) => !set.has(name))).toEqual([])
    }),
    { numRuns: 30 },
  )
})

it('rarely knows what was not, however alike', () => {
  const set = createForgottenSet()
  for (let index = 0; index < 100_000; index++) set.add(`session-${index}`)
  let wrong = 0
  for (let index = 100_000; index < 200_000; index++) if (set.has(`session-${index}`)) wrong++
  expect(wrong).toBeLessThan(100)
})
