const LATIN1 = new TextDecoder('latin1')
const ROT13 = Uint8Array.from({ length: 128 }, (_, unit) => rotated(unit))

/** A text backwards, with its letters moved by thirteen, and both. */
export interface Mirrors {
  readonly reversed: string
  readonly rotated: string
  readonly both: string
}

export function mirrorsOf(text: string): Mirrors {
  const { length } = text
  const buffer = new Uint8Array(3 * length)
  for (let index = 0, back = length - 1; index < length; index++, back--) {
    const unit = text.charCodeAt(index)
    if (unit > 127) return wideMirrors(text)
    const moved = ROT13[unit] ?? 0
    buffer[back] = unit
    buffer[length + index] = moved
    buffer[2 * length + back] = moved
  }
  const all = LATIN1.decode(buffer)
  return {
    reversed: all.slice(0, length),
    rotated: all.slice(length, 2 * length),
    both: all.slice(2 * length),
  }
}

function wideMirrors(text: string): Mirrors {
  const rotated = wideRotated(text)
  return { reversed: wideReversed(text), rotated, both: wideReversed(rotated) }
}

const UTF16 = new TextDecoder('utf-16le')

/** Pairs of units that make one character stay in their order. */
function wideReversed(text: string): string {
  const units = new Uint16Array(text.length)
  for (let index = 0, back = text.length - 1; index < text.length; index++, back--) {
    const unit = text.charCodeAt(index)
    const next = text.charCodeAt(index + 1)
    if (unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
      units[back - 1] = unit
      units[back] = next
      index++
      back--
    } else units[back] = unit
  }
  return UTF16.decode(units)
}

function wideRotated(text: string): string {
  const units = new Uint16Array(text.length)
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    units[index] = unit < 128 ? (ROT13[unit] ?? 0) : unit
  }
  return UTF16.decode(units)
}

function rotated(unit: number): number {
  const letter = (unit | 32) - 97
  if (letter < 0 || letter > 25) return unit
  return letter < 13 ? unit + 13 : unit - 13
}
