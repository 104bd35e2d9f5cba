/**
 * Names of resources, agents, roles and the like: what is well formed. Everything else is refused
 * before any matching, so that no look-alike, glob character or inherited key can ever match.
 */

/** Longest tool part, in UTF-16 units. */
export const MAX_NAME = 128
/** Longest identifier of a subject: agents, users, sessions. */
const MAX_IDENTIFIER = 256
/** Longest `prompt:` or `resource:` name. */
const MAX_URI = 2048

const TOOL = /^[A-Za-z0-9_/-]+(?:\.[A-Za-z0-9_/-]+)*$/
const MODEL = /^[A-Za-z0-9_.~:@-]+(?:\/[A-Za-z0-9_.~:@-]+)*$/
// RFC 3986 unreserved, reserved and percent, and {} for URI templates.
const URI = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%{}]+$/

export type ResourceKind = 'tool' | 'model' | 'prompt' | 'resource'

/** Which kind a resource name is of. A tool unless a known prefix says otherwise. */
export function kindOfResource(name: string): ResourceKind {
  if (name.startsWith('model:')) return 'model'
  if (name.startsWith('prompt:')) return 'prompt'
  if (name.startsWith('resource:')) return 'resource'
  return 'tool'
}

/** What is wrong with a resource name, or undefined. Linear in its length, which is bounded first. */
export function resourceNameFault(name: unknown): string | undefined {
  if (typeof name !== 'string') return 'a resource name is a string'
  if (name === '') return 'the resource name is empty'
  const kind = kindOfResource(name)
  if (kind === 'tool') return toolNameFault(name)
  if (name.length > MAX_URI) return `the resource name is longer than ${MAX_URI} characters`
  const rest = name.slice(name.indexOf(':') + 1)
  if (kind === 'model')
    return MODEL.test(rest)
      ? undefined
      : 'a model is `model:vendor/name` of letters, digits and `_.-~:@`'
  if (!URI.test(rest) || rest.startsWith('/'))
    return `a ${kind} is \`${kind}:server/name\` of RFC 3986 characters`
  return uriFault(rest)
}

// Escapes of what needs none: letters, digits and `-._~`, slashes and the percent sign itself.
const NEEDLESS_ESCAPE = /%(?:2[def5]|3[0-9]|4[0-9a-f]|5[0-9af]|6[0-9a-f]|7[0-9ae])/i
const BROKEN_ESCAPE = /%(?![0-9a-f]{2})/i

/**
 * Spellings that a server reads as another name than the one that selectors were matched with.
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2
 */
function uriFault(rest: string): string | undefined {
  if (BROKEN_ESCAPE.test(rest) || NEEDLESS_ESCAPE.test(rest))
    return 'the name has a percent escape that stands for an ordinary character, or for none'
  const path = rest.split(/[?#]/, 1)[0] ?? ''
  const segments = path.split('/')
  const isOdd = (segment: string, index: number): boolean =>
    segment === '.' ||
    segment === '..' ||
    // Empty only behind a scheme (`file://`, `file:///x`) and at the very end.
    (segment === '' && index < segments.length - 1 && !isBehindScheme(segments, index))
  return segments.some(isOdd) ? 'the name has a `.`, `..` or empty segment' : undefined
}

function isBehindScheme(segments: readonly string[], index: number): boolean {
  const before = segments[index - 1] ?? ''
  return before.endsWith(':') || (before === '' && (segments[index - 2] ?? '').endsWith(':'))
}

function toolNameFault(name: string): string | undefined {
  // The server part is not known here: it gets the same bound as the tool part.
  if (name.length > 2 * MAX_NAME + 1)
    return `the tool name is longer than ${2 * MAX_NAME + 1} characters`
  if (TOOL.test(name)) return undefined
  return name.split('.').includes('')
    ? 'a tool name has no empty part between dots'
    : 'a tool name has only letters, digits and `_.-/`'
}

/** Tools are what catalogues list: what prompts, resources and methods a server has, they do not say. */
export function isToolOf(name: string, server: string): boolean {
  return kindOfResource(name) === 'tool' && !name.startsWith(`${server}.mcp/`)
}

/** True where the tool part, what follows `server.`, is within its bound. */
export function isToolPartBounded(name: string, server: string | undefined): boolean {
  const tool =
    server !== undefined && name.startsWith(`${server}.`) ? name.slice(server.length + 1) : name
  return tool.length <= MAX_NAME
}

const ASCII_IDENTIFIER = /^[!-~](?:[ -~]*[!-~])?$/
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u2800]/u
const EDGE_BLANK = /^[\p{Z}\s]|[\p{Z}\s]$/u
const LATIN = /\p{Script=Latin}/u
const LATIN_LIKE_SCRIPT =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u

/**
 * What is wrong with the name of an agent, user, role, scope and the like, or undefined.
 * Any language may be used, but nothing unseen, nothing that normalisation would change, and
 * nothing that reads like a Latin name without being one.
 */
export function identifierFault(name: unknown): string | undefined {
  if (typeof name !== 'string') return 'a name is a string'
  if (name.length > MAX_IDENTIFIER) return `the name is longer than ${MAX_IDENTIFIER} characters`
  if (ASCII_IDENTIFIER.test(name)) return undefined
  if (name.trim() === '') return 'the name is empty'
  if (EDGE_BLANK.test(name)) return 'the name begins or ends with a blank'
  if (UNSEEN.test(name)) return 'the name has a character that is not visible'
  if (name.normalize('NFC') !== name) return 'the name is not in Unicode normal form C'
  if (name.normalize('NFKC') !== name)
    return 'the name has compatibility characters that look like others'
  if (LATIN_LIKE_SCRIPT.test(name) && (LATIN.test(name) || looksLatin(name)))
    return 'the name has letters of another alphabet that look like Latin ones'
  return undefined
}

/**
 * Letters of other alphabets that are drawn like a Latin one.
 * @see https://www.unicode.org/reports/tr39/ (confusables; the subset that forms whole words)
 */
const LATIN_TWINS = new Set(
  'асԁеһіјӏмпорԛгѕтυѵԝхуАВЕЅІЈКМНОРТХУαιονρυχϲΑΒΕΖΗΙΚΜΝΟΡΤΥΧօոսցհաᎪᎫᎬᎻᎷᏢᎡᎢᏙᏔ',
)

function looksLatin(name: string): boolean {
  for (const letter of name) if (letter > '\u007f' && !LATIN_TWINS.has(letter)) return false
  return true
}
