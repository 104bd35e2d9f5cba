import type { Redaction } from './settings.ts'

/** Turns values into what stands for them, and tokens back. Handed in: keys and ciphers are no pure matter. */
export interface Keyed {
  /** A short keyed hash: the same value, the same hash. Twelve letters from a to p. */
  hash(value: string): string
  /** Sealed so that only the key's owner reads it; the same value, the same token. */
  seal(value: string): string
  /** What a sealed token stands for; undefined where it is none of ours. */
  open(token: string): string | undefined
}

/** What stands for one value. Holds nothing of it, and is nothing that would be taken out again. */
export function replacementFor(
  value: string,
  kind: string,
  { action }: Pick<Redaction, 'action'>,
  keyed: Keyed,
): string {
  switch (action) {
    case 'mask':
      return MASK
    case 'label':
      return `[${kind}]`
    case 'remove':
      return ''
    case 'hash':
      return `[${kind}#${keyed.hash(value)}]`
    case 'token':
      return `[${kind}~${keyed.seal(value)}]`
  }
}

export const MASK = '********'

/** Hashes and tokens as `replacementFor` writes them. */
export const STAND_IN = /\[([a-z0-9_]{1,64})([#~])([A-Za-z0-9_-]{8,20000})\]/g
