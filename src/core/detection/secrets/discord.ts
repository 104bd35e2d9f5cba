import { ALPHABETS, isMember, of, runOf } from '../alphabet.ts'
import type { FunctionDetector } from '../detector.ts'
import { isFiller } from './filler.ts'

const DOT = 46
const STAMP = 6
const FOURTH = of('wxyz012345')

/**
 * The Base64 of a decimal number begins with one of these three units, in lower case: the first
 * two are its first digit's, the third is its second digit's.
 */
const BEGINNINGS = ['mt', 'mj', 'mz', 'nd', 'nt', 'nj', 'nz', 'od', 'ot'].flatMap((first) =>
  [...'aeimquycgk'].map((second) => first + second),
)

/**
 * A Discord bot's token: the Base64 of its id, which is a decimal number, six units of time, a
 * signature.
 *
 * @see https://discord.com/developers/docs/reference#authentication
 */
export const DISCORD_DETECTOR: FunctionDetector = {
  class: 'secret',
  kind: 'discord_bot_token',
  atTokenStart: true,
  keywords: BEGINNINGS,
  find(text, start, end, report) {
    if (!isMember(FOURTH, text, end) || !'MNO'.includes(text[start] ?? ' ')) return 0
    const id = runOf(ALPHABETS.base64url, text, start, 29)
    const stamp = start + id + 1
    if (id < 24 || id > 28 || text.charCodeAt(stamp - 1) !== DOT) return 0
    if (runOf(ALPHABETS.base64url, text, stamp, STAMP + 1) !== STAMP) return 0
    const signature = stamp + STAMP + 1
    const run = runOf(ALPHABETS.base64url, text, signature, 39)
    if (text.charCodeAt(signature - 1) !== DOT || run < 27 || run > 38) return 0
    if (!isFiller(text, start, signature + run)) report(start, signature + run, 0.9)
    return signature + run
  },
}
