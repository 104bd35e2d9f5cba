import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto'
import type { Keyed } from '../core/redaction/replace.ts'

/** What one tenant's data was turned into says nothing to another, and does not open for it. */
export interface RedactionKeys {
  for(tenant: string | undefined): Keyed
}

export function createRedactionKeys(key: Uint8Array): RedactionKeys {
  const untenanted = keyedBy(() => key)
  return {
    for: (tenant) =>
      tenant === undefined
        ? untenanted
        : keyedBy(() => derived(key, `callgate redaction of ${tenant}`)),
  }
}

/**
 * Hashes and tokens of redaction. A token is its value, encrypted with AES-256-CTR under a vector
 * made of the value itself (SIV): the same value gives the same token, nothing else can be read of
 * it, and one that was changed or made up does not open.
 */
function keyedBy(keyOf: () => Uint8Array): Keyed {
  // Every call asks for a tenant's keys, few calls use them.
  let known: Keys | undefined
  const keys = (): Keys => {
    known ??= keysFrom(keyOf())
    return known
  }
  const vectorOf = (text: Uint8Array): Buffer =>
    createHmac('sha256', keys().mac).update(text).digest().subarray(0, VECTOR)
  return {
    hash: (value) =>
      letters(createHmac('sha256', keys().hash).update(value).digest().subarray(0, 6)),
    seal(value) {
      const text = Buffer.from(value, 'utf8')
      const vector = vectorOf(text)
      const cipher = createCipheriv('aes-256-ctr', keys().cipher, vector)
      return Buffer.concat([vector, cipher.update(text), cipher.final()]).toString('base64url')
    },
    open(token) {
      const bytes = Buffer.from(token, 'base64url')
      if (bytes.length < VECTOR || bytes.toString('base64url') !== token) return undefined
      const vector = bytes.subarray(0, VECTOR)
      const decipher = createDecipheriv('aes-256-ctr', keys().cipher, vector)
      const text = Buffer.concat([decipher.update(bytes.subarray(VECTOR)), decipher.final()])
      return timingSafeEqual(vectorOf(text), vector) ? text.toString('utf8') : undefined
    },
  }
}

interface Keys {
  readonly mac: Buffer
  readonly cipher: Buffer
  readonly hash: Buffer
}

function keysFrom(key: Uint8Array): Keys {
  return {
    mac: derived(key, 'callgate redaction mac'),
    cipher: derived(key, 'callgate redaction cipher'),
    hash: derived(key, 'callgate redaction hash'),
  }
}

const VECTOR = 16

/** Hexadecimal in letters from a to p: a number cannot be passed off as one. */
function letters(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(97 + (byte >> 4), 97 + (byte & 15))
  return text
}

function derived(key: Uint8Array, purpose: string): Buffer {
  return createHmac('sha256', key).update(purpose).digest()
}
