import { describe, expect, it } from 'vitest'
import { Later } from './later.ts'

describe('what is answered later', () => {
  it('tells its readers in the turn in which it is settled, in their order', () => {
    const said: unknown[] = []
    const later = new Later()
    later.then((value) => said.push(['one', value]))
    later.then((value) => value).then((value) => said.push(['two', value]))
    later.resolve(1)
    later.then((value) => said.push(['late', value]))
    expect(said).toEqual([
      ['one', 1],
      ['two', 1],
      ['late', 1],
    ])
  })

  it('is settled once', () => {
    const said: unknown[] = []
    const later = new Later()
    later.then(
      (value) => said.push(value),
      (error) => said.push(error),
    )
    later.resolve('first')
    later.resolve('second')
    later.reject('third')
    expect(said).toEqual(['first'])
  })

  it('hands on what a reader throws', () => {
    const said: unknown[] = []
    const later = new Later()
    later
      .then(() => {
        throw new Error('refused')
      })
      .then(undefined, (error: Error) => said.push(error.message))
    later.resolve(1)
    expect(said).toEqual(['refused'])
  })

  it('goes past readers that are not for it', () => {
    const said: unknown[] = []
    const later = new Later()
    later
      .then(() => said.push('value'))
      .then(undefined, (error) => error)
      .then((error) => said.push(error))
    later.reject('lost')
    expect(said).toEqual(['lost'])
  })

  it('waits for a promise that a reader gives', async () => {
    const later = new Later()
    const next = later.then(async (value) => `${String(value)} later`)
    later.resolve('read')
    expect(await next).toBe('read later')
  })
})
