import { expect, it } from 'vitest'
import { createTextCache } from './cache.ts'

it('remembers short texts only', () => {
  const cache = createTextCache<number>(4, 3)
  cache.set('abc', 1)
  cache.set('abcd', 2)
  expect([cache.get('abc'), cache.get('abcd'), cache.get('x')]).toEqual([1, undefined, undefined])
})

it('holds no more than it may, and keeps what is asked for', () => {
  const cache = createTextCache<number>(4, 9)
  cache.set('kept', 0)
  for (let index = 0; index < 100; index++) {
    cache.set(`t${index}`, index)
    cache.get('kept')
  }
  const held = Array.from({ length: 100 }, (_, index) => cache.get(`t${index}`)).filter(
    (value) => value !== undefined,
  )
  expect([cache.get('kept'), held.length <= 4, held.at(-1)]).toEqual([0, true, 99])
})
