import { within } from '../wait.ts'

/** One question whose answer several may wait for. */
export interface Flight<T> {
  /** Settles at the limit at the latest, and never rejects. */
  readonly answer: Promise<T>
  join(): void
  /** Who waits no longer. True for the last one: the question is then given up. */
  leave(): boolean
  /** True for one of those who wait and no other: what it has cost is counted once. */
  takeBill(): boolean
}

/** Questions that are being asked, by key. Each is gone at its limit, so they are as many as calls are open. */
export type Flights<T> = Map<string, Flight<T>>

export interface Departure<T> {
  /** What is being answered; it must not reject. */
  readonly said: Promise<T>
  readonly limitMs: number
  /** Told to stop at the limit, and once nobody waits. */
  readonly controller: AbortController
  /** What is answered in the place of one that is late. */
  late(): T
  /** Told of an answer that came in time. INVARIANT: what comes later is dropped. */
  keep(answer: T): void
}

export function depart<T>(flights: Flights<T>, key: string, departure: Departure<T>): Flight<T> {
  const { said, limitMs, controller, late, keep } = departure
  let waiting = 0
  let isBilled = false
  const end = (): void => {
    if (flights.get(key) === flight) flights.delete(key)
  }
  const inTime = said.then((answer) => {
    if (!controller.signal.aborted) keep(answer)
    return answer
  })
  const atLimit = (): T => {
    controller.abort()
    return late()
  }
  const flight: Flight<T> = {
    answer: within(inTime, limitMs, atLimit).finally(end),
    join() {
      waiting++
    },
    leave() {
      waiting--
      if (waiting > 0) return false
      controller.abort()
      end()
      return true
    },
    takeBill() {
      const isFirst = !isBilled
      isBilled = true
      return isFirst
    },
  }
  flights.set(key, flight)
  return flight
}
