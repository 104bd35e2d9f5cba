import type { StreamAbout, StreamFamily } from './events.ts'
import { type Frame, frameOf } from './frame.ts'

/** The events of one family: written, and the newest of them kept for those who come back. */
export interface Broadcaster {
  readonly family: StreamFamily
  publish(type: string, data: string, about: StreamAbout): Frame
  /** Those after a place, oldest first, and whether some that came after it are gone. */
  since(at: number): { readonly frames: readonly Frame[]; readonly isWhole: boolean }
}

/** Ids of all families are one sequence, so that one id says what was seen of each. */
export interface Sequence {
  /** Of this process: an id of an earlier one says nothing here. */
  readonly epoch: string
  next(): number
}

export function createBroadcaster(
  family: StreamFamily,
  sequence: Sequence,
  history: number,
): Broadcaster {
  let kept: Frame[] = []
  let goneUpTo = 0
  return {
    family,
    publish(type, data, about) {
      const at = sequence.next()
      const id = `${sequence.epoch}-${at}`
      const frame = frameOf({ at, id, event: family }, type, data, about)
      kept.push(frame)
      // Cut in large steps, so that the cost of each event stays flat.
      if (kept.length > 2 * history) {
        goneUpTo = kept.at(-history - 1)?.at ?? 0
        kept = history === 0 ? [] : kept.slice(-history)
      }
      return frame
    },
    since: (at) => ({ frames: kept.filter((frame) => frame.at > at), isWhole: goneUpTo <= at }),
  }
}

/** The place that an id names; undefined for one of another process, or none. */
export function placeOf(id: string, epoch: string): number | undefined {
  const [, of, at] = /^([0-9a-f]{1,32})-(\d{1,15})$/.exec(id) ?? []
  return of === epoch ? Number(at) : undefined
}
