import type { TextScan } from './text-scan.ts'

/** Canonical bytes with letters moved by thirteen; the others as they are. */
export const ROTATED = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte < 97 || byte > 122) return byte
  return byte < 110 ? byte + 13 : byte - 13
})

/** Moves the letters of a scan by thirteen: a second time undoes it. Not for wide ones. */
export function rotateScan(scan: TextScan): void {
  const { bytes, length } = scan
  for (let at = 0; at < length; at++) bytes[at] = ROTATED[bytes[at] ?? 0] ?? 0
  scan.isMixed = false
}

/** Turns a scan into that of the same text backwards: a second time undoes it. Not for wide ones. */
export function reverseScan(scan: TextScan): void {
  const { bytes, starts, gaps, traits, length, words } = scan
  bytes.subarray(0, length).reverse()
  traits.subarray(0, words).reverse()
  // What stood before a word stands behind it; nothing that counts stands at the ends.
  gaps.subarray(1, words).reverse()
  const borders = starts.subarray(0, words + 1).reverse()
  for (let word = 0; word <= words; word++) borders[word] = length - (borders[word] ?? 0)
  scan.isMixed = false
}
