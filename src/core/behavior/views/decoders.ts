import { fromBase32, LEAST_BASE32 } from './base32.ts'
import { fromBase58, LEAST_BASE58 } from './base58.ts'
import { fromBase64, LEAST_BASE64 } from './base64.ts'
import { fromBase85 } from './base85.ts'
import { fromBinary, fromDecimals, fromHexBytes } from './byte-lists.ts'
import { fromCompatibility, fromSelectors } from './disguises.ts'
import type { Decoded, Means } from './encodings.ts'
import { fromEntities, fromEscapes, fromPercent, fromQuotedPrintable } from './escapes.ts'
import { AMPERSAND, BACKSLASH, EQUALS, type Features, LABEL, PERCENT, PLUS } from './features.ts'
import { fromGroups, LEAST_GROUPED } from './groups.ts'
import { fromHex, LEAST_HEX } from './hex.ts'
import { fromPunycode, fromUtf7 } from './labels.ts'
import { fromMorse, fromSpelled } from './spelled.ts'
import { fromDoubled, fromSpaced, LEAST_DOUBLED } from './stretched.ts'
import { fromLeet, fromRot47 } from './substitutions.ts'

export type Decoder = (text: string, means: Means) => Decoded | undefined

/** Four bytes of seven digits. */
const LEAST_BINARY = 28

/** A way to decode, and what a text must hold for it to be tried. */
interface Attempt {
  readonly applies: (found: Features) => boolean
  readonly decode: Decoder
}

export const DECODERS: readonly Attempt[] = [
  { applies: ({ wide }) => wide, decode: fromCompatibility },
  { applies: ({ wide }) => wide, decode: fromSelectors },
  { applies: ({ marks }) => (marks & PERCENT) !== 0, decode: fromPercent },
  { applies: ({ marks }) => (marks & AMPERSAND) !== 0, decode: fromEntities },
  { applies: ({ marks }) => (marks & (BACKSLASH | PLUS)) !== 0, decode: fromEscapes },
  { applies: ({ marks }) => (marks & EQUALS) !== 0, decode: fromQuotedPrintable },
  { applies: ({ marks }) => (marks & PLUS) !== 0, decode: fromUtf7 },
  { applies: ({ coded }) => coded >= LEAST_BASE64, decode: fromBase64 },
  { applies: ({ coded, hex }) => Math.max(coded, hex) >= LEAST_HEX, decode: fromHex },
  { applies: ({ coded }) => coded >= LEAST_BASE32, decode: fromBase32 },
  { applies: ({ coded }) => coded >= LEAST_BASE58, decode: fromBase58 },
  { applies: ({ odd }) => odd > 0, decode: fromBase85 },
  { applies: ({ marks }) => (marks & LABEL) !== 0, decode: fromPunycode },
  { applies: ({ numbers }) => numbers >= LEAST_LIST, decode: fromDecimals },
  { applies: ({ pairs }) => pairs >= LEAST_LIST, decode: fromHexBytes },
  {
    applies: ({ numbers, coded }) => numbers >= LEAST_LIST || coded >= LEAST_BINARY,
    decode: fromBinary,
  },
  { applies: ({ singles }) => singles >= LEAST_SINGLES, decode: fromSpaced },
  {
    applies: ({ groups, coded }) => groups >= LEAST_GROUPS || coded >= LEAST_GROUPED,
    decode: fromGroups,
  },
  { applies: ({ doubled }) => doubled >= LEAST_DOUBLED, decode: fromDoubled },
  { applies: ({ mixed }) => mixed > 0, decode: fromLeet },
  { applies: ({ odd }) => odd >= LEAST_ODD, decode: fromRot47 },
  { applies: ({ dashes }) => dashes >= LEAST_DASHES, decode: fromMorse },
  { applies: ({ spoken }) => spoken >= LEAST_SPOKEN, decode: fromSpelled },
]

const LEAST_LIST = 4
const LEAST_GROUPS = 3
const LEAST_SINGLES = 8
const LEAST_ODD = 4
const LEAST_DASHES = 3
const LEAST_SPOKEN = 3

/** False: the text holds nothing that any decoder looks for. */
export function mayBeEncoded(found: Features): boolean {
  return found.mixed > 0 || mayBeTurned(found)
}

/** The same for a mirror of the text, whatever its words are. */
export function mayBeTurned(found: Features): boolean {
  const { coded, hex, marks, singles, numbers, pairs, doubled, odd, wide } = found
  return (
    Math.max(coded, hex) >= LEAST_HEX ||
    Math.max(numbers, pairs) >= LEAST_LIST ||
    marks + odd > 0 ||
    doubled >= LEAST_DOUBLED ||
    Math.max(found.dashes, found.spoken) >= LEAST_DASHES ||
    singles >= LEAST_SINGLES ||
    wide
  )
}
