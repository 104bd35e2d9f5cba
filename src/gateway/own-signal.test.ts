import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { ownSignal } from './own-signal.ts'

it('is aborted with each of the others, for the same reason', () => {
  const [one, two] = [new AbortController(), new AbortController()]
  const own = ownSignal(one.signal, two.signal)
  expect(own.signal.aborted).toBe(false)
  two.abort('why')
  expect([own.signal.aborted, own.signal.reason]).toEqual([true, 'why'])
  expect(ownSignal(two.signal).signal.reason).toBe('why')
})

it('leaves nothing with the others when it is let go', () => {
  const { signal } = new AbortController()
  for (let at = 0; at < 100; at++) {
    const own = ownSignal(signal)
    own.signal.addEventListener('abort', () => undefined)
    own.release()
  }
  expect(getEventListeners(signal, 'abort')).toEqual([])
})
