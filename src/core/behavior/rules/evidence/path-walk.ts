import { decodePath } from './path-decode.ts'

/** Where a path leads, by its text alone. */
export interface Walk {
  /** Its names in lower case, without `.` and with `..` taken back as far as they can be. */
  readonly names: readonly string[]
  readonly isAbsolute: boolean
  /** How many levels above its start it goes. */
  readonly exits: number
  /** It climbs in a way that shows only when it is decoded, or carries forged characters. */
  readonly isDisguised: boolean
  /** How many steps up it takes. */
  readonly climbs: number
  /** A step up takes back the first name it had: nothing is left of where it began. */
  readonly leavesTop: boolean
}

/** More names than any path has. */
const MOST_NAMES = 512

/**
 * Walks a path after taking every layer of encoding off it. Linear; never throws. Without `decodes` a
 * path that is encoded counts as disguised as it is.
 */
export function walkPath(path: string, decodes = true): Walk {
  const raw = shortened(path)
  const { text, isForged } = decodes
    ? decodePath(raw)
    : { text: raw, isForged: ENCODED_STEP.test(raw) }
  const walk = stepThrough(withoutScheme(text))
  const shown = text === raw ? walk.climbs : stepThrough(withoutScheme(raw)).climbs
  const climbs = Math.max(walk.climbs, looseClimbs(text, text !== raw))
  const isDisguised = isForged || climbs > shown || (climbs > 0 && isOddlySeparated(text))
  return { ...walk, climbs, isDisguised }
}

const ENCODED_STEP = /%(?:25|2e|2f|5c|c[01]|u)|0x2[ef]/i

/** Windows had 260; what is longer is read by its beginning and its end, where the target is. */
const LONGEST_PATH = 1024
const HEAD = 256

function shortened(path: string): string {
  if (path.length <= LONGEST_PATH) return path
  return `${path.slice(0, HEAD)}/${path.slice(HEAD - LONGEST_PATH)}`
}

function withoutScheme(text: string): string {
  if (!text.includes(':')) return text
  return text
    .replace(/^file:(?:\/\/(?=\/)|\/\/localhost)?/i, '')
    .replace(/^[a-z][a-z0-9+.-]{1,20}:\/\/[^/\\]{0,300}/i, '')
}

const ABSOLUTE = /^(?:[/\\]|[a-z]:[/\\]|~)/i

function stepThrough(text: string): Omit<Walk, 'isDisguised'> {
  const names: string[] = []
  let exits = 0
  let climbs = 0
  let leavesTop = false
  for (const part of text.split(/[/\\]/, MOST_NAMES)) {
    // A parameter or a stream behind the dots is dropped by those who know them.
    const name = part.trim().replace(/^\.\.[;:?].*$/, '..')
    if (name === '' || name === '.') continue
    if (name !== '..') names.push(name.toLowerCase())
    else {
      climbs++
      if (names.pop() === undefined) exits++
      leavesTop ||= names.length === 0
    }
  }
  return { names, isAbsolute: ABSOLUTE.test(text), exits, climbs, leavesTop }
}

/**
 * Steps up that stand between separators of another kind, or that appear once a filter has taken out
 * what it knows: `....//` less `../` is `../`, and `.\./` less its backslash is `../`.
 */
function looseClimbs(text: string, wasEncoded: boolean): number {
  let climbs = 0
  if (text.includes('...')) climbs += dotNames(text)
  if (text.includes('.\\')) climbs += matchCount(text.replaceAll('\\', ''), /(?:^|\/)\.\.(?=\/|$)/g)
  if (wasEncoded) {
    const odd = matchCount(text, /(?:^|[^\w.-])\.\.(?=[^\w.\s-]|$)/g)
    if (odd >= 2) climbs = Math.max(climbs, odd)
  }
  return climbs
}

// Two kinds of separators, or three in a row: `..\\\\` is a backslash that was escaped.
function isOddlySeparated(text: string): boolean {
  return (text.includes('\\') && text.includes('/')) || /[/\\]{3}/.test(text)
}

// Old systems took `...` for the parent's parent. One within a path is a writer's ellipsis.
function dotNames(text: string): number {
  const names = matchCount(text, /(?:^|[/\\])\.{3,16}(?=[/\\])/g)
  return names >= 2 || /^[/\\]?\.{3,16}[/\\]/.test(text) ? names : 0
}

function matchCount(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
