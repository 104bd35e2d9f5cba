import { sha256Hex } from '../core/hash.ts'
import type { Subject } from '../core/model/call.ts'
import { CallgateError } from '../core/model/errors.ts'

/** A key that callers present, and who they are. The key itself is nowhere: only its hash. */
export interface RouterKey {
  /** SHA-256 of the key: `sha256:` and 64 hexadecimal digits. */
  readonly hash: string
  readonly subject: Subject
}

/** Who presents a key; undefined: nobody has it. */
export type SubjectOfKey = (bearer: string) => Subject | undefined

const HASH = /^sha256:([0-9a-f]{64})$/
const BUCKET = 8
const LONGEST_KEY = 1_024

/**
 * What is written down of a key. Keys are to be random, of 128 bits or more: a hash protects no word that
 * can be guessed.
 */
export function hashKey(key: string): string {
  return `sha256:${sha256Hex(key)}`
}

/** @throws {CallgateError} ERR_OPTIONS_INVALID for a hash that is none, or is there twice */
export function createKeys(keys: readonly RouterKey[]): SubjectOfKey {
  const buckets = new Map<string, (readonly [digest: string, subject: Subject])[]>()
  for (const [index, { hash, subject }] of keys.entries()) {
    const [, digest] = HASH.exec(hash) ?? []
    if (digest === undefined)
      throw wrong(`the hash of key ${index + 1} is not \`sha256:\` and 64 digits`)
    const bucket = buckets.get(digest.slice(0, BUCKET)) ?? []
    if (bucket.some(([other]) => other === digest)) throw wrong(`key ${index + 1} is there twice`)
    bucket.push([digest, subject])
    buckets.set(digest.slice(0, BUCKET), bucket)
  }
  return (bearer) => {
    if (bearer.length > LONGEST_KEY) return undefined
    const digest = sha256Hex(bearer)
    let found: Subject | undefined
    for (const [known, subject] of buckets.get(digest.slice(0, BUCKET)) ?? [])
      if (isSame(known, digest)) found = subject
    return found
  }
}

function wrong(why: string): CallgateError {
  return new CallgateError('ERR_OPTIONS_INVALID', `\`keys\`: ${why}`)
}

/** Takes as long wherever they differ. Both have the same length. */
function isSame(one: string, other: string): boolean {
  let difference = one.length ^ other.length
  for (let at = 0; at < one.length; at++) difference |= one.charCodeAt(at) ^ other.charCodeAt(at)
  return difference === 0
}
