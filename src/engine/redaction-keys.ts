import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto'
import type { Keyed } from '../core/redaction/replace.ts'

/**
 * Hashes and tokens of redaction. A token is its value, encrypted with AES-256-CTR under a vector
 * made of the value itself (SIV): the same value gives the same token, nothing else can be read of
 * it, and one that was changed or made up does not open.
 */
export function createRedactionKeys(key: Uint8Array): Keyed {
  const macKey = derived(key, 'callgate redaction mac')
  const cipherKey = derived(key, 'callgate redaction cipher')
  const hashKey = derived(key, 'callgate redaction hash')
  const mac = (text: Uint8Array): Buffer =>
    createHmac('sha256', macKey).update(text).digest().subarray(0, VECTOR)
  return {
    hash: (value) => createHmac('sha256', hashKey).update(value).digest('hex').slice(0, 12),
    seal(value) {
      const text = Buffer.from(value, 'utf8')
      const vector = mac(text)
      const cipher = createCipheriv('aes-256-ctr', cipherKey, vector)
      return Buffer.concat([vector, cipher.update(text), cipher.final()]).toString('base64url')
    },
    open(token) {
      const bytes = Buffer.from(token, 'base64url')
      if (bytes.length < VECTOR || bytes.toString('base64url') !== token) return undefined
      const vector = bytes.subarray(0, VECTOR)
      const decipher = createDecipheriv('aes-256-ctr', cipherKey, vector)
      const text = Buffer.concat([decipher.update(bytes.subarray(VECTOR)), decipher.final()])
      return timingSafeEqual(mac(text), vector) ? text.toString('utf8') : undefined
    },
  }
}

const VECTOR = 16

function derived(key: Uint8Array, purpose: string): Buffer {
  return createHmac('sha256', key).update(purpose).digest()
}
