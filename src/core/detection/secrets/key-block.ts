import { isMember, of } from '../alphabet.ts'
import type { FunctionDetector } from '../detector.ts'

const BODY = of('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=')
/** Line ends, also escaped in JSON, and what armour headers are written with. */
const AROUND = of(' \t\r\n\\:,;."\'()@<>|')
const LEAST_BODY = 40
const LONGEST_BODY = 65_536
const BEGIN = /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}$/
const END = /^-{4,5} ?END [A-Z0-9 ]{1,60}-{4,5}/

/**
 * An armoured private key (PKCS, SEC 1, OpenSSH, PGP, SSH2), on lines, on one line, or with its
 * line ends escaped; also when its end is cut off.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7468
 * @see https://www.rfc-editor.org/rfc/rfc9580#name-forming-ascii-armor
 */
export const KEY_BLOCK_DETECTOR: FunctionDetector = {
  class: 'secret',
  kind: 'private_key_block',
  keywords: ['private key'],
  find(text, start, end, report) {
    const dashes = text.startsWith(' BLOCK', end) ? end + 6 : end
    if (!text.startsWith('----', dashes)) return end
    const bodyStart = text.startsWith('-----', dashes) ? dashes + 5 : dashes + 4
    const { bodyEnd, count } = readBody(text, bodyStart)
    if (count < LEAST_BODY) return bodyEnd
    const begin = BEGIN.exec(text.slice(Math.max(0, start - 50), start))
    if (begin === null) return bodyEnd
    const closing = END.exec(text.slice(bodyEnd, bodyEnd + 80))
    const stop = closing === null ? bodyEnd : bodyEnd + closing[0].length
    report(start - begin[0].length, stop, closing === null ? 0.85 : 0.98)
    return stop
  },
}

/** Reads up to two dashes in a row, or anything that no armour contains. */
function readBody(text: string, start: number): { bodyEnd: number; count: number } {
  const limit = Math.min(text.length, start + LONGEST_BODY)
  let count = 0
  let at = start
  for (; at < limit; at++) {
    if (isMember(BODY, text, at)) count++
    else if (text[at] === '-' ? text[at + 1] === '-' : !isMember(AROUND, text, at)) break
  }
  return { bodyEnd: at, count }
}

/**
 * A private key file of PuTTY.
 *
 * @see https://the.earth.li/~sgtatham/putty/0.81/htmldoc/AppendixC.html
 */
export const PUTTY_KEY_DETECTOR: FunctionDetector = {
  class: 'secret',
  kind: 'putty_private_key',
  keywords: ['private-lines: '],
  find(text, start, end, report) {
    const { bodyEnd, count } = readBody(text, end)
    if (count >= LEAST_BODY) report(start, bodyEnd, 0.95)
    return bodyEnd
  },
}
