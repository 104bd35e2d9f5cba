import { ALPHABETS, isMember, runOf } from '../alphabet.ts'
import type { FunctionDetector } from '../detector.ts'
import { entropyOf } from '../entropy.ts'
import { isFiller } from './filler.ts'

const ID_LENGTH = 20
const KEY_LENGTH = 40
/** Units behind the id within which its key is looked for. */
const NEAR = 160
const LEAST_BITS = 4

/**
 * The secret access key that stands near its id, without a name of its own: in CSV files, lists of
 * arguments, chat. It is 40 units of Base64.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
 */
export const AWS_SECRET_DETECTOR: FunctionDetector = {
  class: 'secret',
  kind: 'aws_secret_access_key',
  keywords: ['akia', 'asia'],
  atTokenStart: true,
  find(text, start, end, report) {
    if (runOf(ALPHABETS.upper, text, start, ID_LENGTH + 1) !== ID_LENGTH) return end
    const limit = Math.min(text.length, start + ID_LENGTH + NEAR)
    let at = start + ID_LENGTH
    while (at < limit) {
      const run = runOf(ALPHABETS.base64, text, at, KEY_LENGTH + 1)
      if (run === KEY_LENGTH && isKey(text, at)) {
        report(at, at + run, 0.9)
        return at + run
      }
      at += Math.max(run, 1)
      // The rest of a longer run is none either.
      while (run > KEY_LENGTH && at < limit && isMember(ALPHABETS.base64, text, at)) at++
    }
    return at
  },
}

function isKey(text: string, start: number): boolean {
  const end = start + KEY_LENGTH
  return entropyOf(text, start, end) > LEAST_BITS && !isFiller(text, start, end)
}
