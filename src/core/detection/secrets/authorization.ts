import { ALPHABETS, runOf } from '../alphabet.ts'
import type { FunctionDetector } from '../detector.ts'
import { entropyOf } from '../entropy.ts'
import { beginsToken } from '../token-boundary.ts'
import { isFiller, leastBits } from './filler.ts'
import { decodeBase64 } from './jwt.ts'
import { isPlaceholder } from './placeholder.ts'

const LONGEST = 2048
const SHORTEST_BEARER = 16

/**
 * The token of a `Bearer` or similar scheme.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export const BEARER_DETECTOR: FunctionDetector = {
  class: 'secret',
  kind: 'bearer_token',
  keywords: ['bearer ', 'authorization: token ', 'authorization: apikey ', 'authorization: '],
  find(text, start, end, report) {
    if (!beginsToken(text, start)) return end
    const stop = end + runOf(TOKEN, text, end, LONGEST)
    if (stop - end < SHORTEST_BEARER) return end
    const value = text.slice(end, stop)
    const random = /\d/.test(value) && entropyOf(value) >= leastBits(value.length)
    if (random && !isPlaceholder(value) && !isFiller(text, end, stop)) report(end, stop, 0.85)
    return end
  },
}

const TOKEN = ALPHABETS.padded.map((member, code) =>
  member === 1 || '-._~'.includes(String.fromCharCode(code)) ? 1 : 0,
)

/**
 * The Base64 of `user:password`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7617
 */
export const BASIC_DETECTOR: FunctionDetector = {
  class: 'secret',
  kind: 'basic_auth_header',
  keywords: ['basic '],
  find(text, start, end, report) {
    if (!beginsToken(text, start)) return end
    const stop = end + runOf(ALPHABETS.padded, text, end, LONGEST)
    if (stop - end < 8) return end
    if (!mayHoldColon(text, end, stop)) return end
    const decoded = decodeBase64(text.slice(end, stop))
    const colon = decoded?.indexOf(':') ?? -1
    if (decoded === undefined || colon < 0 || /[\0-\x1f]/.test(decoded)) return end
    const password = decoded.slice(colon + 1)
    if (!isPlaceholder(password === '' ? decoded.slice(0, colon) : password)) report(end, stop, 0.9)
    return stop
  },
}

/** Whether some unit is one that the Base64 of a colon has at its place: quicker than to decode. */
function mayHoldColon(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at)
    const place = (at - start) & 3
    // The colon as the first of three bytes begins with O, as the third it ends with 6.
    if (place === 0 && code === 79) return true
    if (place === 2 && code >= 111 && code <= 114) return true
    if (place === 3 && code === 54) return true
  }
  return false
}
