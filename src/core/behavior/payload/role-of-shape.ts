import type { ArgumentRole } from '../flow.ts'
import type { Leaf } from './leaf.ts'

const ADDRESS = /^(?:mailto:)?[^\s@<>"]{1,64}@[^\s@<>"]{1,255}$/i
const URL_START = /^[a-z][a-z\d+.-]{1,20}:\/\/\S/i
/** @see https://www.iso13616.org/ */
const IBAN = /^[A-Z]{2}\d{2}(?: ?[\dA-Z]{2,4}){3,9}$/
/** So many words are content, as a name or a title of two may be an identifier. */
const CONTENT_WORDS = 3
const LONG = 40

/** The part a value plays, by what it looks like, where its name does not tell. */
export function roleOfShape({ text, kind }: Leaf): ArgumentRole {
  if (kind === 'prose') return 'content'
  if (URL_START.test(text) || ADDRESS.test(text) || IBAN.test(text)) return 'destination'
  if (text.length > LONG || hasWords(text, CONTENT_WORDS)) return 'content'
  return 'identifier'
}

function hasWords(text: string, count: number): boolean {
  let words = 1
  for (let index = 1; index < text.length; index++)
    if (text.charCodeAt(index) === 32 && ++words >= count) return true
  return false
}
