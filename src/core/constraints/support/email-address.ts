import { type HostPattern, hostOf, matchesHost, parseHostPattern } from './host-name.ts'

export interface EmailAddress {
  /** Lower case: no mail system in use tells mailboxes apart by case. */
  readonly mailbox: string
  readonly domain: string
}

/** One address, or every address of a domain. */
export interface EmailPattern {
  readonly mailbox: string | undefined
  readonly domain: HostPattern
}

const LONGEST_ADDRESS = 254
const LONGEST_MAILBOX = 64
// RFC 5322 dot-atom with letters of any script, less what old systems route, pipe or decode by.
const MAILBOX = /^[\p{L}\p{M}\p{Nd}#$&'+/=^_{}~-]+(?:\.[\p{L}\p{M}\p{Nd}#$&'+/=^_{}~-]+)*$/u
// A display name that no reader takes for an address, a group, a comment or an encoded word.
const NAMED = /^[\p{L}\p{M}\p{Nd} .'_-]{0,128}<([^<>]*)>$/u

/**
 * Reads `mailbox@domain` or `Name <mailbox@domain>`; undefined for all else that RFC 5322 permits,
 * such as comments, quoted mailboxes, groups and routes, which programs read differently.
 */
export function parseEmail(text: string): EmailAddress | undefined {
  const address = NAMED.exec(text)?.[1] ?? text
  const at = address.lastIndexOf('@')
  if (at < 1 || address.length > LONGEST_ADDRESS || at > LONGEST_MAILBOX) return undefined
  const mailbox = address.slice(0, at)
  if (!MAILBOX.test(mailbox) || mailbox.normalize('NFKC') !== mailbox.normalize('NFC'))
    return undefined
  const domain = hostOf(address.slice(at + 1))
  if (domain === undefined || domain.startsWith('[')) return undefined
  return { mailbox: mailbox.toLowerCase(), domain }
}

/** Reads `example.com`, the same as `@example.com` or `*@example.com`, `*.example.com`, `ann@example.com`. */
export function parseEmailPattern(text: string): EmailPattern | undefined {
  const domainText = text.replace(/^\*?@/, '')
  if (!domainText.includes('@')) {
    const domain = parseHostPattern(domainText)
    return domain === undefined ? undefined : { mailbox: undefined, domain }
  }
  const address = text.includes('<') ? undefined : parseEmail(text)
  if (address === undefined) return undefined
  return { mailbox: address.mailbox, domain: { host: address.domain, isWildcard: false } }
}

export function matchesEmail(pattern: EmailPattern, address: EmailAddress): boolean {
  if (pattern.mailbox !== undefined && pattern.mailbox !== address.mailbox) return false
  return matchesHost(pattern.domain, address.domain)
}
