import type { Argument } from '../lineage/lineage.ts'
import { hostOf } from './url-parts.ts'

const MAX_DESTINATIONS = 64
const MAX_LENGTH = 2048
const ADDRESSES = /[^\s@<>"'(),;:[\]]{1,64}@[^\s@<>"'(),;:[\]]{1,255}/g

/**
 * Where a request goes: hosts of addresses, e-mail addresses, and other destinations such as accounts
 * and paths as they are written. Without repetitions, at most 64.
 */
export function destinationsOf(args: readonly Argument[]): readonly string[] {
  const found = new Set<string>()
  for (const { role, text } of args) {
    if (role !== 'destination') continue
    for (const destination of destinationsIn(text.slice(0, MAX_LENGTH))) {
      if (found.size >= MAX_DESTINATIONS) return [...found]
      found.add(destination)
    }
  }
  return [...found]
}

function destinationsIn(text: string): readonly string[] {
  const host = hostOf(text)
  if (host !== undefined) return [host]
  if (text.includes('@')) {
    const addresses = text.match(ADDRESSES)
    if (addresses !== null) return addresses.map((address) => address.replace(/[.]+$/, ''))
  }
  const trimmed = text.trim()
  return trimmed === '' ? [] : [trimmed]
}
