import type { ArgumentRole } from '../flow.ts'
import { percentDecoded } from './read-pairs.ts'

export interface UrlPart {
  /** Name of a query field; empty for the others. */
  readonly key: string
  readonly text: string
  readonly role: ArgumentRole
}

/** Scheme, user, host with port, path, query, fragment. */
const URL_PARTS =
  /^([a-z][a-z\d+.-]{1,20}:\/\/)(?:([^\s/?#]{0,1024})@)?([^\s/?#@]{1,1024})([^\s?#]{0,65536})(?:\?([^#]{0,65536}))?(?:#([\s\S]{0,65536}))?/i
/** A path segment or host label this long is more than a name. */
const LONG_SEGMENT = 24
const LONG_LABEL = 16
const MAX_FIELDS = 256

/**
 * The parts of an address that begins the text: host first, then what it carries. Undefined: the text
 * does not begin with an address.
 * @see https://www.rfc-editor.org/rfc/rfc3986#appendix-B
 */
export function splitUrl(text: string): readonly UrlPart[] | undefined {
  const address = asClientsRead(text)
  const match = URL_PARTS.exec(address)
  if (match === null) return undefined
  const [whole, scheme = '', user, host = '', path = '', query, fragment] = match
  const parts: UrlPart[] = [{ key: '', text: scheme + host, role: 'destination' }]
  if (user) parts.push(content(percentDecoded(user)))
  if (host.split('.').some((label) => label.length >= LONG_LABEL)) parts.push(content(host))
  if (path.length > 1) parts.push({ key: '', text: decodedPath(path), role: roleOfPath(path) })
  if (query) addFields(parts, query)
  if (fragment) parts.push(content(percentDecoded(fragment)))
  if (whole.length < address.length) parts.push(content(address.slice(whole.length)))
  return parts
}

/** The host of an address, without user and port; undefined: the text does not begin with an address. */
export function hostOf(text: string): string | undefined {
  return URL_PARTS.exec(asClientsRead(text))?.[3]?.replace(/:\d{1,5}$/, '')
}

/**
 * An address as those read it that follow it: blanks before it and breaks within its host are no part
 * of it, `\\` is `/`, and after `http:` any number of slashes may stand. What is read here must be where it leads.
 * @see https://url.spec.whatwg.org/#url-parsing
 */
function asClientsRead(text: string): string {
  const start = text.slice(0, LONGEST_SCHEME).trimStart()
  if (!SPECIAL.test(start.replace(BREAKS, ''))) return text
  const whole = text.trimStart()
  const end = whole.search(/[?#]/)
  const head = (end < 0 ? whole : whole.slice(0, end)).replace(BREAKS, '').replaceAll('\\', '/')
  return head.replace(SPECIAL, '$1://') + (end < 0 ? '' : whole.slice(end))
}

const LONGEST_SCHEME = 64
const SPECIAL = /^(https?|wss?|ftp):\/*/i
const BREAKS = /[\t\n\r]/g

function content(text: string): UrlPart {
  return { key: '', text, role: 'content' }
}

/** Paths name things; one that is escaped or holds a long segment may carry more than that. */
function roleOfPath(path: string): ArgumentRole {
  const isPlain = !path.includes('%') && path.split('/').every((part) => part.length < LONG_SEGMENT)
  return isPlain ? 'identifier' : 'content'
}

function decodedPath(path: string): string {
  return path.includes('%') ? percentDecoded(path.replaceAll('+', '%2B')) : path
}

function addFields(parts: UrlPart[], query: string): void {
  const pairs = query.split('&', MAX_FIELDS)
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    const text = percentDecoded(equals < 0 ? pair : pair.slice(equals + 1))
    const key = equals < 0 ? '' : percentDecoded(pair.slice(0, equals))
    if (text !== '') parts.push({ key, text, role: 'content' })
  }
  const rest = query.split('&').slice(MAX_FIELDS).join('&')
  if (rest !== '') parts.push(content(rest))
}
