import { ALPHABETS, runOf } from '../alphabet.ts'
import type { FunctionDetector } from '../detector.ts'

const LONGEST_HEADER = 2048
const LONGEST_PART = 16_384
/** `{"alg":""}` in Base64. */
const SHORTEST_HEADER = 14
const SHORTEST_REST = 8
const DOT = 46

/** A flat object, or one with flat lists and objects in it; unambiguous, hence linear. */
const VALUE = String.raw`(?:"[^"\\]*"|-?\d+|true|false|null|\[[^[\]{}]*\]|\{[^[\]{}]*\})`
const MEMBER = String.raw`\s*"[^"\\]*"\s*:\s*${VALUE}\s*`
const OBJECT = new RegExp(String.raw`^\s*\{${MEMBER}(?:,${MEMBER})*\}\s*$`)
const ALGORITHM = /"alg"\s*:\s*"[\w+-]+"/

/** The Base64 of `{"alg"` and so on: what a header begins with, by the registered names. */
const HEADER_BEGINNINGS = [
  ...[
    'eyjhbgci',
    'eyj0exai',
    'eyjrawqi',
    'eyjjdhki',
    'eyjlbmmi',
    'eyjqa3ui',
    'eyjqd2si',
    'eyj4nwmi',
  ],
  ...[
    'eyj4nxqi',
    'eyj4nxui',
    'eyj6axai',
    'eyjjcml0',
    'eyjinjqi',
    'eyjhchui',
    'eyjhchyi',
    'eyjlcgsi',
  ],
  ...[
    'eyjpdii6',
    'eyjwmnmi',
    'eyjwmmmi',
    'eyj2zxii',
    'eyjub25j',
    'eyjhchbp',
    'eyjzdwii',
    'eyjpc3mi',
  ],
  ...[
    'eyj1cmwi',
    'eyjwchqi',
    'eyjzdnqi',
    'eyj0ywci',
    'eyaiywxn',
    'eyaidhlw',
    'eyaia2lk',
    'ewogicjh',
  ],
  ...['ewoiywxn'],
]

/**
 * A JSON Web Token, signed, encrypted or bare, whose header is an object with `alg`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519
 */
export const JWT_DETECTOR: FunctionDetector = {
  class: 'secret',
  kind: 'json_web_token',
  atTokenStart: true,
  keywords: HEADER_BEGINNINGS,
  find(text, start, _end, report) {
    const header = start + runOf(ALPHABETS.base64url, text, start, LONGEST_HEADER)
    if (text.charCodeAt(header) !== DOT || header - start < SHORTEST_HEADER) return header
    if (!isHeader(text.slice(start, header))) return header
    const { stop, parts } = partsBehind(text, header)
    if (stop - header < SHORTEST_REST) return header
    report(start, stop, parts > 1 ? 0.97 : 0.85)
    return stop
  },
}

/** Up to four parts, of which some may be empty but not the last. */
function partsBehind(text: string, header: number): { stop: number; parts: number } {
  let stop = header
  let parts = 0
  let at = header
  for (let part = 1; part <= 4 && text.charCodeAt(at) === DOT; part++) {
    const next = partEnd(text, at)
    if (next > at + 1) [stop, parts] = [next, part]
    at = next
  }
  return { stop, parts }
}

function partEnd(text: string, dot: number): number {
  return dot + 1 + runOf(ALPHABETS.base64url, text, dot + 1, LONGEST_PART)
}

function isHeader(encoded: string): boolean {
  const decoded = decodeBase64(encoded)
  return decoded !== undefined && ALGORITHM.test(decoded) && OBJECT.test(decoded)
}

/** Of either alphabet, padded or not; undefined where it is no Base64. One unit for each byte. */
export function decodeBase64(encoded: string): string | undefined {
  const plain = encoded
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/={1,2}$/, '')
  if (plain.length % 4 === 1 || !/^[\w+/]*$/.test(plain) || plain.includes('_')) return undefined
  return atob(plain)
}
