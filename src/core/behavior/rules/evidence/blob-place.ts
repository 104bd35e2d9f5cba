import { wordsOf } from '../../name-words.ts'
import type { RequestEvent, RuleView } from '../../rule.ts'
import { isStranger } from './leaving-data.ts'
import { wordSet } from './words.ts'

/** Where a request has a text without words that belongs to no such place. */
export type BlobPlace = 'a host name' | 'a URL path' | 'a header'

/**
 * Looks for encoded data in host names, URL paths and headers of requests to strangers. Hashes,
 * UUIDs and slugs of words stand there in honest requests and do not count, nor does what a response
 * has held as a whole.
 */
export function blobPlace(event: RequestEvent, view: RuleView): BlobPlace | undefined {
  if (!view.destinations.some(isStranger)) return undefined
  const isInHost = view.destinations.some(
    (place) => isStranger(place) && isBlobHost(place.text) && !wasGiven(place.text, view),
  )
  if (isInHost) return 'a host name'
  let isPath = false
  for (const argument of event.arguments) {
    const { key, text, role } = argument
    if (isPath && text.startsWith('/') && isBlobPath(text, view)) return 'a URL path'
    isPath = role === 'destination' && text.includes('://')
    if (isHeader(key) && isBlob(text, SHORTEST_PART) && !wasGiven(text, view)) return 'a header'
  }
  return undefined
}

function isBlobHost(host: string): boolean {
  if (host.includes('@') || host.includes('/')) return false
  const labels = host.slice(0, LONGEST_HOST).split('.').slice(0, -2)
  return labels.some((label) => isBlob(label, SHORTEST_LABEL))
}

function isBlobPath(path: string, view: RuleView): boolean {
  const parts = path.slice(0, LONGEST_PATH).split('/', MOST_PARTS)
  return parts.some((part) => isBlob(part, SHORTEST_PART) && !wasGiven(part, view))
}

function isHeader(key: string): boolean {
  return wordsOf(key).some((word) => HEADER_WORDS.has(word))
}

/** DNS names have labels of up to 63; words and ids of hosts are shorter than this. */
const SHORTEST_LABEL = 24
/** Ids in URLs are shorter. */
const SHORTEST_PART = 44
const MOST_PARTS = 32
const LONGEST_HOST = 255
const LONGEST_PATH = 4096
const LONGEST_LOOKED_AT = 512
const HEADER_WORDS = wordSet('header headers cookie referer agent etag x')

function wasGiven(text: string, { flows }: RuleView): boolean {
  return flows.some(({ length, encoded }) => encoded.length === 0 && length >= text.length - 2)
}

/** True for a run of base64, base32 or hexadecimal digits that is neither a hash nor made of words. */
function isBlob(text: string, shortest: number): boolean {
  if (text.length < shortest) return false
  const looked = text.slice(0, LONGEST_LOOKED_AT).replaceAll('%3D', '=').replaceAll('%2B', '+')
  if (!/^[A-Za-z0-9+_-]{1,512}={0,6}$/.test(looked)) return false
  if (/^[0-9a-fA-F-]{1,512}$/.test(looked)) return !isHash(looked)
  const parts = looked.split(/[-_]/)
  if (parts.length > 3 && parts.every((part) => part.length <= 16)) return false
  return hasDigitOrCase(looked) && bitsPerCharacter(looked) >= LEAST_BITS
}

/** English in running lower case has about 4.1 with ever fewer letters in use; base32 has up to 5. */
const LEAST_BITS = 3.6

// MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512 and UUID by their lengths.
function isHash(text: string): boolean {
  return [32, 36, 40, 56, 64, 96, 128].includes(text.length)
}

function hasDigitOrCase(text: string): boolean {
  const inner = text.slice(1)
  return /\d/.test(text) || (/[a-z]/.test(inner) && /[A-Z]/.test(inner))
}

function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) {
    const share = count / text.length
    bits -= share * Math.log2(share)
  }
  return bits
}
