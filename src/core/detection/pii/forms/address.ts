import { COLON, DASH, DIGIT, DOT, kindAt } from '../characters.ts'
import { ipv4At, ipv6At } from './ip-address.ts'
import { macAddressEnd } from './mac-address.ts'
import { SHORTEST_WALLET, walletKind } from './wallet.ts'

/** What was found, where it ends, and how sure it is. */
export interface Found {
  readonly kind: string
  readonly end: number
  readonly confidence: number
}

const LONGEST_GROUP = 4

/** The address of a network, a device or a wallet that begins with the word from `start` to `end`. */
export function addressAt(text: string, start: number, end: number): Found | undefined {
  const length = end - start
  if (length >= SHORTEST_WALLET) return walletAt(text, start, end)
  if (length > LONGEST_GROUP) return undefined
  const next = kindAt(text, end)
  if (next !== DOT && next !== COLON && next !== DASH) return undefined
  if (next === DOT && length < LONGEST_GROUP) return ipv4(text, start)
  return macAddress(text, start, length) ?? (next === COLON ? ipv6(text, start) : undefined)
}

/** The IPv6 address at an offset, which may begin with two colons. */
export function ipv6(text: string, start: number): Found | undefined {
  const found = ipv6At(text, start)
  return found && { kind: 'ip_address', ...found }
}

function ipv4(text: string, start: number): Found | undefined {
  if (kindAt(text, start) !== DIGIT) return undefined
  const found = ipv4At(text, start)
  return found && { kind: 'ip_address', ...found }
}

function macAddress(text: string, start: number, length: number): Found | undefined {
  if (length !== 2 && length !== 4) return undefined
  const end = macAddressEnd(text, start)
  return end === undefined ? undefined : { kind: 'mac_address', end, confidence: 0.9 }
}

function walletAt(text: string, start: number, end: number): Found | undefined {
  const kind = walletKind(text.slice(start, end))
  return kind === undefined ? undefined : { kind, end, confidence: 0.95 }
}
