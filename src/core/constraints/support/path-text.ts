/** Which rules a path is read by. `darwin` is `posix` on a file system that may ignore case. */
export type PathPlatform = 'posix' | 'win32' | 'darwin'

/** A path taken apart. `parts` has neither empty parts nor `.`; `..` are kept as they came. */
export interface PathPlace {
  /** `/`, a drive `c:` or a share `\\host\share`; undefined: relative. */
  readonly root: string | undefined
  readonly parts: readonly string[]
}

/** PATH_MAX of Linux, in bytes with the closing NUL; Windows and macOS allow less by default. */
const LONGEST_PATH = 4095
/** NAME_MAX of ext4, APFS and NTFS. */
const LONGEST_NAME = 255

const PLAIN = /^[A-Za-z0-9_/.-]*$/
const LOOKS_LIKE_SEPARATOR = /[\u2044\u2215\u2216\u2571\u2572\u27cb\u27cd\u29f5\u29f8\u29f9\u2afd]/u
const LOOKS_LIKE_DOT = /[\u00b7\u0701\u0702\u2024\u2027\u3002\u30fb\ua4f8\uff61]/gu
// Joiners and variation selectors belong to emoji and to several scripts.
const INVISIBLE =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?!\u200c|\u200d|[\ufe00-\ufe0f])[\p{Cf}\p{Default_Ignorable_Code_Point}]/u
const ENCODED = /%(?:[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})|&#/
// Where an unset variable would leave a dot or a separator bare, and not in `Outer$Inner.class`.
const VARIABLE = /(?:^|[\\/.])\$[\w@*#?!$-]|\$[({]|`|%[A-Za-z_]\w*%/
const SCHEME_OR_DRIVE = /^[A-Za-z][A-Za-z0-9+.-]*:/
// @see https://learn.microsoft.com/windows/win32/fileio/naming-a-file
const WINDOWS_DEVICE =
  /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])[ ]*(?:\..*)?$/i
const WINDOWS_RESERVED = /[<>"|?*:]/
const WINDOWS_SHORT_NAME = /^[^.]{1,6}~\d{1,6}(?:\.[^.]{0,3})?$/
// Code pages 932 and 949 show, and best-fit conversion makes, a backslash of these.
const WINDOWS_SEPARATOR_LIKE = /[\u00a5\u20a9]/

/** True for ASCII letters, digits and what else is usual in names. */
export function isPlainPath(text: string): boolean {
  return PLAIN.test(text)
}

/** Takes a path apart by the platform's separators. Says nothing of whether it is sound. */
export function placeOf(text: string, platform: PathPlatform): PathPlace {
  if (platform !== 'win32')
    return { root: text.startsWith('/') ? '/' : undefined, parts: partsOf(text.split('/')) }
  const path = text.replaceAll('/', '\\')
  const drive = /^[A-Za-z]:(?=\\)/.exec(path)?.[0]
  if (drive !== undefined)
    return { root: drive.toLowerCase(), parts: partsOf(path.slice(drive.length).split('\\')) }
  const share = /^\\\\[^\\]+\\[^\\]+/.exec(path)?.[0]
  if (share !== undefined)
    return { root: share.toLowerCase(), parts: partsOf(path.slice(share.length).split('\\')) }
  return { root: undefined, parts: partsOf(path.split('\\')) }
}

/** The text of a place, as its platform writes it. */
export function textOf(place: PathPlace, platform: PathPlatform): string {
  const separator = platform === 'win32' ? '\\' : '/'
  const root = place.root ?? ''
  return root.endsWith(separator)
    ? root + place.parts.join(separator)
    : [root, ...place.parts].join(separator) + (place.parts.length === 0 ? separator : '')
}

/** Resolves `..` by the text alone. Above the root there is only the root. */
export function withoutDots(parts: readonly string[]): readonly string[] {
  const kept: string[] = []
  for (const part of parts) {
    if (part === '..') kept.pop()
    else kept.push(part)
  }
  return kept
}

/**
 * Why programs may read this path as another one, or undefined: encodings, expansions, look-alikes
 * of dots and separators, and what the platform drops, renames or opens as a device.
 */
export function pathDoubt(text: string, platform: PathPlatform): string | undefined {
  if (text === '') return 'is empty'
  if (Buffer.byteLength(text) > LONGEST_PATH) return 'is longer than a path may be'
  const place = placeOf(text, platform)
  return (
    (PLAIN.test(text) ? undefined : characterDoubt(text)) ??
    (platform === 'win32' ? windowsDoubt(text, place) : posixDoubt(text)) ??
    (place.root === undefined ? relativeDoubt(text) : undefined) ??
    firstDoubt(place.parts, platform)
  )
}

function partsOf(parts: readonly string[]): readonly string[] {
  return parts.filter((part) => part !== '' && part !== '.')
}

function characterDoubt(text: string): string | undefined {
  if (INVISIBLE.test(text)) return 'has a control or invisible character'
  if (ENCODED.test(text)) return 'has encoded characters'
  if (VARIABLE.test(text)) return 'has a variable or command'
  if (LOOKS_LIKE_SEPARATOR.test(text)) return 'has a character that looks like a separator'
  if (/[*?[{]/.test(text) && /(?:^|[\\/{,])\.\.(?:$|[\\/},])/.test(text))
    return 'has a pattern together with `..`'
  return undefined
}

function posixDoubt(text: string): string | undefined {
  return text.includes('\\') ? 'has a backslash, a separator elsewhere' : undefined
}

function relativeDoubt(text: string): string | undefined {
  if (text.trim() !== text) return 'begins or ends with a blank'
  if (text.startsWith('~')) return 'begins with a home directory'
  return SCHEME_OR_DRIVE.test(text) ? 'begins with a scheme or drive' : undefined
}

function windowsDoubt(text: string, place: PathPlace): string | undefined {
  if (WINDOWS_SEPARATOR_LIKE.test(text)) return 'has a character that looks like a separator'
  if (/^[\\/]{2}[.?]?(?:[\\/]|$)|^[\\/]\?\?[\\/]/.test(text)) return 'is in a device namespace'
  if (place.root === undefined && /^[\\/]/.test(text)) return 'has no drive'
  // The host and share of a UNC root are names as well.
  if (place.root?.startsWith('\\') && WINDOWS_RESERVED.test(place.root))
    return 'is in a device namespace'
  return undefined
}

function firstDoubt(parts: readonly string[], platform: PathPlatform): string | undefined {
  for (const part of parts) {
    const doubt = partDoubt(part, platform)
    if (doubt !== undefined) return doubt
  }
  return undefined
}

function partDoubt(part: string, platform: PathPlatform): string | undefined {
  if (part === '..') return undefined
  const length = platform === 'win32' ? part.length : Buffer.byteLength(part)
  if (length > LONGEST_NAME) return 'has a name that is too long'
  if (!PLAIN.test(part)) {
    const doubt = lookAlikeDoubt(part)
    if (doubt !== undefined) return doubt
  }
  return platform === 'win32' ? windowsPartDoubt(part) : undefined
}

// What is left when accents, blanks and the invisible are gone and path parameters (`..;x`) are cut.
function lookAlikeDoubt(part: string): string | undefined {
  const folded = part.normalize('NFKC')
  if (/[\\/]/.test(folded) && !/[\\/]/.test(part))
    return 'has a character that stands for a separator'
  const skeleton = folded
    .replace(/[\p{M}\p{Default_Ignorable_Code_Point}\s]/gu, '')
    .replace(LOOKS_LIKE_DOT, '.')
    .replace(/;.*$/, '')
  if (skeleton === '') return 'has a name that some programs drop'
  return /^\.+$/.test(skeleton) && !/^\.+$/.test(part)
    ? 'has a name that looks like `..`'
    : undefined
}

function windowsPartDoubt(part: string): string | undefined {
  if (/[. ]$/.test(part)) return 'has a name that ends with a dot or blank, which Windows drops'
  if (WINDOWS_RESERVED.test(part)) return 'has a stream, or a character no Windows name has'
  if (WINDOWS_DEVICE.test(part)) return 'has the name of a device'
  return WINDOWS_SHORT_NAME.test(part) ? 'has a short name (8.3)' : undefined
}
