import { base58CheckVersion } from '../../check-digits/base58.ts'
import { isBech32Valid } from '../../check-digits/bech32.ts'

/** The shortest address, so that shorter words need no look. */
export const SHORTEST_WALLET = 26
const LONGEST_WALLET = 90

/** Kind of coin by the version byte of its address. */
const VERSIONS: ReadonlyMap<number, string> = new Map([
  [0, 'bitcoin_address'],
  [5, 'bitcoin_address'],
  [48, 'litecoin_address'],
  [50, 'litecoin_address'],
  [30, 'dogecoin_address'],
  [65, 'tron_address'],
])

export const WALLET_KINDS: readonly string[] = [...new Set(VERSIONS.values()), 'ethereum_address']

/**
 * What kind of wallet a word is the address of, or undefined.
 * @see https://en.bitcoin.it/wiki/Address, BIP 173, EIP-55
 */
export function walletKind(word: string): string | undefined {
  if (word.length > LONGEST_WALLET) return undefined
  if (/^0x[\da-f]{40}$/i.test(word))
    return /[1-9a-f]/i.test(word.slice(2)) ? 'ethereum_address' : undefined
  if (/^(?:bc|tb|ltc)1/i.test(word)) {
    if (!isBech32Valid(word)) return undefined
    return /^ltc/i.test(word) ? 'litecoin_address' : 'bitcoin_address'
  }
  if (!/^[13LMDT]/.test(word)) return undefined
  const version = base58CheckVersion(word)
  return version === undefined ? undefined : VERSIONS.get(version)
}
