import { AT, DASH, DIGIT, DOT, isWord, kindAt, LETTER, WORD } from '../characters.ts'

const LONGEST_LOCAL = 64
const LONGEST_DOMAIN = 253

/**
 * The bounds of the e-mail address around an `@`. Undefined where there is none: no local part, or
 * a domain without a dot or with a last label that is neither letters nor punycode.
 * @see RFC 5321 section 4.1.2, RFC 3696
 */
export function emailAround(
  text: string,
  at: number,
): { readonly start: number; readonly end: number } | undefined {
  if (!isWord(kindAt(text, at + 1)) || !isLocal(text, at - 1)) return undefined
  const end = domainEnd(text, at + 1)
  if (end === at + 1 || kindAt(text, end) === AT) return undefined
  const start = localStart(text, at)
  if (start === at) return undefined
  const domain = text.slice(at + 1, end)
  const labels = domain.split('.')
  const last = labels.at(-1) ?? ''
  const isDomain =
    labels.length > 1 &&
    labels.every((label) => label !== '' && label.length <= 63 && !/^-|-$/.test(label)) &&
    /^(?:\p{L}{2,}|xn--[a-z\d-]+)$/iu.test(last)
  // `git@host:path` names a repository.
  const isRemote = text.slice(start, at) === 'git' && text.charAt(end) === ':'
  return isDomain && !isRemote ? { start, end } : undefined
}

function localStart(text: string, at: number): number {
  let start = at
  while (start > 0 && at - start < LONGEST_LOCAL && isLocal(text, start - 1)) start--
  // A local part neither begins nor ends with a dot; quotes and marks in front are not part of it.
  while (start < at && !/[\p{L}\p{N}_+]/u.test(text.charAt(start))) start++
  return text.charAt(at - 1) === '.' ? at : start
}

function isLocal(text: string, index: number): boolean {
  const kind = kindAt(text, index)
  if (kind === DIGIT || kind === LETTER || kind === WORD || kind === DOT) return true
  return kind === DASH || "+%&'*!#$=?^`{|}~".includes(text.charAt(index))
}

/** Behind the domain, or where it would begin if it has no dot. */
function domainEnd(text: string, from: number): number {
  let end = from
  let hasDot = false
  while (end < text.length && end - from < LONGEST_DOMAIN) {
    const kind = kindAt(text, end)
    if (kind !== DIGIT && kind !== LETTER && kind !== WORD && kind !== DOT && kind !== DASH) break
    if (kind === DOT) hasDot = true
    end++
  }
  while (end > from && '.-'.includes(text.charAt(end - 1))) end--
  return hasDot ? end : from
}
