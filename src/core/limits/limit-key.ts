import { sha256Hex } from '../hash.ts'
import type { Subject } from '../model/call.ts'

// Keys are kept by the thousand, and shared stores have bounds of their own.
const MAX_KEY = 240

/**
 * The name of a bucket or an account. Each part is told by its length, so that no part can pass for
 * two; what is left out differs from every text.
 */
export function limitKey(kind: string, ...parts: readonly (string | undefined)[]): string {
  let key = kind
  for (const part of parts) key += part === undefined ? ' -' : ` ${part.length}:${part}`
  if (key.length <= MAX_KEY) return key
  // Escaped first: lone surrogates would all be hashed as one character.
  return `${kind} #${sha256Hex(JSON.stringify(key))}`
}

/** Who holds a bucket or an account: a tenant, or without tenants whoever calls. */
export function ownerOf({ tenant, user, agent, tier }: Subject): string {
  if (tenant !== undefined) return `tenant ${tenant}`
  if (tier === 'anonymous') return 'anonymous'
  return user === undefined ? `agent ${agent}` : `user ${user}`
}
