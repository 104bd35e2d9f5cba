import { isWord, kindAt } from '../characters.ts'

/** How sure an address is. Few small numbers with dots may number a chapter as well. */
const SURE = 0.9
const SHORT = 0.5

const IPV4 =
  /(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}(?![\d.]*\.?\d)/y
const PREFIX = /\/\d{1,3}(?![\w/])/y
const VERSION = /(?:version|ver|v|release|build|rev|chapter|section|§)[\s.:=]{0,3}$/i
const LONGEST_IPV6 = 45
const LONGEST_LABEL = 12

/** Where an address that begins at an offset ends, and how sure it is. */
export interface Found {
  readonly end: number
  readonly confidence: number
}

/**
 * The IPv4 address at an offset, its prefix length included. Undefined where there is none, or a
 * longer number with dots, or the number of a version.
 * @see RFC 791, RFC 4632
 */
export function ipv4At(text: string, start: number): Found | undefined {
  if (isBarred(text, start)) return undefined
  IPV4.lastIndex = start
  const found = IPV4.exec(text)?.[0]
  if (found === undefined) return undefined
  const end = start + found.length
  if (isGluedTo(text, end)) return undefined
  if (VERSION.test(text.slice(Math.max(0, start - LONGEST_LABEL), start))) return undefined
  return { end: withPrefix(text, end), confidence: /\d\d/.test(found) ? SURE : SHORT }
}

/**
 * The IPv6 address at an offset, its zone and prefix length included. What other notations write
 * with colons (times, scopes of code, slices) is none.
 * @see RFC 4291 section 2.2, RFC 4007 section 11
 */
export function ipv6At(text: string, start: number): Found | undefined {
  if (isBarred(text, start)) return undefined
  const run = addressRun(text, start)
  if (!isIpv6(run)) return undefined
  let end = start + run.length
  if (isWord(kindAt(text, end))) return undefined
  if (text.charAt(end) === '%') end = zoneEnd(text, end)
  return { end: withPrefix(text, end), confidence: SURE }
}

/** Right behind a digit with a dot, a word with a slash or a hyphen, or in a slice of a list. */
function isBarred(text: string, start: number): boolean {
  const before = text.charAt(start - 1)
  if (isWord(kindAt(text, start - 1))) return true
  if (before === '' || !'.-/:[%'.includes(before)) return false
  const wordBefore = isWord(kindAt(text, start - 2))
  if (before === ':' && text.charAt(start - 2) === ':') return true
  if (before === '[') return wordBefore || text.charAt(start - 2) === ')'
  return before === '.' || before === '%' || wordBefore
}

function isGluedTo(text: string, end: number): boolean {
  if (isWord(kindAt(text, end))) return true
  const letterBehind = isWord(kindAt(text, end + 1))
  const unit = text.charAt(end)
  return (unit === '.' && letterBehind) || (unit === '-' && /[a-z]/i.test(text.charAt(end + 1)))
}

function withPrefix(text: string, end: number): number {
  PREFIX.lastIndex = end
  return end + (PREFIX.exec(text)?.[0].length ?? 0)
}

function zoneEnd(text: string, percent: number): number {
  let end = percent + 1
  while (end - percent < 17 && isWord(kindAt(text, end))) end++
  return end - percent > 1 ? end : percent
}

/** What hexadecimal digits, colons and dots follow, without marks that end a sentence. */
function addressRun(text: string, start: number): string {
  const window = text.slice(start, start + LONGEST_IPV6 + 1)
  const run = /^[\dA-Fa-f:.]*/.exec(window)?.[0] ?? ''
  return run.replace(/\.+$|(?<!:):$/, '')
}

function isIpv6(run: string): boolean {
  if (run.length > LONGEST_IPV6 || run.length < 3 || !run.includes(':')) return false
  const halves = run.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const last = groups.at(-1) ?? ''
  const hasIpv4 = last.includes('.')
  if (hasIpv4) {
    groups.pop()
    IPV4.lastIndex = 0
    if (IPV4.exec(last)?.[0] !== last) return false
  }
  if (!groups.every((group) => /^[\dA-Fa-f]{1,4}$/.test(group))) return false
  const count = groups.length + (hasIpv4 ? 2 : 0)
  if (halves.length === 1) return count === 8
  return count <= 7 && (hasIpv4 || isTelling(run, groups))
}

/** `1::2` and `add::bead` may be anything; `::1` and `fe80::1` are addresses. */
function isTelling(run: string, groups: readonly string[]): boolean {
  return run === '::1' || (groups.join('').length >= 4 && /\d/.test(run))
}
