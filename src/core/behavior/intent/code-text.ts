/** Longest stretch that is judged, in UTF-16 units. */
const MAX_LENGTH = 700
const SIGNS = new Uint8Array(128)
for (const sign of '()=[]_{};<>"') SIGNS[sign.charCodeAt(0)] = 1

/** Source text: so many signs that no person speaks here. `signs`: how many `isCodeSign` counted. */
export function isCode(text: string, start: number, end: number, signs: number): boolean {
  if (end - start > MAX_LENGTH) return isLongCode(text, start)
  return signs > 4 && signs * 15 > end - start
}

export function isCodeSign(unit: number): boolean {
  return unit < 128 && SIGNS[unit] === 1
}

function isLongCode(text: string, start: number): boolean {
  let signs = 0
  for (let at = start; at < start + MAX_LENGTH; at += 1)
    signs += SIGNS[String.prototype.charCodeAt.call(text, at)] ?? 0
  return signs > 4 && signs * 15 > MAX_LENGTH
}

/** Longest name that may be a sentence, and fewest signs between its words. */
const MAX_NAME = 240
const MIN_JOINTS = 3

/** What a field is. */
export const FIELD = {
  /** Words, or signs of languages without spaces between them. */
  text: 0,
  /** One token: a value, whatever words it is made of. */
  token: 1,
  /** … with words joined by underscores or hyphens, which say more than what they name. */
  underscores: 95,
  hyphens: 45,
} as const
const AT = 64
/** Kana, Han and Hangul have no spaces. */
const FIRST_CJK = 0x3040

/** `FIELD`, in one walk: `delete_all_notes_of_may.txt` is a sentence. */
export function fieldOf(text: string): number {
  let underscores = 0
  let hyphens = 0
  let isAddress = false
  const { length } = text
  for (let at = 0; at < length; at += 1) {
    const unit = String.prototype.charCodeAt.call(text, at)
    if (unit <= 32 || unit >= FIRST_CJK) return FIELD.text
    if (unit === FIELD.underscores) underscores += 1
    else if (unit === FIELD.hyphens) hyphens += 1
    else if (unit === AT) isAddress = true
  }
  if (length > MAX_NAME) return FIELD.token
  if (underscores >= MIN_JOINTS) return FIELD.underscores
  return hyphens >= MIN_JOINTS && !isAddress ? FIELD.hyphens : FIELD.token
}

/** The words of a name that are joined by a sign. */
export function inWords(name: string, joint: number): string {
  return name.split(String.fromCharCode(joint)).join(' ')
}
