/** Greek and Cyrillic letters that look like Latin ones. @see https://www.unicode.org/reports/tr39/#Confusable_Detection */
const PAIRS =
  'аaвbсcԁdеeһhіiјjкkӏlмmнhоoрpԛqгrѕsтtуyѵvԝwхxпnьbАAВBСCЕEНHІIЈJКKМMОOРPЅSТTХXУYαaβbεeηnιiκkνvοoρpτtυuχxωwγyΑAΒBΕEΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXΖZ'
const MIXED = /[A-Za-z][\u0370-\u052f]|[\u0370-\u052f][A-Za-z]/
const MATH = /\ud835[\udc00-\udfff]/
/** The alphabets of the block follow one another in the order A to Z, a to z. */
const MATH_LETTERS = 0xdc00
const MATH_DIGITS = 0xdfce
const CHUNK = 8192

let table: Uint16Array | undefined

function lookAlikes(): Uint16Array {
  if (table !== undefined) return table
  table = new Uint16Array(0x530)
  for (let at = 0; at < PAIRS.length; at += 2)
    table[PAIRS.charCodeAt(at)] = PAIRS.charCodeAt(at + 1)
  return table
}

/**
 * The same text with letters of the mathematical alphabets as plain ones, and with look-alikes inside
 * words that also hold Latin letters as Latin ones. Of the same length, so that offsets hold.
 */
export function inReadableLetters(text: string): string {
  const isMixed = MIXED.test(text)
  if (!isMixed && !MATH.test(text)) return text
  const units = new Uint16Array(text.length)
  for (let at = 0; at < text.length; at++) {
    units[at] = text.charCodeAt(at)
    if (units[at] === 0xd835 && at + 1 < text.length)
      at += plainMath(units, at, text.charCodeAt(at + 1))
  }
  if (isMixed) plainWords(units)
  return toText(units)
}

function plainWords(units: Uint16Array): void {
  let start = -1
  let isLatin = false
  for (let at = 0; at <= units.length; at++) {
    const code = units[at] ?? 0
    const isAscii = (code | 32) >= 97 && (code | 32) <= 122
    if (isAscii || (code >= 0x370 && code < 0x530)) {
      if (start < 0) start = at
      isLatin ||= isAscii
      continue
    }
    if (isLatin) plainWord(units, start, at)
    start = -1
    isLatin = false
  }
}

/** The pair becomes a letter and a zero-width space. Answers how many units more were read. */
function plainMath(units: Uint16Array, at: number, low: number): number {
  if (low < MATH_LETTERS || low > 0xdfff) return 0
  const letter = (low - MATH_LETTERS) % 52
  units[at] =
    low >= MATH_DIGITS ? 48 + ((low - MATH_DIGITS) % 10) : letter < 26 ? 65 + letter : 71 + letter
  units[at + 1] = 0x200b
  return 1
}

function plainWord(units: Uint16Array, start: number, end: number): void {
  const pairs = lookAlikes()
  for (let at = start; at < end; at++) {
    const plain = pairs[units[at] ?? 0] ?? 0
    if (plain !== 0) units[at] = plain
  }
}

function toText(units: Uint16Array): string {
  let text = ''
  for (let at = 0; at < units.length; at += CHUNK)
    text += Reflect.apply(String.fromCharCode, undefined, units.subarray(at, at + CHUNK))
  return text
}
