import {
  type IpAddress,
  type IpRange,
  isInRange,
  parseIp,
  parseRange,
} from '../core/constraints/support/ip-address.ts'
import { refuseOption } from '../core/option-checks.ts'

/** True for the address of a listed peer. */
export type IsListed = (peer: string | undefined) => boolean

// RFC 4291 section 2.5.5.2: `::ffff:0:0/96`, how a socket of both kinds shows an IPv4 peer.
const MAPPED = 0xffffn

/**
 * Compiles addresses and networks. IPv4 peers that a dual-stack socket shows as IPv6 are told as what
 * they are.
 * @throws {CallgateError} ERR_OPTIONS_INVALID for what is no network, and for one that holds everybody
 */
export function compilePeers(peers: unknown): IsListed {
  if (!Array.isArray(peers) || peers.length === 0)
    return refuseOption('trustedProxyIdentity: `peers` lists at least one address or network')
  const ranges = peers.map(rangeOf)
  return (peer) => {
    if (typeof peer !== 'string') return false
    const parsed = parseIp(peer)
    if (parsed === undefined) return false
    const address = unmapped(parsed)
    return ranges.some((range) => isInRange(address, range))
  }
}

function rangeOf(text: unknown): IpRange {
  const parsed = typeof text === 'string' ? parseRange(text) : undefined
  if (parsed === undefined)
    return refuseOption(
      'trustedProxyIdentity: `peers` has what is no network; write `10.0.0.0/8` or one address',
    )
  const range = asIpv4(parsed)
  if (range.hostBits === BigInt(range.bits))
    return refuseOption('trustedProxyIdentity: `peers` has a network of all addresses')
  return range
}

function asIpv4(range: IpRange): IpRange {
  const isMapped = range.bits === 128 && range.hostBits <= 32n
  if (!isMapped || range.network >> (32n - range.hostBits) !== MAPPED) return range
  const mask = (1n << (32n - range.hostBits)) - 1n
  return { bits: 32, network: range.network & mask, hostBits: range.hostBits }
}

function unmapped(address: IpAddress): IpAddress {
  return address.bits === 128 && address.value >> 32n === MAPPED
    ? { bits: 32, value: address.value & 0xffff_ffffn }
    : address
}
