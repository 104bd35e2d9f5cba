import { refuseOption } from '../core/option-checks.ts'

/** The kind of key that an algorithm needs. */
export type KeyKind = 'secret' | 'rsa' | 'ec' | 'ed25519'

export interface Algorithm {
  readonly key: KeyKind
  /** Of elliptic curves, as OpenSSL names it. */
  readonly curve?: string
  /** Of secrets: as long as the hash. @see https://www.rfc-editor.org/rfc/rfc7518#section-3.2 */
  readonly minBytes?: number
}

const SHA = [256, 384, 512] as const
const CURVES = { 256: 'prime256v1', 384: 'secp384r1', 512: 'secp521r1' } as const

/**
 * The algorithms of signatures that are accepted; there is no `none` among them.
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.1 and RFC 8037, RFC 9864 for Edwards curves
 */
export const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map<string, Algorithm>([
  ...SHA.flatMap((bits): [string, Algorithm][] => [
    [`HS${bits}`, { key: 'secret', minBytes: bits / 8 }],
    [`RS${bits}`, { key: 'rsa' }],
    [`PS${bits}`, { key: 'rsa' }],
    [`ES${bits}`, { key: 'ec', curve: CURVES[bits] }],
  ]),
  ['EdDSA', { key: 'ed25519' }],
  ['Ed25519', { key: 'ed25519' }],
])

/** @throws {CallgateError} ERR_OPTIONS_INVALID for none, an unknown one, or the word `none` */
export function checkAlgorithms(names: unknown): readonly string[] {
  if (!Array.isArray(names) || names.length === 0)
    return refuseOption('jwtIdentity: `algorithms` lists those that are accepted')
  for (const name of names)
    if (typeof name !== 'string' || !ALGORITHMS.has(name))
      refuseOption(`jwtIdentity: \`algorithms\` are of ${[...ALGORITHMS.keys()].join(', ')}`)
  return Object.freeze([...new Set<string>(names)])
}

export function algorithm(name: string): Algorithm {
  return ALGORITHMS.get(name) ?? refuseOption('jwtIdentity: an unknown algorithm')
}
