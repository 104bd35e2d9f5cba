import type { Argument } from '../lineage/lineage.ts'
import type { AddressPart } from './read-arguments.ts'
import { hostOf } from './url-parts.ts'

/** An address with what it carries beside where it leads. */
export interface CarryingAddress {
  /** As it was written. */
  readonly text: string
  /** Undefined for the name of a resource, which leads to its server. */
  readonly host: string | undefined
  readonly carried: readonly Argument[]
}

/** The addresses and hosts of a request that have room for data: a path, a query, labels, a user. */
export function carryingAddresses(args: readonly Argument[]): readonly CarryingAddress[] {
  const found: CarryingAddress[] = []
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]
    if (argument === undefined) continue
    if (!isPart(argument)) {
      if (argument.role === 'destination' && HOST.test(argument.text)) found.push(bare(argument))
      continue
    }
    const { address } = argument
    let end = index
    while (args[end + 1] !== undefined && partOf(args[end + 1], address)) end++
    found.push(addressOf(args.slice(index, end + 1), address))
    index = end
  }
  return found
}

/** A host below another one, or an address that was not taken apart. */
const HOST =
  /^\s{0,64}(?:[^\s./?#]{1,2048}\.){2}[^\s]{1,2048}$|^\s{0,64}[^\s./?#]{1,253}\.[^\s]{1,253}[/?#]/

function bare(argument: Argument): CarryingAddress {
  const { text } = argument
  return { text, host: text.trim(), carried: [{ ...argument, role: 'content' }] }
}

function isPart(argument: Argument): argument is AddressPart {
  return 'address' in argument
}

function partOf(argument: Argument | undefined, address: string): boolean {
  return argument !== undefined && isPart(argument) && argument.address === address
}

function addressOf(parts: readonly Argument[], text: string): CarryingAddress {
  const [first] = parts
  const place = first?.role === 'destination' ? first : undefined
  const carried = parts.filter((part) => part !== place)
  const labels = place?.text.replace(SCHEME, '').split('.').slice(0, -2).join('.') ?? ''
  if (place !== undefined && labels !== '')
    carried.push({ ...place, text: labels, role: 'content' })
  return {
    text,
    host: place === undefined ? undefined : (hostOf(place.text) ?? place.text),
    carried,
  }
}

const SCHEME = /^[a-z][a-z\d+.-]{1,20}:\/\//i
