import type { ArgumentRole } from '../flow.ts'
import { percentDecoded } from './read-pairs.ts'

export interface UrlPart {
  /** Name of a query field; empty for the others. */
  readonly key: string
  readonly text: string
  readonly role: ArgumentRole
}

/** Scheme, user, host with port, path, query, fragment. A host ends where a path begins, or at the end. */
const URL_PARTS =
  /^([a-z][a-z\d+.-]{1,20}:\/\/)(?:([^\s/?#]{0,65536})@)?([^\s/?#@]{1,1024})(?=[\s/?#]|$)([^\s?#]{0,65536})(?:\?([^#]{0,65536}))?(?:#([\s\S]{0,65536}))?/i
/** A path segment or host label this long is more than a name. */
const LONG_SEGMENT = 24
const LONG_LABEL = 16
const MAX_FIELDS = 256

/**
 * The parts of an address that begins the text: host first, then what it carries. Undefined: the text
 * does not begin with an address. What may be a second address is a destination besides.
 * @see https://www.rfc-editor.org/rfc/rfc3986#appendix-B
 */
export function splitUrl(text: string): readonly UrlPart[] | undefined {
  if (MAILTO.test(text)) return splitMailto(text)
  if (BARE.test(text)) return splitBare(text)
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
  const other = otherAddressIn(text.trim())
  if (other !== '') parts.push({ key: '', text: other, role: 'destination' })
  return parts
}

/**
 * What stands behind a blank, or behind a separator before another address: to a client it is a part of
 * the first one, and to a program that reads a list it is another. So is what a backslash hides.
 */
function otherAddressIn(text: string): string {
  const blank = text.search(/[\s\\]/)
  const last = Math.max(text.lastIndexOf('@'), text.lastIndexOf('://'))
  const separator = text.search(/[,;<>"|]/)
  const starts = [blank, separator < last ? separator : -1].filter((start) => start >= 0)
  if (starts.length === 0) return ''
  return text.slice(Math.min(...starts)).replace(/^[\s,;|]+/, '')
}

/** The name of a host alone or with a query, as some tools take it. Paths of files are like the rest. */
const BARE =
  /^(?:[a-z\d_-]{1,63}\.){1,20}[a-z\d-]{2,63}(?::\d{1,5})?(?:$|(?:\/[^\s?#]{0,2048})?[?#])/i

function splitBare(text: string): readonly UrlPart[] | undefined {
  const [first, ...others] = splitUrl(`https://${text}`) ?? []
  if (first === undefined || others.length === 0) return undefined
  return [{ ...first, text: first.text.slice('https://'.length) }, ...others]
}

/** The parts of a name that is given to a server, such as the URI of a resource. */
export function splitName(name: string): readonly UrlPart[] {
  if (SPECIAL.test(name)) return splitUrl(name) ?? [content(name)]
  const [, path = '', query, fragment] = NAME_PARTS.exec(name) ?? []
  const parts: UrlPart[] = [{ key: '', text: decodedPath(path), role: roleOfPath(path) }]
  if (query) addFields(parts, query)
  if (fragment) parts.push(content(percentDecoded(fragment)))
  return parts
}

const NAME_PARTS = /^([^?#]*)(?:\?([^#]*))?(?:#([\s\S]*))?$/

const MAILTO = /^\s{0,64}mailto:/i
const RECIPIENTS = new Set(['to', 'cc', 'bcc'])

/**
 * Whom a `mailto:` address writes to, and what.
 * @see https://www.rfc-editor.org/rfc/rfc6068#section-2
 */
function splitMailto(text: string): readonly UrlPart[] {
  const address = text.replace(MAILTO, '')
  const mark = address.indexOf('?')
  const to = mark < 0 ? address : address.slice(0, mark)
  const parts: UrlPart[] = [{ key: '', text: decodedPath(to), role: 'destination' }]
  if (mark >= 0) addFields(parts, address.slice(mark + 1).replaceAll('+', '%2B'))
  return parts.map((part) =>
    RECIPIENTS.has(part.key.toLowerCase()) ? { ...part, role: 'destination' } : part,
  )
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
  const rest = pairs.length < MAX_FIELDS ? '' : query.split('&').slice(MAX_FIELDS).join('&')
  if (rest !== '') parts.push(content(rest))
}
