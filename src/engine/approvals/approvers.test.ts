import { describe, expect, it } from 'vitest'
import { isSamePerson } from './approvers.ts'

describe('names of one person', () => {
  it.each([
    'ben',
    'BEN',
    'user:ben',
    'user:user:ben',
    'mailto:user:ben',
    'users/ben',
    'user:users/ben',
    '@ben',
    'ben.',
    ' ben;',
    'ben+x',
    'ben+x+y',
    'ben@a.test',
    'user:ben+x@a.test.',
    'EXAMPLE\\ben',
    'EXAMPLE\\ben+x',
    '@ben@a.test',
    '<ben@a.test>',
  ])('`%s` is ben', (name) => {
    expect(isSamePerson('ben', name)).toBe(true)
    expect(isSamePerson(name, 'user:ben')).toBe(true)
  })

  it.each([
    ['ben', 'benn'],
    ['ben', 'ana'],
    ['ben@a.test', 'ben@b.test'],
    ['ben', 'user:'],
    ['ben', 'users'],
    ['ben-1', 'ben-2'],
  ])('`%s` is not `%s`', (one, other) => {
    expect(isSamePerson(one, other)).toBe(false)
  })
})
