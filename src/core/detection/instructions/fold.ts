/** A unit that ends words and phrases. */
export const BREAK = 0
/** A unit that counts as if it were not there: zero-width, combining, apostrophe. */
export const ABSENT = 1
/** A unit that may stand between two words of one phrase. */
export const GAP = 32

const LEET: ReadonlyMap<string, string> = new Map([
  ['0', 'o'],
  ['1', 'i'],
  ['3', 'e'],
  ['4', 'a'],
  ['5', 's'],
  ['7', 't'],
  ['@', 'a'],
  ['$', 's'],
])
// Letters that do not decompose.
const PLAIN: ReadonlyMap<string, string> = new Map([
  ['ł', 'l'],
  ['ı', 'i'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ß', 's'],
  ['æ', 'a'],
  ['œ', 'o'],
])
const GAPS = ' \t\n\r\u00a0"*_-\\,\u3000\u201c\u201d\u300c\u300d()'
const ABSENTS =
  "'`\u2018\u2019\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u200e\u200f" +
  '\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff\u3164\uffa0\u0640\u093c'

let built: Uint16Array | undefined

/**
 * For each UTF-16 unit the unit it is read as: lower case, without accent, full-width as ASCII,
 * digits that stand for letters as letters; or one of {@link BREAK}, {@link ABSENT}, {@link GAP}.
 */
export function foldTable(): Uint16Array {
  built ??= buildFold()
  return built
}

function buildFold(): Uint16Array {
  const fold = new Uint16Array(0x10000)
  for (let code = 0x30; code < 0x600; code++) fold[code] = foldOne(code)
  keep(fold, 0x0600, 0x1fff)
  keep(fold, 0x2e80, 0x2fdf)
  keep(fold, 0x3041, 0xd7ff)
  keep(fold, 0xf900, 0xfeff)
  for (let code = 0xff01; code <= 0xff5e; code++) fold[code] = fold[code - 0xfee0] ?? BREAK
  // Letters in circles, capital and small.
  for (let code = 0x24b6; code <= 0x24e9; code++) fold[code] = 97 + ((code - 0x24b6) % 26)
  fill(fold, 0x0300, 0x036f, ABSENT)
  fill(fold, 0x064b, 0x065f, ABSENT)
  fill(fold, 0xfe00, 0xfe0f, ABSENT)
  for (const letter of '\u060c\u061b\u061f\u066a\u06d4\u0964\u0965\u30fb')
    fold[letter.charCodeAt(0)] = BREAK
  foldArabic(fold)
  for (const letter of GAPS) fold[letter.charCodeAt(0)] = GAP
  for (const letter of ABSENTS) fold[letter.charCodeAt(0)] = ABSENT
  for (const [digit, letter] of LEET) fold[digit.charCodeAt(0)] = letter.charCodeAt(0)
  return fold
}

function foldOne(code: number): number {
  const letter = String.fromCharCode(code).toLowerCase()
  const base = PLAIN.get(letter) ?? letter.normalize('NFKD').charAt(0)
  return /^[\p{L}\p{N}]$/u.test(base) ? base.charCodeAt(0) : BREAK
}

// Forms of alef, teh marbuta and alef maksura are often exchanged in writing.
function foldArabic(fold: Uint16Array): void {
  for (const alef of '\u0622\u0623\u0625') fold[alef.charCodeAt(0)] = 0x0627
  fold[0x0629] = 0x0647
  fold[0x0649] = 0x064a
}

function keep(fold: Uint16Array, from: number, to: number): void {
  for (let code = from; code <= to; code++) fold[code] = code
}

function fill(fold: Uint16Array, from: number, to: number, value: number): void {
  fold.fill(value, from, to + 1)
}

/** Scripts that write no blanks between words, or join short words to the next: Han, kana, Arabic. */
export function isUnspaced(folded: number): boolean {
  return (folded >= 0x2e80 && folded < 0xac00) || (folded >= 0x0600 && folded < 0x0700)
}

let cueFolded: Uint16Array | undefined

/**
 * The same for keywords that are looked for in any text: what ends or interrupts words is itself,
 * in small letters, and what no keyword could hold is 0.
 */
export function cueFold(): Uint16Array {
  cueFolded ??= buildCueFold(foldTable())
  return cueFolded
}

function buildCueFold(fold: Uint16Array): Uint16Array {
  const folded = new Uint16Array(0x10000)
  for (let code = 0; code < 0x10000; code++) {
    const unit = fold[code] ?? BREAK
    if (unit > ABSENT && unit < 128) folded[code] = unit
    else if (code < 128) folded[code] = code
  }
  return folded
}
