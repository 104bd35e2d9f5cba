import type { ArgumentRole } from '../flow.ts'
import { isUuid } from './is-uuid.ts'
import type { Leaf } from './leaf.ts'
import { unitShape, W_CAPITAL, W_DIGIT, W_SMALL } from './word-shape.ts'

const ADDRESS = /^[^\s@<>"]{1,64}@[^\s@<>"]{1,255}$/i
const URL_START = /^(?:[a-z][a-z\d+.-]{1,20}:\/\/|mailto:)\S/i
/** @see https://www.iso13616.org/ */
const IBAN = /^[A-Z]{2}\d{2}(?: ?[\dA-Z]{2,4}){3,9}$/
/** So many words are content, as a name or a title of two may be an identifier. */
const CONTENT_WORDS = 3
const LONG = 40

/** The part a value plays, by what it looks like, where its name does not tell. */
export function roleOfShape({ text, kind }: Leaf): ArgumentRole {
  if (kind === 'prose') return 'content'
  if (URL_START.test(text) || ADDRESS.test(text) || IBAN.test(text)) return 'destination'
  if (text.length > LONG || hasWords(text, CONTENT_WORDS) || looksDrawn(text)) return 'content'
  return 'identifier'
}

/** Letters and digits of a key or a token that was drawn by chance; a UUID names something. */
const LEAST_DRAWN = 20
const LEAST_DIGITS = 2
/** At one place in so many a letter meets a digit, or a small letter a capital. */
const MIXED = 5
const UUID_LENGTH = 36
const ALPHANUMERIC = W_SMALL | W_CAPITAL | W_DIGIT

function looksDrawn(text: string): boolean {
  if (text.length < LEAST_DRAWN || (text.length === UUID_LENGTH && isUuid(text, 0))) return false
  let drawn = 0
  let digits = 0
  let changes = 0
  let before = 0
  for (let index = 0; index < text.length; index++) {
    const kind = unitShape(text.charCodeAt(index)) & ALPHANUMERIC
    if (kind !== 0) drawn++
    if (kind === W_DIGIT) digits++
    if (before !== 0 && isChange(before, kind)) changes++
    before = kind
  }
  return drawn >= LEAST_DRAWN && digits >= LEAST_DIGITS && changes * MIXED >= drawn
}

/** Of kinds; a capital before small letters begins a word. */
function isChange(before: number, kind: number): boolean {
  return kind !== 0 && kind !== before && !(before === W_CAPITAL && kind === W_SMALL)
}

function hasWords(text: string, count: number): boolean {
  let words = 1
  for (let index = 1; index < text.length; index++)
    if (text.charCodeAt(index) === 32 && ++words >= count) return true
  return false
}
