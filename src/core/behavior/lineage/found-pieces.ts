import type { Place } from './evidence.ts'
import { NUMBERS } from './fragments.ts'

/** Pieces of values that a request holds, by the number of their value. */
export interface FoundPieces {
  /** Numbers of the values in the order in which they were found, `count` of them; room for one more. */
  readonly numbers: Int32Array
  count: number
  /** By number: which pieces. */
  readonly masks: Int32Array
  /** Texts in the order in which they were searched. */
  readonly texts: PieceText[]
  /** By number: 1 where it is an encoded text that the value is reported of. */
  readonly viewed: Uint8Array
  /** Values that were found as they are, of which an encoded text showed more: by number, the text. */
  readonly shown: Map<number, number>
  /** The text at hand was encoded. */
  isView: boolean
}

/** A text that was searched for pieces. */
export interface PieceText {
  readonly place: Place
  /** Number of the argument. */
  readonly argument: number
  /** How many values had been found before. */
  readonly from: number
}

/** A request is looked up in one go: its room is the same for all sessions, and emptied before the next. */
let room: FoundPieces | undefined

/** Nothing found so far. What was given before is of no use from here on. */
export function startPieces(): FoundPieces {
  room ??= {
    numbers: new Int32Array(NUMBERS + 1),
    count: 0,
    masks: new Int32Array(NUMBERS),
    texts: [],
    viewed: new Uint8Array(NUMBERS),
    shown: new Map(),
    isView: false,
  }
  const { numbers, masks, viewed, count, shown } = room
  for (let at = 0; at < count; at++) {
    const number = numbers[at] ?? 0
    masks[number] = 0
    viewed[number] = 0
  }
  room.count = 0
  room.texts.length = 0
  if (shown.size > 0) shown.clear()
  return room
}

/** What is added from here on was found in the given place. */
export function searchIn(found: FoundPieces, place: Place, argument: number): void {
  found.texts.push({ place, argument, from: found.count })
  found.isView = place.encoded.length > 0
}

/** The encoded text at hand holds more of a value, or is the first to hold any. */
export function showMore(found: FoundPieces, number: number, isFirst: boolean): void {
  const { texts, shown, viewed } = found
  if (viewed[number] === 1) return
  const text = texts.length - 1
  if (!isFirst && texts[text]?.place.role !== 'content') return
  viewed[number] = 1
  if (!isFirst) shown.set(number, text)
}
