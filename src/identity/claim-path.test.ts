import { describe, expect, it } from 'vitest'
import { claimAt } from './claim-path.ts'

describe('claimAt', () => {
  const claims = JSON.parse(
    '{"a.b":1,"a":{"b":2,"c":{"d":3}},"x.y":{"z.w":4},"n":null,"__proto__":{"p":5}}',
  ) as unknown

  it.each<[string, unknown]>([
    ['a.b', 1],
    ['a.c.d', 3],
    ['x.y.z.w', 4],
    ['n', undefined],
    ['n.m', undefined],
    ['__proto__.p', 5],
    ['constructor', undefined],
    ['a.constructor', undefined],
    ['a.toString.name', undefined],
    ['.a', undefined],
    ['a.', undefined],
    ['', undefined],
  ])('finds `%s`', (path, value) => {
    expect(claimAt(claims, path)).toBe(value)
  })
})
