import type { SseEvent } from '../../core/sse/parse-sse.ts'
import { dataEvent } from './filter.ts'

type Fields = Readonly<Record<string, unknown>>

/** An event of a response that is to be told. */
export interface Told {
  /** As it came; undefined where it is our own. */
  readonly event: SseEvent | undefined
  /** What it says now. */
  readonly data: Fields
  /** What it said when it came. */
  readonly source?: Fields
}

/** Counts the events that are told: their numbers have no gap, whatever was taken out or put in. */
export interface Sequence {
  write(told: Told): string
}

export function createSequence(): Sequence {
  let next: number | undefined
  return {
    write({ event, data, source }) {
      const { sequence_number: number } = data
      // Some count nothing.
      if (typeof number === 'number') next ??= number
      const own = next
      if (next !== undefined) next++
      const isSame =
        event !== undefined && data === source && (number === own || number === undefined)
      if (isSame) return event.raw
      const counted = own === undefined ? data : { ...data, sequence_number: own }
      return dataEvent(counted, event === undefined ? String(data['type']) : event.event)
    },
  }
}
