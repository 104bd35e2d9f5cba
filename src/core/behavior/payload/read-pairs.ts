import { addField, type Reading, readInner } from './reading.ts'
import { isFieldName } from './text-shape.ts'

const PAIRS = /^\??[\w.[\]%+-]{1,64}=[^\s&]{0,4096}(?:&[\w.[\]%+-]{1,64}=[^\s&]{0,4096}){1,256}$/

/** A query string or form of two fields or more, without the address in front. */
export function looksLikePairs(text: string): boolean {
  return text.includes('&') && PAIRS.test(text)
}

/** Reads `a=1&b=2`, percent-decoded. */
export function readPairs(reading: Reading, text: string, record: number): void {
  for (const pair of text.replace(/^\?/, '').split('&')) {
    const equals = pair.indexOf('=')
    const name = percentDecoded(equals < 0 ? pair : pair.slice(0, equals))
    const value = percentDecoded(equals < 0 ? '' : pair.slice(equals + 1))
    if (!isFieldName(name)) addField(reading, '', name, record)
    readInner(reading, value, name, record)
  }
}

/** A part of a form or query, decoded; as it is where it is not well-formed. */
export function percentDecoded(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced
  }
}
