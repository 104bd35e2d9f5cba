import { type KeyLike, sign, verify } from 'node:crypto'
import { canonicalJson } from '../../core/hash.ts'
import type { JsonObject } from '../../core/model/json.ts'

/** What is left of a record that was removed: enough to follow the chain over it. */
export interface RemovedRecord {
  readonly seq: number
  readonly ts: string
  /** The hash that the record had; the next one names it as `prev`. */
  readonly hash: string
}

/**
 * The line that stands for records that were removed on purpose, one run of them. It begins at `prev`
 * and ends at `hash`, so that the chain holds; what was removed cannot be read or checked any more.
 */
export interface Tombstone {
  readonly schema: 1
  readonly kind: 'tombstone'
  /** `seq` and `ts` of the first record removed. */
  readonly seq: number
  readonly ts: string
  /** What the first record removed named as `prev`. */
  readonly prev: string | null
  /** Hash of the last record removed. */
  readonly hash: string
  readonly removed: readonly RemovedRecord[]
  readonly why: string
  /** When they were removed: RFC 3339, UTC. */
  readonly removed_at: string
  /** Ed25519, base64, over the canonical form of the other fields; null where it is not signed. */
  readonly signature: string | null
}

/** Most records that one line stands for, so that lines stay short. */
export const MOST_REMOVED = 1_000

/** The canonical line of a tombstone, signed where there is a key. */
export function tombstoneLine(
  { signature: _, ...fields }: Tombstone,
  privateKey: KeyLike | undefined,
): string {
  const signature =
    privateKey === undefined ? null : sign(null, signedBytes(fields), privateKey).toString('base64')
  return canonicalJson({ ...fields, signature } as unknown as JsonObject) // plain JSON by its type
}

/** A tombstone, if the text is one that holds together. */
export function readTombstone(text: string): Tombstone | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return isWhole(value) && canonicalJson(value as unknown as JsonObject) === text
    ? value
    : undefined
}

export function isTombstone(text: string): boolean {
  return readTombstone(text) !== undefined
}

export function isTombstoneSigned(
  { signature, ...fields }: Tombstone,
  publicKey: KeyLike,
): boolean {
  if (signature === null) return false
  try {
    return verify(null, signedBytes(fields), publicKey, Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}

function signedBytes(fields: Omit<Tombstone, 'signature'>): Buffer {
  return Buffer.from(canonicalJson(fields as unknown as JsonObject)) // plain JSON by its type
}

function isWhole(value: unknown): value is Tombstone {
  if (typeof value !== 'object' || value === null) return false
  const { schema, kind, prev, hash, removed, why, removed_at, signature, ...rest } = value as {
    readonly [name: string]: unknown
  }
  if (schema !== 1 || kind !== 'tombstone' || !isRemoved({ ...rest, hash })) return false
  if (!(prev === null || isHash(prev)) || typeof why !== 'string') return false
  if (typeof removed_at !== 'string' || Number.isNaN(Date.parse(removed_at))) return false
  if (!(signature === null || typeof signature === 'string')) return false
  if (!Array.isArray(removed) || removed.length > MOST_REMOVED) return false
  return (
    removed.every(isRemoved) && removed[0]?.seq === rest['seq'] && removed.at(-1)?.hash === hash
  )
}

function isRemoved(value: unknown): value is RemovedRecord {
  if (typeof value !== 'object' || value === null) return false
  const { seq, ts, hash, ...rest } = value as { readonly [name: string]: unknown }
  const isPlaced = Number.isSafeInteger(seq) && typeof ts === 'string' && isHash(hash)
  return isPlaced && Object.keys(rest).length === 0
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value)
}
