import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { destinationsOf } from '../../payload/destinations-of.ts'
import { argumentOf, placeOf, requestOf } from '../event.fixture.ts'
import { actCause, placeCause } from './causes.ts'

const event = requestOf({ tool: 'mail.send' })

function causeTo(...places: readonly string[]): string {
  return placeCause(
    event,
    places.map((text) => placeOf(text)),
  )
}

describe('the cause by place', () => {
  it('is the same for the same places in any order, and no other', () => {
    const address = fc.stringMatching(/^[a-z0-9]{1,4}@(?:x|y)\.test$/)
    fc.assert(
      fc.property(fc.uniqueArray(address, { maxLength: 5 }), address, (places, other) => {
        expect(causeTo(...[...places].reverse())).toBe(causeTo(...places))
        if (!places.includes(other)) expect(causeTo(...places, other)).not.toBe(causeTo(...places))
      }),
    )
  })

  it('tells texts apart that one hash without a key takes for the same', () => {
    // FNV-1a of 32 bits gives one number for both.
    expect(causeTo('someone@outside.test')).not.toBe(causeTo('7ve74nca@evil.test'))
  })

  it('does not run texts into one another', () => {
    const causes = [['ab', 'c'], ['a', 'bc'], ['abc'], ['1:a', 'bc'], ['a1:b', 'c']]
    expect(new Set(causes.map((places) => causeTo(...places))).size).toBe(causes.length)
  })

  it('is another one for one more of many', () => {
    const causeOfMany = (count: number): string => {
      const args = Array.from({ length: count }, (_, at) =>
        argumentOf('to', `a${at}@x.test`, 'destination'),
      )
      return placeCause(
        event,
        destinationsOf(args).map(({ text }) => placeOf(text)),
      )
    }
    const causes = [64, 65, 66, 200, 201].map(causeOfMany)
    expect(new Set(causes).size).toBe(causes.length)
  })
})

it('the cause by act is another one for any other field or value', () => {
  const causeOf = (fields: Readonly<Record<string, string>>): string =>
    actCause(requestOf({ tool: 'mail.send', arguments: fields }))
  expect(causeOf({ a: '1', b: '2' })).toBe(causeOf({ b: '2', a: '1' }))
  const others = [
    { a: '1', b: '2' },
    { a: '2', b: '1' },
    { a: '1' },
    { a: '1', b: '2 ' },
    { ab: '12' },
  ]
  expect(new Set(others.map(causeOf)).size).toBe(others.length)
})
