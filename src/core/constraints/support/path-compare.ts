import { INSIDE, OUTSIDE, type Standing, UNSURE } from '../constraint.ts'
import type { PathPlace, PathPlatform } from './path-text.ts'

/** How a place stands to prefixes, names being compared as the platform does. */
export function standingUnder(
  place: PathPlace,
  prefixes: readonly PathPlace[],
  platform: PathPlatform,
): Standing {
  if (prefixes.some((prefix) => isUnder(place, prefix, namesOf[platform]))) return INSIDE
  // The file system may take the two for one, as macOS and Windows do with case and accents.
  const isNear = platform !== 'posix' && prefixes.some((prefix) => isUnder(place, prefix, nearName))
  return isNear ? UNSURE : OUTSIDE
}

function isUnder(place: PathPlace, prefix: PathPlace, nameOf: (name: string) => string): boolean {
  if (nameOf(place.root ?? '') !== nameOf(prefix.root ?? '')) return false
  if (place.parts.length < prefix.parts.length) return false
  return prefix.parts.every((part, index) => nameOf(part) === nameOf(place.parts[index] ?? ''))
}

const asWritten = (name: string): string => name
const nearName = (name: string): string =>
  name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC')
const namesOf = { posix: asWritten, darwin: asWritten, win32: windowsName } as const

// Windows folds character by character; a character that does not come back from its lower case is
// no case of another, such as the Kelvin sign.
function windowsName(name: string): string {
  return name.replace(/./gsu, (character) => {
    const lower = character.toLowerCase()
    return lower.toUpperCase() === character ? lower : character
  })
}
