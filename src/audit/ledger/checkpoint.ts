import { createPublicKey, type KeyLike, sign, verify } from 'node:crypto'
import { canonicalJson } from '../../core/hash.ts'
import type { JsonObject } from '../../core/model/json.ts'

/**
 * Where a ledger had got to. Kept where whoever can write the ledger cannot, it shows that a tail was
 * cut off, or the whole made anew.
 */
export interface Checkpoint {
  readonly schema: 1
  /** Of the last record. */
  readonly seq: number
  /** Of the last record: stands for all before it. */
  readonly hash: string
  /** Records in the file, up to this one. */
  readonly count: number
  /** Of the last record. */
  readonly ts: string
  /** Name of the file at that time, without folder. */
  readonly file: string
  /** Where the sink has deleted this record and all before it, as `keep` asks: a ledger may begin here. */
  readonly deleted?: true
  /** Ed25519, base64, over the canonical form of the other fields. */
  readonly signature?: string
}

/** Signs checkpoints with an Ed25519 private key (PEM or a key object). */
export function createCheckpointSigner(privateKey: KeyLike): (point: Checkpoint) => Checkpoint {
  const signer = (checkpoint: Checkpoint): Checkpoint => ({
    ...checkpoint,
    signature: sign(null, signedBytes(checkpoint), privateKey).toString('base64'),
  })
  const probe: Checkpoint = { schema: 1, seq: 0, hash: '', count: 0, ts: '', file: '' }
  if (
    createPublicKey(privateKey as Parameters<typeof createPublicKey>[0]).asymmetricKeyType !==
    'ed25519'
  )
    throw new TypeError('a checkpoint is signed with an Ed25519 key')
  signer(probe) // a key that cannot sign is found now
  return signer
}

export function isSignedBy(checkpoint: Checkpoint, publicKey: KeyLike): boolean {
  if (checkpoint.signature === undefined) return false
  try {
    const signature = Buffer.from(checkpoint.signature, 'base64')
    return verify(null, signedBytes(checkpoint), publicKey, signature)
  } catch {
    return false
  }
}

function signedBytes({ signature: _, ...rest }: Checkpoint): Buffer {
  return Buffer.from(canonicalJson(rest as unknown as JsonObject)) // plain JSON by its type
}
