import { isList, isMap } from './json-kind.ts'
import type { JsonValue } from './model/json.ts'

type Rewrite = (value: JsonValue) => JsonValue

/**
 * A text with its JSON changed: all of it is JSON, or what stands between words or in a fence, or
 * lines of it. The same string where nothing changed. A name that stands twice in one object is written
 * once: readers differ in which of the two they take, so neither is left unread.
 */
export function rewriteJsonText(text: string, rewrite: Rewrite): string {
  if (!LINE_OF_JSON.test(text)) return text
  return (
    rewriteJson(text, rewrite) ??
    rewriteEmbedded(text, rewrite) ??
    text
      .split('\n')
      .map((line) => (LINE_OF_JSON.test(line) ? (rewriteJson(line, rewrite) ?? line) : line))
      .join('\n')
  )
}

// No line end among the blanks: many empty lines would be gone through again from each of them.
const LINE_OF_JSON = /^[ \t\r]*[[{"]/m

/** JSON with words before and behind it, as in `Found 2 rows:` and in a fence. */
function rewriteEmbedded(text: string, rewrite: Rewrite): string | undefined {
  const start = /^[ \t]*[[{]/m.exec(text)?.index ?? 0
  const end = Math.max(text.lastIndexOf(']'), text.lastIndexOf('}')) + 1
  if (end <= start) return undefined
  const now = rewriteJson(text.slice(start, end), rewrite)
  return now === undefined ? undefined : text.slice(0, start) + now + text.slice(end)
}

/** Undefined where it is no JSON. */
function rewriteJson(text: string, rewrite: Rewrite): string | undefined {
  const value = parseJson(text)
  if (value === undefined) return undefined
  const now = rewrite(value)
  if (now === value && namesIn(text) === namesOf(value)) return text
  return JSON.stringify(now, undefined, /^[[{]\r?\n/.test(text.trimStart()) ? 2 : undefined)
}

/** True where a text of JSON says a name twice in one object: readers differ in which they take. */
export function saysNamesTwice(text: string, value: JsonValue): boolean {
  return namesIn(text) !== namesOf(value)
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue // whatever JSON.parse gives is a JSON value
  } catch {
    return undefined
  }
}

/** How many names of members a text of JSON holds: strings before a colon. */
function namesIn(text: string): number {
  let count = 0
  for (let at = text.indexOf('"'); at >= 0; ) {
    let next = endOfString(text, at) + 1
    while (isBlank(text.charCodeAt(next))) next++
    if (text[next] === ':') count++
    at = text.indexOf('"', next)
  }
  return count
}

/** Where the string that starts at this quote has its last one. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '"') return at
    if (text[at] === '\\') at++
  }
  return text.length
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

/** How many of them the value has kept. */
function namesOf(value: JsonValue): number {
  let count = 0
  const open: JsonValue[] = [value]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue
    const members: readonly JsonValue[] = isList(next) ? next : Object.values(next)
    if (isMap(next)) count += members.length
    for (const member of members) open.push(member)
  }
  return count
}
