import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'

/** Undoes gzip, zlib or raw deflate, up to a number of bytes. Undefined for anything else. */
export function inflate(bytes: Uint8Array, maxBytes: number): Uint8Array | undefined {
  const undo = methodOf(bytes)
  try {
    return undo(bytes, { maxOutputLength: maxBytes })
  } catch {
    return undefined
  }
}

/** By the first bytes. @see https://www.rfc-editor.org/rfc/rfc1952 and 1950 */
function methodOf(bytes: Uint8Array): typeof gunzipSync {
  const [first = 0, second = 0] = bytes
  if (first === 0x1f && second === 0x8b) return gunzipSync
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0 ? inflateSync : inflateRawSync
}
