/**
 * The text of a JSON object with another model, and without the members of some names. All else stays as it
 * was written: numbers keep every digit, members their order. The text has been parsed: it is an object, and
 * says no name twice.
 */
export function withModel(text: string, model: string, left: ReadonlySet<string>): string {
  const kept: string[] = []
  for (const { name, raw } of membersOf(text)) {
    if (left.has(name) || name === 'model') continue
    kept.push(raw)
  }
  return `{${[`"model":${JSON.stringify(model)}`, ...kept].join(',')}}`
}

interface Member {
  readonly name: string
  /** Its name and its value, as written. */
  readonly raw: string
}

/** Of the outermost object. */
function membersOf(text: string): readonly Member[] {
  const members: Member[] = []
  const end = text.lastIndexOf('}')
  let start = text.indexOf('{') + 1
  while (start < end) {
    const next = endOfMember(text, start, end)
    const raw = text.slice(start, next).trim()
    if (raw !== '') members.push({ name: nameOf(raw), raw })
    start = next + 1
  }
  return members
}

/** Where the comma behind it stands, or the end of the object. */
function endOfMember(text: string, start: number, end: number): number {
  let depth = 0
  for (let at = start; at < end; at++) {
    const letter = text[at]
    if (letter === '"') at = endOfString(text, at)
    else if (letter === '{' || letter === '[') depth++
    else if (letter === '}' || letter === ']') depth--
    else if (letter === ',' && depth === 0) return at
  }
  return end
}

/** Where the quote stands that ends it. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

function nameOf(raw: string): string {
  return String(JSON.parse(raw.slice(0, endOfString(raw, 0) + 1)))
}
