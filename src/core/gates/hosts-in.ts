/**
 * Every host that a text names: in links, in addresses, bare. For denials, so rather one too many:
 * each word is read as a browser would read it, as what follows an `@`, and as it stands.
 * Hosts come as WHATWG URL writes them (lower case, punycode, dotted IPv4), without a final dot;
 * an IPv4 address inside an IPv6 one as itself.
 */
export function hostsIn(text: string): readonly string[] {
  const hosts = new Set<string>()
  if (!MAY_NAME_HOST.test(text)) return []
  for (const word of wordsOf(text, 0)) {
    if (!MAY_NAME_HOST.test(word)) continue
    for (const { authority, isBare } of authoritiesOf(word)) {
      const host = hostOf(authority, isBare)
      if (host !== undefined) hosts.add(host)
    }
  }
  return [...hosts]
}

// Runs without what stands around links in texts, markup and JSON.
const WORD = /[^\s\p{Cc}\p{Cf}"'`<>()[\]{},;|]+/gu
// A dot in any of the forms that browsers fold into one, an escape, an address, a scheme, or IPv6.
const MAY_NAME_HOST =
  /[.\u3002\uff0e\uff61%@]|:[\\/]|(?:https?|wss?|ftp):|::|(?:[\da-f]{1,4}:){6}/iu
const SCHEME = /^(?:[a-z][a-z0-9+.-]{0,30}:(?=[\\/])|(?:https?|wss?|ftp):)/i
// An escape may hold another: a link in the query of a link in a query.
const MOST_ESCAPES = 2

function wordsOf(text: string, escapes: number): ReadonlySet<string> {
  const words = new Set<string>()
  for (const reading of readingsOf(text))
    for (const [word] of reading.matchAll(WORD)) words.add(word)
  if (escapes >= MOST_ESCAPES) return words
  const inner = [...words].filter((word) => word.includes('%')).map(unescaped)
  if (inner.length === 0) return words
  for (const word of wordsOf(inner.join(' '), escapes + 1)) words.add(word)
  return words
}

/** Browsers drop tabs and line ends in links, and characters that nobody sees in names of hosts. */
function* readingsOf(text: string): Iterable<string> {
  yield text
  if (!/[\p{Cc}\p{Cf}]/u.test(text)) return
  if (/[^\P{Cc}\r\n]|\p{Cf}/u.test(text)) yield text.replace(/[^\P{Cc}\r\n]|\p{Cf}/gu, '')
  if (/[\r\n]/.test(text)) yield text.replace(/[\p{Cc}\p{Cf}]/gu, '')
}

interface Authority {
  readonly authority: string
  /** Nothing says that this is a host: it must look like one. */
  readonly isBare: boolean
}

function* authoritiesOf(word: string): Iterable<Authority> {
  // A link may hold another, in its query for one.
  for (const piece of word.split(/(?<=[=&?#!])|(?=https?:)/i)) {
    const rest = piece.replace(SCHEME, '').replace(/^[\\/]+/, '')
    const [authority = ''] = rest.split(/[/\\?#&=]/, 1)
    const at = authority.lastIndexOf('@')
    const named = authority.slice(at + 1)
    const isBare = rest === piece && at < 0
    yield { authority: named, isBare }
    if (at >= 0) yield { authority: authority.slice(0, at), isBare: true }
    // `host:/path` looks like a scheme
    if (rest !== piece) yield { authority: piece.split(':', 1)[0] ?? '', isBare: true }
    // `git@host:path`
    const end = named.indexOf(':')
    if (end > 0) yield { authority: named.slice(0, end), isBare }
    const colon = authority.indexOf(':')
    if (colon >= 0) yield { authority: authority.slice(colon + 1), isBare: true }
  }
}

function unescaped(word: string): string {
  return word.replace(/(?:%[\da-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run)
    } catch {
      // No UTF-8: what is ASCII of it.
      return run.replace(/%[0-7][\da-f]/gi, (ascii) => decodeURIComponent(ascii))
    }
  })
}

const IPV6 = /^[\da-f:]{2,40}(?:[\d.]{7,15})?$/i

function hostOf(authority: string, isBare: boolean): string | undefined {
  if (authority.includes('::') || authority.split(':', 7).length === 7) {
    if (IPV6.test(authority)) return parsed(`[${authority}]`)
  }
  const text = trimmed(trimmed(authority).replace(/:\d{1,5}$/, ''))
  if (text === '' || text.length > 300 || (isBare && !MAY_NAME_HOST.test(text))) return undefined
  return parsed(text)
}

// By hand, as a pattern looks at a run of dots anew from each of them.
function trimmed(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && '._:*~-'.includes(text.charAt(start))) start++
  while (end > start && '.!?:*_~'.includes(text.charAt(end - 1))) end--
  return text.slice(start, end)
}

function parsed(host: string): string | undefined {
  try {
    return unmapped(new URL(`http://${host}/`).hostname.replace(/\.$/, ''))
  } catch {
    return undefined // no host: the one thing `new URL` throws for
  }
}

function unmapped(host: string): string {
  const [, high, low] = /^\[(?:::ffff:|64:ff9b::)([\da-f]{1,4}):([\da-f]{1,4})\]$/.exec(host) ?? []
  if (high === undefined || low === undefined) return host
  const bits = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return bits.flatMap((half) => [half >> 8, half & 255]).join('.')
}
