import { createByteHash } from './half-sip-hash.ts'

/**
 * Words as text that nobody reads or changes without the key: a stream of HalfSipHash words over them, its
 * nonce the hash of what is sealed, which also tells on opening whether it is whole. The rolling hashes of
 * pieces overlap, so that as they are they would give their values away to who knows some of them.
 * @see https://www.rfc-editor.org/rfc/rfc5297 (the construction: the nonce is made of the plain text)
 */
export function seal(words: Int32Array, key: Uint8Array): string {
  const nonce = nonceOf(words, key)
  return base64Of(nonce, stream(words, key, nonce))
}

/** What was sealed under the same key, or undefined. */
export function unseal(text: string, key: Uint8Array): Int32Array | undefined {
  const all = wordsOf(text)
  if (all === undefined || all.length < 2) return undefined
  const nonce = all.subarray(0, 2)
  const words = stream(all.subarray(2), key, nonce)
  const [low, high] = nonceOf(words, key)
  return low === nonce[0] && high === nonce[1] ? words : undefined
}

function nonceOf(words: Int32Array, key: Uint8Array): Int32Array {
  const hash = createByteHash(derivedKey(key, 0x6e))
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
  return Int32Array.of(hash.hash(bytes, 0, bytes.length), hash.high)
}

function stream(words: Int32Array, key: Uint8Array, nonce: Int32Array): Int32Array {
  const hash = createByteHash(derivedKey(key, 0x73))
  const block = Int32Array.of(nonce[0] ?? 0, nonce[1] ?? 0, 0)
  const bytes = new Uint8Array(block.buffer)
  const result = new Int32Array(words.length)
  for (let at = 0; at < words.length; at += 2) {
    block[2] = at
    result[at] = (words[at] ?? 0) ^ hash.hash(bytes, 0, bytes.length)
    if (at + 1 < words.length) result[at + 1] = (words[at + 1] ?? 0) ^ hash.high
  }
  return result
}

/** A key of its own for each use. */
function derivedKey(key: Uint8Array, use: number): Uint8Array {
  const hash = createByteHash(key)
  const derived = new Int32Array(4)
  for (let at = 0; at < 4; at += 2) {
    derived[at] = hash.hash(Uint8Array.of(use, at, 0xc9), 0, 3)
    derived[at + 1] = hash.high
  }
  return new Uint8Array(derived.buffer)
}

const CHUNK = 0x2000

function base64Of(...parts: readonly Int32Array[]): string {
  let binary = ''
  for (const part of parts) {
    const bytes = new Uint8Array(part.buffer, part.byteOffset, part.byteLength)
    for (let at = 0; at < bytes.length; at += CHUNK)
      binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  }
  return btoa(binary)
}

function wordsOf(text: string): Int32Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined
  const binary = atob(text)
  if (binary.length % 4 !== 0) return undefined
  const bytes = Uint8Array.from(binary, (unit) => unit.charCodeAt(0))
  return new Int32Array(bytes.buffer)
}
