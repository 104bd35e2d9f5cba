import { byName } from './by-name.ts'

/** The words of an identifier in lower case: `sendEmail`, `send_email` and `send-email` have two. */
export const wordsOf = byName((name): readonly string[] =>
  name
    .slice(0, MAX_NAME)
    .replace(LOWER_TO_UPPER, '$1 $2')
    .replace(ACRONYM, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== ''),
)

const MAX_NAME = 512
const LOWER_TO_UPPER = /(\p{Ll}|\p{N})(\p{Lu})/gu
const ACRONYM = /(\p{Lu})(\p{Lu}\p{Ll})/gu
