import { isPlainObject } from '../core/json-kind.ts'
import type { Credentials } from '../core/model/call.ts'
import { refuse } from './not-authenticated.ts'

/**
 * The wanted headers (names in lower case) that are there. Names are compared without case; one that
 * is given twice in two spellings is refused, since readers differ on which of them counts.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-5.1
 */
export function pickHeaders(
  credentials: Credentials,
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const { headers } = credentials
  const found = new Map<string, string>()
  if (headers === undefined) return found
  // A `Headers` object has no keys of its own: what it says would go unseen.
  if (!isPlainObject(headers)) return refuse('the headers are no plain object of names and values')
  for (const key of Object.keys(headers)) {
    const name = key.toLowerCase()
    if (!wanted.has(name)) continue
    const value: unknown = headers[key]
    if (value === undefined) continue
    if (found.has(name)) refuse(`header \`${name}\` is given twice`)
    if (typeof value !== 'string') return refuse(`header \`${name}\` is no single text`)
    if (value.length > MAX_VALUE) refuse(`header \`${name}\` is too long`)
    found.set(name, value)
  }
  return found
}

/** `Authorization: Bearer` with the longest token that is read, and room to spare. */
const MAX_VALUE = 17 * 1024
