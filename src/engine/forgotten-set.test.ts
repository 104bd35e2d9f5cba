import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFadingSet, createForgottenSet } from './forgotten-set.ts'

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

describe('a fading set', () => {
  it.each([
    [0, true],
    [100, true],
    [101, true],
    [201, false],
  ])('knows a name after %i milliseconds: %s', (later, known) => {
    const set = createFadingSet({ periodMs: 100 })
    set.add('a', 1_000)
    expect(set.has('a', 1_000 + later)).toBe(known)
  })

  it('knows the last names, however many came before', () => {
    const set = createFadingSet({ periodMs: 100, most: 10 })
    for (let index = 0; index < 35; index++) set.add(`name ${index}`, 0)
    const known = Array.from({ length: 35 }, (_, index) => set.has(`name ${index}`, 0))
    expect([known.slice(-10).every(Boolean), known.slice(0, 10).some(Boolean)]).toEqual([
      true,
      false,
    ])
  })

  it('is not filled by one name that comes again and again', () => {
    const set = createFadingSet({ periodMs: 100, most: 10 })
    set.add('first', 0)
    for (let index = 0; index < 100; index++) set.add('again', 0)
    expect(set.has('first', 0)).toBe(true)
  })

  it('stays as good as it was however long it is used', () => {
    const set = createFadingSet({ periodMs: 1e9, most: 50_000 })
    for (let index = 0; index < 400_000; index++) set.add(`session-${index}`, index)
    let wrong = 0
    for (let index = 0; index < 20_000; index++) if (set.has(`fresh-${index}`, 400_000)) wrong++
    expect(wrong).toBeLessThan(20)
  })
})
