/** Kinds of units that tell how a text is to be read. */
export const HAS_NEWLINE = 1
export const HAS_SPACE = 2
export const HAS_MARKUP = 4
export const HAS_EQUALS = 8
export const HAS_COLON = 16
export const HAS_BRACKET = 32
export const HAS_TAB = 64

const UNITS = [
  ['\n\r', HAS_NEWLINE],
  [' ', HAS_SPACE],
  ['<', HAS_MARKUP],
  ['=', HAS_EQUALS],
  [':', HAS_COLON],
  ['{[', HAS_BRACKET],
  ['\t|', HAS_TAB],
] as const
const FLAGS = new Uint8Array(128)
for (const [units, flag] of UNITS) for (const unit of units) FLAGS[unit.charCodeAt(0)] = flag

/** Beyond this length a search for each kind of unit is faster than a look at every unit. */
const SHORT = 64
const KINDS: readonly (readonly [unit: string, flag: number])[] = UNITS.flatMap(([units, flag]) =>
  [...units].map((unit) => [unit, flag] as const),
)

/** Which of the kinds above occur, as flags. */
export function shapeOf(text: string): number {
  let shape = 0
  if (text.length > SHORT) {
    for (const [unit, flag] of KINDS) if ((shape & flag) === 0 && text.includes(unit)) shape |= flag
    return shape
  }
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    // Beyond the end of the table a read would be slow.
    if (unit < 128) shape |= FLAGS[unit] ?? 0
  }
  return shape
}

/** So many words are running text, however they end. */
const MANY_WORDS = 8
/** So many are, if a sentence ends among them. */
const SENTENCE_WORDS = 4
/** Longer than this, with a space in it, a text is prose. */
const LONG = 400

/** Running text, rather than a value such as a name, a title or an address. */
export function isProse(text: string): boolean {
  if (text.length < 16) return false
  const limit = Math.min(text.length, LONG)
  let words = 1
  let sentence = isStop(text.charCodeAt(text.length - 1))
  for (let index = 1; index < limit; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 10) return true
    if (unit !== 32) continue
    words++
    if (isStop(text.charCodeAt(index - 1))) sentence = true
    if (words >= MANY_WORDS || (sentence && words >= SENTENCE_WORDS)) return true
  }
  return text.length > LONG && words > 1
}

/** `.`, `!`, `?` and the ideographic full stop. */
function isStop(unit: number): boolean {
  return unit === 46 || unit === 33 || unit === 63 || unit === 0x3002
}

/** Keys up to this long hold no value worth finding. */
const SHORT_KEY = 7
const LONG_KEY = 40
const KEY_DIGITS = 2

/** Last words of labels such as `First Name`, which are no values although they are spaced like one. */
const LABEL_WORDS = new Set(
  'account address amount balance brand cards category city code comment company contact content cost count country currency date day description details discount duration email format hours id ids iban language limit link list location mail message method mode month name names note notes number numbers order owner password path payment phone price product quantity rating reason recipient reviews role sender status street subject summary text time title token total type unit url user username value version year zip'.split(
    ' ',
  ),
)
const LABEL = /^[\p{L}]{1,20}(?: [\p{L}]{1,20}){1,3}$/u

function isLabel(key: string): boolean {
  return LABEL.test(key) && LABEL_WORDS.has(key.slice(key.lastIndexOf(' ') + 1).toLowerCase())
}

/** The key of a record names a field, as `user_id` does, rather than being a value, such as a person's name. */
export function isFieldName(key: string): boolean {
  if (key.length <= SHORT_KEY) return true
  if (key.length > LONG_KEY) return false
  let digits = 0
  for (let index = 0; index < key.length; index++) {
    const unit = key.charCodeAt(index)
    if (unit >= 48 && unit <= 57) digits++
    else if (!isNameUnit(unit)) return unit === 32 && isLabel(key)
  }
  return digits <= KEY_DIGITS
}

/** Letters of ASCII, `_`, `-`, `$`. Not a dot: file names and hosts are values. */
function isNameUnit(unit: number): boolean {
  if ((unit | 32) >= 97 && (unit | 32) <= 122) return true
  return unit === 95 || unit === 45 || unit === 36
}
