import { mayBeSpoken } from './spelled.ts'
import { BASE64, CAPITAL, DIGIT, HEX, kindsOf, LETTER, PLUS_SIGN, SMALL } from './unit-kinds.ts'

/** What a text holds that an encoding leaves behind. Found in one pass; none of it is proof. */
export interface Features {
  /** Length of the longest run of the base64 alphabet. */
  run: number
  /** Length of the longest run that is no word: of capitals, small letters and digits mixed, or very long. */
  coded: number
  /** Length of the longest run of hexadecimal digits that is no word. */
  hex: number
  /** Most runs of one unit in a row. */
  singles: number
  singlesRow: number
  /** Most runs in a row that are as long as each other. */
  groups: number
  groupsRow: number
  group: number
  /** Most runs in a row that may be a byte in hexadecimal digits each; short words between them count for nothing. */
  pairs: number
  pairsRow: number
  /** The same for runs of digits alone. */
  numbers: number
  numbersRow: number
  /** Runs of letters and digits mixed. */
  mixed: number
  /** Runs of dashes and the like alone. */
  dashes: number
  /** Flags of the marks below that occur. */
  marks: number
  /** Units such as `<`, `;` and `^` inside a word. */
  odd: number
  /** Most units in a row that stand there twice. */
  doubled: number
  twin: number
  twins: number
  /** Most words in a row that look as if they spelled a digit or a letter. */
  spoken: number
  spokenRow: number
  /** A unit beyond ASCII occurs. */
  wide: boolean
}

export const PERCENT = 1
export const AMPERSAND = 2
export const BACKSLASH = 4
export const EQUALS = 8
export const PLUS = 16
/** Two dashes in a row. */
export const LABEL = 64
const ODD = 32

const MARKS = new Uint8Array(128)
for (const unit of '<>?@;^~|`{}!*$#[]') MARKS[unit.charCodeAt(0)] = ODD
for (const [unit, mark] of [
  ['%', PERCENT | ODD],
  ['&', AMPERSAND | ODD],
  ['\\', BACKSLASH],
  ['=', EQUALS | ODD],
  ['+', PLUS],
] as const)
  MARKS[unit.charCodeAt(0)] = mark

/** Words are rarely as long as this. */
const LONG_WORD = 18
const LONG_NUMBER = 12
const LEAST_CODED = 8
const ALPHANUMERIC = LETTER | DIGIT

export function featuresOf(text: string): Features {
  const found: Features = {
    run: 0,
    coded: 0,
    hex: 0,
    singles: 0,
    singlesRow: 0,
    groups: 0,
    groupsRow: 0,
    group: 0,
    pairs: 0,
    pairsRow: 0,
    numbers: 0,
    numbersRow: 0,
    mixed: 0,
    dashes: 0,
    marks: 0,
    odd: 0,
    doubled: 0,
    twin: -2,
    twins: 0,
    spoken: 0,
    spokenRow: 0,
    wide: false,
  }
  let index = 0
  while (index < text.length) {
    index = passRun(found, text, index)
    index = passMarks(found, text, index)
  }
  return found
}

/** Passes a run of the base64 alphabet. Returns the offset behind it. */
function passRun(found: Features, text: string, start: number): number {
  let some = 0
  let every = HEX
  let last = 0
  let index = start
  for (; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    const kind = kindsOf(unit)
    if ((kind & BASE64) === 0) break
    some |= kind
    every &= kind
    if (unit === last) addTwin(found, index, unit)
    last = unit
  }
  if (index > start) endRun(found, text, start, index, some, every)
  return index
}

/** Passes what is not of the base64 alphabet. Returns the offset behind it. */
function passMarks(found: Features, text: string, start: number): number {
  let index = start
  for (; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit === text.charCodeAt(index - 1)) addTwin(found, index, unit)
    if (unit === 32) continue
    if ((kindsOf(unit) & BASE64) !== 0) return index
    if (unit > 127) {
      found.wide = true
      continue
    }
    const mark = MARKS[unit] ?? 0
    if (mark === 0) continue
    found.marks |= mark & ~ODD
    if ((mark & ODD) !== 0 && isInside(text, index)) found.odd++
  }
  return index
}

/** The unit at `index` is the one before it. */
function addTwin(found: Features, index: number, unit: number): void {
  if (unit === 45) found.marks |= LABEL
  const distance = index - found.twin
  if (distance < 2) return
  found.twins = distance === 2 ? found.twins + 1 : 1
  found.twin = index
  if (found.twins > found.doubled) found.doubled = found.twins
}

function endRun(
  found: Features,
  text: string,
  start: number,
  end: number,
  some: number,
  every: number,
): void {
  const run = end - start
  const alike = some & ALPHANUMERIC
  if ((some & PLUS_SIGN) !== 0) found.marks |= PLUS
  if (run > found.run) found.run = run
  if (alike === 0) found.dashes++
  else if (alike === ALPHANUMERIC) found.mixed++
  countRows(found, text, start, end, alike, every)
  if (run >= LEAST_CODED) endLongRun(found, text, start, end, some, every)
  found.spokenRow = mayBeSpoken(text, start, end) ? found.spokenRow + 1 : 0
  if (found.spokenRow > found.spoken) found.spoken = found.spokenRow
}

/** The longest word that stands between bytes, as in `char(115)+char(107)`. */
const LONGEST_LINK = 5
/** A byte with its mark: `0x73`. */
const LONGEST_BYTE = 6
const MANY = 4

function countRows(
  found: Features,
  text: string,
  start: number,
  end: number,
  alike: number,
  every: number,
): void {
  const run = end - start
  if (run !== found.group) {
    found.group = run
    found.groupsRow = 1
  } else if (++found.groupsRow > found.groups && run > 1) found.groups = found.groupsRow
  if (run === 1) {
    if (++found.singlesRow > found.singles) found.singles = found.singlesRow
  } else found.singlesRow = 0
  if (alike === DIGIT) {
    if (++found.numbersRow > found.numbers) found.numbers = found.numbersRow
  } else if (run > LONGEST_LINK) found.numbersRow = 0
  const pairs = pairsIn(text, start, end, alike === ALPHANUMERIC, every)
  if (pairs > 0) found.pairsRow += pairs
  else if (run > LONGEST_LINK) found.pairsRow = 0
  if (found.pairsRow > found.pairs) found.pairs = found.pairsRow
}

/** How many bytes in hexadecimal digits a run may be. */
function pairsIn(
  text: string,
  start: number,
  end: number,
  isMixed: boolean,
  every: number,
): number {
  const run = end - start
  if (run === 2) return (every & HEX) !== 0 || isMixed ? 1 : 0
  if (!isMixed) return 0
  return run <= LONGEST_BYTE ? 1 : hasMark(text, start, end) ? MANY : 0
}

/** An `x`, as in `x73x6b`. */
function hasMark(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index++)
    if ((text.charCodeAt(index) | 32) === 120) return true
  return false
}

function endLongRun(
  found: Features,
  text: string,
  start: number,
  end: number,
  some: number,
  every: number,
): void {
  const run = end - start
  const isCoded = run >= LONG_WORD || isMixed(some, run) || mixesCase(text, start, end, some)
  if (isCoded && run > found.coded) found.coded = run
  if ((every & HEX) !== 0 && run > found.hex) found.hex = run
}

function isMixed(some: number, run: number): boolean {
  const alike = some & ALPHANUMERIC
  return alike === ALPHANUMERIC || (alike === DIGIT && run >= LONG_NUMBER)
}

/** A capital behind a small letter, as words do not have it. */
function mixesCase(text: string, start: number, end: number, some: number): boolean {
  if ((some & CAPITAL) === 0 || (some & SMALL) === 0) return false
  for (let index = start + 1; index < end; index++) {
    const isCapital = (kindsOf(text.charCodeAt(index)) & CAPITAL) !== 0
    if (isCapital && (kindsOf(text.charCodeAt(index - 1)) & SMALL) !== 0) return true
  }
  return false
}

/** Neither neighbour is a space or an end of the text. */
function isInside(text: string, index: number): boolean {
  return text.charCodeAt(index - 1) > 32 && text.charCodeAt(index + 1) > 32
}
