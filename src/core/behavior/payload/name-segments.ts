const MAX_NAME = 128

const OTHER = 0
const SMALL = 1
const CAPITAL = 2

/** The words of a name in snake, camel, kebab or dotted case, in small letters, digits left out. */
export function nameSegments(name: string): readonly string[] {
  const end = Math.min(name.length, MAX_NAME)
  const segments: string[] = []
  let start = 0
  let before = OTHER
  for (let index = 0; index < end; index++) {
    const kind = kindOf(name.charCodeAt(index))
    if (kind === OTHER || beginsWord(name, index, kind, before)) {
      addSegment(segments, name, start, index)
      start = kind === OTHER ? index + 1 : index
    }
    before = kind
  }
  addSegment(segments, name, start, end)
  return segments
}

/** A capital behind a small letter, or the last of several capitals before a small letter. */
function beginsWord(name: string, index: number, kind: number, before: number): boolean {
  if (kind !== CAPITAL) return false
  if (before !== CAPITAL) return before === SMALL
  return index + 1 < MAX_NAME && kindOf(name.charCodeAt(index + 1)) === SMALL
}

function addSegment(segments: string[], name: string, start: number, end: number): void {
  if (end > start) segments.push(name.slice(start, end).toLowerCase())
}

function kindOf(unit: number): number {
  if (unit >= 97 && unit <= 122) return SMALL
  return unit >= 65 && unit <= 90 ? CAPITAL : OTHER
}
