import { constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import type { Inflated } from '../core/behavior/views/encodings.ts'

/**
 * Undoes gzip, zlib or raw deflate. Of what holds more than so many bytes, some of the first. Undefined
 * for anything else.
 */
export function inflate(bytes: Uint8Array, maxBytes: number): Inflated | undefined {
  const undo = methodOf(bytes)
  const all = attempt(undo, bytes, maxBytes, constants.Z_FINISH)
  if (all !== 'too much') return all === undefined ? undefined : { bytes: all, whole: true }
  // No bytes are more than these when they are inflated.
  for (let length = Math.min(bytes.length, maxBytes) >> 1; length > 0; length >>= 1) {
    const some = attempt(undo, bytes.subarray(0, length), maxBytes, constants.Z_SYNC_FLUSH)
    if (some !== 'too much') return some === undefined ? undefined : { bytes: some, whole: false }
  }
  return undefined
}

type Undo = typeof gunzipSync

function attempt(
  undo: Undo,
  bytes: Uint8Array,
  maxOutputLength: number,
  finishFlush: number,
): Uint8Array | 'too much' | undefined {
  try {
    return undo(bytes, { maxOutputLength, finishFlush })
  } catch (error) {
    return isTooMuch(error) ? 'too much' : undefined
  }
}

function isTooMuch(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
}

/** By the first bytes. @see https://www.rfc-editor.org/rfc/rfc1952 and 1950 */
function methodOf(bytes: Uint8Array): Undo {
  const [first = 0, second = 0] = bytes
  if (first === 0x1f && second === 0x8b) return gunzipSync
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0 ? inflateSync : inflateRawSync
}
