import { createByteHash } from '../../lineage/half-sip-hash.ts'

// Drawn for the process: a watch that another one has saved is asked anew what it had been allowed.
const hash = createByteHash(crypto.getRandomValues(new Uint8Array(16)))

/**
 * 64 bits that stand for a collection of texts, whatever their order. Nobody can make a second
 * collection with the same ones, or tell the texts by them.
 */
export function keyedTexts(texts: readonly string[]): string {
  // Each with its length: no collection is written as another is.
  const whole = [...texts].sort().map(withLength).join('')
  const units = new Uint16Array(whole.length)
  for (let at = 0; at < whole.length; at++) units[at] = whole.charCodeAt(at)
  const low = hash.hash(new Uint8Array(units.buffer), 0, 2 * units.length)
  return `${(low >>> 0).toString(36)}.${(hash.high >>> 0).toString(36)}`
}

export function withLength(text: string): string {
  return `${text.length}:${text}`
}
