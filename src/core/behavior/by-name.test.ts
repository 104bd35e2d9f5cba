import { describe, expect, it } from 'vitest'
import { byName } from './by-name.ts'

describe('an answer by name', () => {
  it('is asked for once where the name is one of a field', () => {
    const asked: string[] = []
    const lengthOf = byName((name) => asked.push(name) && name.length)
    expect([lengthOf('user_id'), lengthOf('user_id')]).toEqual([7, 7])
    expect(asked).toEqual(['user_id'])
  })

  it('is not kept where the name may be a value', () => {
    const asked: string[] = []
    const answer = byName((name) => asked.push(name))
    for (const name of ['ada@harbor.test', 'ada@harbor.test', 'x'.repeat(64), 'x'.repeat(64)])
      answer(name)
    expect(asked).toHaveLength(4)
  })

  it('stays right however many names there are', () => {
    const answer = byName((name) => `${name}!`)
    const names = Array.from(
      { length: 3_000 },
      (_, index) => `f${index % 100}_${'x'.repeat(index % 30)}`,
    )
    for (const name of [...names, ...names]) expect(answer(name)).toBe(`${name}!`)
  })
})
