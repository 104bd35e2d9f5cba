/**
 * IP addresses as RFC 4291 and dotted decimal write them, and nothing else: no octal, hexadecimal
 * or short forms, no zones, no blanks. What readers disagree on is no address here.
 */
export interface IpAddress {
  readonly bits: 32 | 128
  readonly value: bigint
}

/** A range in CIDR form. */
export interface IpRange {
  readonly bits: 32 | 128
  readonly network: bigint
  readonly hostBits: bigint
}

const BYTE = /^(?:0|[1-9]\d{0,2})$/
const GROUP = /^[0-9A-Fa-f]{1,4}$/
const LONGEST = 45

/** Undefined where the text is not one address in a form every reader agrees on. */
export function parseIp(text: string): IpAddress | undefined {
  if (text.length > LONGEST) return undefined
  if (text.includes(':')) return parseIpv6(text)
  const value = ipv4Value(text)
  return value === undefined ? undefined : { bits: 32, value }
}

/** A range, or one address as a range of one. Undefined where it is neither, or has host bits set. */
export function parseRange(text: string): IpRange | undefined {
  const slash = text.indexOf('/')
  const address = parseIp(slash < 0 ? text : text.slice(0, slash))
  if (address === undefined) return undefined
  const length = slash < 0 ? String(address.bits) : text.slice(slash + 1)
  if (!BYTE.test(length) || Number(length) > address.bits) return undefined
  const hostBits = BigInt(address.bits - Number(length))
  const network = address.value >> hostBits
  if (network << hostBits !== address.value) return undefined
  return { bits: address.bits, network, hostBits }
}

export function isInRange(address: IpAddress, range: IpRange): boolean {
  return address.bits === range.bits && address.value >> range.hostBits === range.network
}

/**
 * True for IPv6 addresses that lead to an IPv4 address: mapped, compatible, translated (NAT64) and
 * 6to4. Which of the two a connection uses is up to the host.
 * @see RFC 4291 section 2.5.5, RFC 6052 section 2.1, RFC 3056 section 2
 */
export function embedsIpv4(address: IpAddress): boolean {
  if (address.bits === 32) return false
  const high = address.value >> 32n
  const isCompatible = high === 0n && address.value > 0xffffn
  return (
    high === 0xffffn ||
    isCompatible ||
    high === 0xffff_0000n ||
    high === 0x64_ff9b_0000_0000_0000_0000n ||
    address.value >> 80n === 0x64_ff9b_0001n ||
    address.value >> 112n === 0x2002n
  )
}

function ipv4Value(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let value = 0n
  for (const part of parts) {
    if (!BYTE.test(part) || Number(part) > 255) return undefined
    value = (value << 8n) | BigInt(part)
  }
  return value
}

function parseIpv6(text: string): IpAddress | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = groupsOf(halves[0] ?? '', halves.length === 1)
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '', true) : []
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  // `::` stands for one or more groups.
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...head, ...new Array<bigint>(missing).fill(0n), ...tail]
  return { bits: 128, value: groups.reduce((value, group) => (value << 16n) | group, 0n) }
}

// Only the last group of the whole address may be dotted decimal.
function groupsOf(text: string, isLast: boolean): bigint[] | undefined {
  if (text === '') return []
  const groups: bigint[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (isLast && index === parts.length - 1 && part.includes('.')) {
      const value = ipv4Value(part)
      if (value === undefined) return undefined
      groups.push(value >> 16n, value & 0xffffn)
    } else {
      if (!GROUP.test(part)) return undefined
      groups.push(BigInt(`0x${part}`))
    }
  }
  return groups
}
