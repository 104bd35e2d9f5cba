import { parseEmail } from '../../constraints/support/email-address.ts'
import type { Argument } from '../lineage/lineage.ts'
import { hostOf } from './url-parts.ts'

/** A place that a request names. */
export interface NamedDestination {
  /** The host of an address, an e-mail address, or whatever else, such as an account, as it is written. */
  readonly text: string
  /** It was not understood, or not reached: who knows or allows other places knows nothing of this one. */
  readonly unread: boolean
}

const MAX_DESTINATIONS = 64
const MAX_LENGTH = 2048

/**
 * Where a request goes, without repetitions. Up to 64 places are told one by one; what lies beyond
 * that, or beyond the first 2,048 units of an argument, is one more that is unread.
 */
export function destinationsOf(args: readonly Argument[]): readonly NamedDestination[] {
  const found = new Map<string, NamedDestination>()
  const beyond: string[] = []
  for (const { role, text } of args) if (role === 'destination') add(found, beyond, text.trim())
  if (beyond.length === 0) return [...found.values()]
  return [...found.values(), unread(beyond.join(', '))]
}

function add(found: Map<string, NamedDestination>, beyond: string[], text: string): void {
  if (found.size >= MAX_DESTINATIONS) {
    // Where all of an argument is known already, it says nothing new.
    if (text !== '' && !found.has(text)) beyond.push(text)
    return
  }
  const end = text.length > MAX_LENGTH ? lastGapIn(text) : text.length
  for (const place of destinationsIn(text.slice(0, end))) {
    const key = `${place.unread ? '?' : ''}${place.text}`
    if (found.size < MAX_DESTINATIONS) found.set(key, place)
    else if (!found.has(key)) beyond.push(place.text)
  }
  if (end < text.length) beyond.push(text.slice(end))
}

/** Where the part that is read ends: not within a name. */
function lastGapIn(text: string): number {
  let end = MAX_LENGTH
  while (end > 0 && !/[\s,;]/.test(text.charAt(end))) end--
  return end === 0 ? MAX_LENGTH : end
}

function destinationsIn(text: string): readonly NamedDestination[] {
  if (text === '') return []
  const host = hostOf(text)
  if (host !== undefined) return [clear(host)]
  if (!AT.test(text)) return [clear(text)]
  return partsOfList(text).flatMap(placesIn)
}

/** Also as mail programs may take it for one. */
const AT = /[@\uff20\ufe6b]/

function clear(text: string): NamedDestination {
  return { text, unread: false }
}

function unread(text: string): NamedDestination {
  return { text, unread: true }
}

/** The parts of a list of addresses, cut where no quotation mark and no bracket is open. */
function partsOfList(text: string): readonly string[] {
  const parts: string[] = []
  let start = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charAt(at)
    if (unit === '"') at = endOfQuote(text, at)
    else if (unit === '<') at = endOrLast(text, text.indexOf('>', at))
    else if (SEPARATORS.includes(unit)) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  parts.push(text.slice(start))
  return parts
}

function endOfQuote(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1
  return at
}

/** What is never closed goes on to the end. */
function endOrLast(text: string, end: number): number {
  return end < 0 ? text.length : end
}

const SEPARATORS = ',;\n\r'

/** What a part of a list is not as a whole is not understood: programs differ over comments, quotes and routes. */
function placesIn(part: string): readonly NamedDestination[] {
  const text = part.trim()
  if (text === '') return []
  const named = NAMED.exec(text)?.[1] ?? text
  const address = named.replace(/\.$/, '')
  if (isAddress(address)) return [clear(address)]
  const remote = REMOTE.exec(text)?.[1]
  if (remote !== undefined) return [clear(remote)]
  if (NAME.test(text)) return [clear(text)]
  const words = text.split(/\s+/)
  if (words.length > 1 && words.every(isAddress)) return words.map(clear)
  return [unread(text)]
}

/** A display name that nobody takes for an address, and the address. */
const NAMED =
  /^(?:"[^"\\@<>\uff20\ufe6b]{0,128}"|[\p{L}\p{M}\p{N} .'’_&/()+-]{0,128})[ \t]{0,8}<([^<>]{1,320})>$/u
/** A handle, or a name without an address. */
const NAME = /^[@#]?[\p{L}\p{M}\p{N}_-]+(?:[ .'’]{1,2}[\p{L}\p{M}\p{N}_-]+){0,16}$/u
/** Of a repository: `git@host:path`. */
const REMOTE = /^([a-z0-9_-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}):[\w./~-]{1,512}$/i
/** The common kind of address, which needs no closer look. */
const PLAIN =
  /^[a-z0-9_+-]{1,64}(?:\.[a-z0-9_+-]{1,64}){0,16}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,16}$/i

function isAddress(text: string): boolean {
  if (PLAIN.test(text)) return true
  return !text.includes('<') && parseEmail(text) !== undefined
}
