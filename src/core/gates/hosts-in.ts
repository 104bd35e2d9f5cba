/**
 * Every host that a text names: in links, in addresses, bare. For denials, so rather one too many:
 * each word is read as a browser would read it, as what follows an `@`, and as it stands.
 * Hosts come as WHATWG URL writes them (lower case, punycode, dotted IPv4), without a final dot.
 */
export function hostsIn(text: string): readonly string[] {
  const hosts = new Set<string>()
  for (const [word] of text.matchAll(WORD)) {
    if (!MAY_NAME_HOST.test(word)) continue
    for (const authority of authoritiesOf(word)) {
      const host = hostOf(authority)
      if (host !== undefined) hosts.add(host)
    }
  }
  return [...hosts]
}

// Runs without what stands around links in texts, markup and JSON.
const WORD = /[^\s"'`<>()[\]{},;|]+/gu
// A dot in any of the forms that browsers fold into one, an escape, or a scheme.
const MAY_NAME_HOST = /[.\u3002\uff0e\uff61%]|:[\\/]/u

function* authoritiesOf(word: string): Iterable<string> {
  // A link may hold another, in its query for one.
  for (const piece of unescaped(word).split(/(?<=[=&?#!])|(?=https?:)/i)) {
    const rest = piece.replace(/^[a-z][a-z0-9+.-]{0,30}:(?=[\\/])/i, '').replace(/^[\\/]+/, '')
    const [authority = ''] = rest.split(/[/\\?#&=]/, 1)
    const at = authority.lastIndexOf('@')
    yield authority.slice(at + 1)
    if (at >= 0) yield authority.slice(0, at)
    const colon = authority.indexOf(':')
    if (colon >= 0) yield authority.slice(colon + 1)
  }
}

function unescaped(word: string): string {
  if (!word.includes('%')) return word
  try {
    return decodeURIComponent(word)
  } catch {
    return word
  }
}

function hostOf(authority: string): string | undefined {
  const text = authority.replace(/:\d{0,5}$/, '').replace(/^[._:*~-]+|[.!?:*_~]+$/gu, '')
  if (text === '' || text.length > 300 || !MAY_NAME_HOST.test(text)) return undefined
  try {
    return new URL(`http://${text}/`).hostname.replace(/\.$/, '')
  } catch {
    return undefined // no host: the one thing `new URL` throws for
  }
}
