const ENCODER = new TextEncoder()
/** Texts up to this long are read in a place that is kept for them. */
const ROOM = 1 << 16

let bytes: Uint8Array | undefined
let room: Uint16Array | undefined
let isLent = false

/**
 * The UTF-16 units of a text. What reads a text several times reads them from here: how fast
 * `text.charCodeAt` is depends on how the engine happens to store the text.
 */
export function unitsOf(text: string): Uint16Array {
  return fill(new Uint16Array(text.length), text)
}

/** The same for as long as `read` runs, without a copy of its own for each text. */
export function withUnits<T>(text: string, read: (units: Uint16Array) => T): T {
  const { length } = text
  if (isLent || length > ROOM) return read(unitsOf(text))
  room ??= new Uint16Array(ROOM)
  const units = fill(room.subarray(0, length), text)
  isLent = true
  try {
    return read(units)
  } finally {
    isLent = false
    // Nothing that was read stays in memory for longer.
    units.fill(0)
  }
}

function fill(units: Uint16Array, text: string): Uint16Array {
  if (isAscii(text)) units.set((bytes ?? NO_BYTES).subarray(0, text.length))
  else fillByUnit(units, text)
  return units
}

const NO_BYTES = new Uint8Array(0)

/** Whether the text is ASCII, which most are; the encoder has put it into `bytes` then, all at once. */
function isAscii(text: string): boolean {
  const { length } = text
  if (length > ROOM) return false
  bytes ??= new Uint8Array(ROOM)
  const { read, written } = ENCODER.encodeInto(text, bytes)
  return read === length && written === length
}

function fillByUnit(units: Uint16Array, text: string): void {
  const { length } = text
  // Called so, the method is not looked up by how the text is stored.
  for (let at = 0; at < length; at++) units[at] = String.prototype.charCodeAt.call(text, at)
}
