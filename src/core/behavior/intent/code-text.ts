/** Longest stretch that is judged, in UTF-16 units. */
const MAX_LENGTH = 700
const SIGNS = new Uint8Array(128)
for (const sign of '()=[]_{};<>"') SIGNS[sign.charCodeAt(0)] = 1

/** Source text: so many signs that no person speaks here. */
export function isCode(text: string, start: number, end: number): boolean {
  const to = Math.min(end, start + MAX_LENGTH)
  let signs = 0
  for (let at = start; at < to; at += 1) signs += SIGNS[text.charCodeAt(at)] ?? 0
  return signs > 4 && signs * 15 > to - start
}

/** Longest name that may be a sentence, and fewest signs between its words. */
const MAX_NAME = 240
const MIN_JOINTS = 3

/** `delete_all_notes_of_may.txt`: a name that says more than what it names. */
export function isSpoken(name: string): boolean {
  return name.length <= MAX_NAME && jointOf(name) !== undefined
}

/** Such a name in words. */
export function inWords(name: string): string {
  return name.split(jointOf(name) ?? '_').join(' ')
}

function jointOf(name: string): '_' | '-' | undefined {
  if (countOf(name, '_') >= MIN_JOINTS) return '_'
  return countOf(name, '-') >= MIN_JOINTS && !name.includes('@') ? '-' : undefined
}

function countOf(text: string, sign: string): number {
  let count = 0
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) count += 1
  return count
}

/** One token: a value, whatever words it is made of. */
export function isToken(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    // Kana, Han and Hangul have no spaces.
    if (unit <= 32 || unit >= 0x3040) return false
  }
  return true
}
