import { addLeaf, type Reading, readInner } from './reading.ts'

const OPENING =
  /^\s{0,256}<(?:!doctype|!--|\?xml|(?:html|head|body|div|p|span|a|h[1-6]|ul|ol|li|table|t[rdh]|thead|tbody|form|input|label|button|img|br|hr|script|style|meta|link|title|section|article|nav|header|footer|main|svg|b|i|em|strong|pre|code|blockquote)[\s/>])/i
const PAIR = /^\s{0,256}<([A-Za-z][\w:.-]{0,63})(?:\s[^<>]{0,2000})?>\s{0,256}<[A-Za-z!]/

/** HTML by its tags, XML by one element that opens inside another. */
export function looksLikeMarkup(text: string): boolean {
  return OPENING.test(text) || PAIR.test(text)
}

const TAG = /<[/!?]?([A-Za-z][\w:.-]{0,63})([^<>]{0,8192})>/y
const ATTRIBUTE =
  /([A-Za-z_:@][\w:.-]{0,63})\s{0,8}=\s{0,8}(?:"([^"]{0,8192})"|'([^']{0,8192})'|([^\s"'>]{1,8192}))|([\w:.-]{4,256})/g

/** Where the reader of a marked-up text is. */
interface Place {
  readonly reading: Reading
  readonly text: string
  /** Offset of the first unit that is not read yet. */
  from: number
  element: string
  record: number
}

/** Reads texts under the name of their element, attributes under their own, and comments. */
export function readMarkup(reading: Reading, text: string, key: string, record: number): void {
  const place: Place = { reading, text, from: 0, element: key, record }
  let open = text.indexOf('<')
  while (open >= 0) {
    const next = readRemark(place, open) || readTag(place, open)
    open = text.indexOf('<', next || open + 1)
  }
  addText(place, text.slice(place.from))
}

/** Reads a comment or a stretch of plain data. Returns the offset behind it; 0: there is none. */
function readRemark(place: Place, open: number): number {
  const { text } = place
  for (const [opener, closer] of REMARKS) {
    if (!text.startsWith(opener, open)) continue
    const close = text.indexOf(closer, open + opener.length)
    const end = close < 0 ? text.length : close
    addText(place, text.slice(place.from, open))
    addText(place, text.slice(open + opener.length, end), opener === '<!--' ? 'comment' : undefined)
    place.from = Math.min(text.length, end + closer.length)
    return place.from
  }
  return 0
}
const REMARKS = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
] as const

function readTag(place: Place, open: number): number {
  TAG.lastIndex = open
  const match = TAG.exec(place.text)
  if (match === null) return 0
  const [whole, name = '', attributes = ''] = match
  addText(place, place.text.slice(place.from, open))
  place.from = open + whole.length
  if (!whole.startsWith('</')) {
    if (isRow(name)) place.record = ++place.reading.records
    place.element = name
  }
  readAttributes(place, attributes)
  return place.from
}

function isRow(name: string): boolean {
  return /^(?:tr|li|item|entry|row|record|p|form)$/i.test(name)
}

function readAttributes({ reading, element, record }: Place, text: string): void {
  if (text.length < 3) return
  for (const [, name, double, single, bare, word] of text.matchAll(ATTRIBUTE)) {
    const value = double ?? single ?? bare ?? word ?? ''
    if (value !== '') readInner(reading, decoded(value), name ?? element, record)
  }
}

function addText({ reading, element, record }: Place, text: string, key = element): void {
  const trimmed = text.trim()
  if (trimmed === '') return
  if (trimmed.includes('<')) addLeaf(reading, key, decoded(trimmed), record)
  else readInner(reading, decoded(trimmed), key, record)
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

function decoded(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}));/gi,
    (entity, decimal, hex, name) => {
      if (name !== undefined) return NAMED[name] ?? entity
      const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
      return point <= 0x10ffff ? String.fromCodePoint(point) : entity
    },
  )
}
