import { describe, expect, it } from 'vitest'
import { callLoop } from '../call-loop.ts'
import { placeOf, requestOf, viewFor } from '../event.fixture.ts'
import { byEvent, byView } from './by-event.ts'

describe('an answer about an event', () => {
  it('is asked for once for each event, and by each function for itself', () => {
    let asked = 0
    const one = byEvent(({ number }) => `${number} ${++asked}`)
    const other = byEvent(({ number }) => -number)
    const [first, second] = [requestOf({ number: 1 }), requestOf({ number: 2 })]
    expect([one(first), one(second), one(first), other(first)]).toEqual(['1 1', '2 2', '1 1', -1])
  })

  it('is kept as well where it is that there is nothing', () => {
    let asked = 0
    const nothing = byEvent(() => {
      asked++
      return undefined
    })
    const event = requestOf()
    expect([nothing(event), nothing(event), asked]).toEqual([undefined, undefined, 1])
  })

  it('is asked for again where what it depends on is another', () => {
    const places = byView(['destinations'], (_, view) => view.destinations.map(({ text }) => text))
    const event = requestOf()
    const view = viewFor(callLoop, { destinations: [placeOf('a.test')] })
    expect(places(event, view)).toBe(places(event, { ...view, memory: 1 }))
    const moved = viewFor(callLoop, { destinations: [placeOf('b.test')] })
    expect(places(event, moved)).toEqual(['b.test'])
  })
})
