/** How a policy names hosts: one exactly, or with `*.` all below it, at any depth. */
export interface HostPattern {
  /** As WHATWG URL writes it: lower case, punycode, IPv6 in brackets. */
  readonly host: string
  readonly isWildcard: boolean
}

const LONGEST_HOST = 253
// Underscores are no host name characters in RFC 1123, and in use all the same.
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/
const ASCII = /^[\x00-\x7f]*$/
// Whatever would end or change the authority of a URL, besides blanks and control characters.
const NOT_A_HOST = /[\s\x00-\x20\x7f/?#@:\\%<>"^`{|}*]/
const IPV6 = /^\[[0-9A-Fa-f:.]{2,45}\]$/

/**
 * The host that text names, as WHATWG URL writes it; undefined where readers may disagree: octal,
 * hexadecimal and short IPv4 forms, characters that UTS 46 folds away or into ASCII, a trailing dot,
 * empty labels.
 * @see https://url.spec.whatwg.org/#host-parsing
 */
export function hostOf(text: string): string | undefined {
  if (IPV6.test(text)) return whatwgHost(text)
  if (text === '' || text.length > LONGEST_HOST || NOT_A_HOST.test(text)) return undefined
  const lower = text.toLowerCase()
  const host = whatwgHost(lower)
  if (host === undefined || host.length > LONGEST_HOST) return undefined
  const labels = host.split('.')
  if (!labels.every((label) => LABEL.test(label))) return undefined
  if (ASCII.test(text)) return host === lower ? host : undefined
  return isHonestUnicode(text.toLowerCase().split('.'), labels) ? host : undefined
}

/** Reads `example.com`, `*.example.com` or an IP address; undefined where it is none of these. */
export function parseHostPattern(text: string): HostPattern | undefined {
  const isWildcard = text.startsWith('*.')
  const host = hostOf(isWildcard ? text.slice(2) : text)
  if (host === undefined || (isWildcard && isIpHost(host))) return undefined
  return { host, isWildcard }
}

/** A wildcard covers what is below its name, not the name itself. */
export function matchesHost(pattern: HostPattern, host: string): boolean {
  if (!pattern.isWildcard) return pattern.host === host
  return host.length > pattern.host.length + 1 && host.endsWith(`.${pattern.host}`)
}

/** True for a host that is an IP address, as `hostOf` writes it. */
export function isIpHost(host: string): boolean {
  return host.startsWith('[') || /(?:^|\.)\d+$/.test(host)
}

function whatwgHost(text: string): string | undefined {
  try {
    return new URL(`http://${text}/`).hostname
  } catch {
    return undefined // not a host: the one thing `new URL` throws for
  }
}

// Each label is itself in ASCII, or punycode of itself: nothing was folded into another name.
function isHonestUnicode(given: readonly string[], labels: readonly string[]): boolean {
  return (
    given.length === labels.length &&
    given.every((label, index) =>
      ASCII.test(label)
        ? label === labels[index]
        : (labels[index] ?? '').startsWith('xn--') &&
          label === label.normalize('NFKC') &&
          !/\p{Default_Ignorable_Code_Point}/u.test(label),
    )
  )
}
