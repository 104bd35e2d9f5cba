import type { RealPath } from '../../model/ports.ts'
import { type Budget, spend } from './budget.ts'
import { type PathPlace, type PathPlatform, placeOf, textOf, withoutDots } from './path-text.ts'

/** What is at a place: where it really is, nothing, or what cannot be found out. */
export type Look = (place: PathPlace) => PathPlace | 'missing' | 'unknown'

// Steps of a look: a call of the system that fails takes some 20 µs, and longer for a longer path.
const LOOK_STEPS = 5_000
const LOOK_STEPS_PER_CHARACTER = 10

/**
 * Where a path leads once symbolic links are followed, by the nearest parent that exists; undefined
 * where that cannot be found out. POSIX systems follow a link before they go up from it, Windows
 * resolves `..` first. What it says may have changed by the time the path is opened.
 */
export function targetOfPath(
  place: PathPlace,
  platform: PathPlatform,
  look: Look,
): PathPlace | undefined {
  if (platform === 'win32')
    return resolve({ root: place.root, parts: withoutDots(place.parts) }, look)
  let current: PathPlace | undefined = { root: place.root, parts: [] }
  let pending: string[] = []
  for (const part of place.parts) {
    if (part !== '..') {
      pending.push(part)
      continue
    }
    // What has been followed is real, and so is what is above it.
    if (pending.length > 0) current = resolve(joined(current, pending), look)
    if (current === undefined) return undefined
    current = { root: current.root, parts: current.parts.slice(0, -1) }
    pending = []
  }
  return resolve(joined(current, pending), look)
}

/**
 * Looks into the file system, once for each path, until the budget is spent: all is unknown then.
 *
 * `realpath` throws ENOENT or ENOTDIR only where nothing is there. A link that leads nowhere yet is
 * there, and a file written through it is made where it leads: for that another code is thrown.
 */
export function createLook(platform: PathPlatform, realpath: RealPath, budget: Budget): Look {
  const known = new Map<string, PathPlace | 'missing' | 'unknown'>()
  return (place) => {
    const path = textOf(place, platform)
    const before = known.get(path)
    if (before !== undefined) return before
    if (!spend(budget, LOOK_STEPS + LOOK_STEPS_PER_CHARACTER * path.length)) return 'unknown'
    const found = lookAt(path, platform, realpath)
    known.set(path, found)
    return found
  }
}

function joined(place: PathPlace, parts: readonly string[]): PathPlace {
  return { root: place.root, parts: [...place.parts, ...parts] }
}

// Below what is missing all is missing, and above what is there all is there: so the border is found
// by halving. Most paths are there, or about to be made in a directory that is.
function resolve({ root, parts }: PathPlace, look: Look): PathPlace | undefined {
  let found: PathPlace | undefined
  let there = -1
  let missing = parts.length + 1
  for (let count = parts.length; missing - there > 1; count = nextCount(there, missing, parts)) {
    const real = look({ root, parts: parts.slice(0, count) })
    if (real === 'unknown') return undefined
    if (real === 'missing') missing = count
    else {
      there = count
      found = real
    }
  }
  // Where nothing is there, not even the root, no link is to be followed.
  return found === undefined ? { root, parts } : joined(found, parts.slice(there))
}

function nextCount(there: number, missing: number, parts: readonly string[]): number {
  return missing === parts.length ? missing - 1 : (there + missing) >> 1
}

function lookAt(
  path: string,
  platform: PathPlatform,
  realpath: RealPath,
): PathPlace | 'missing' | 'unknown' {
  try {
    const real: unknown = realpath(path)
    if (typeof real !== 'string') return 'unknown'
    const found = placeOf(real, platform)
    return found.root === undefined ? 'unknown' : found
  } catch (error) {
    return isMissing(error) ? 'missing' : 'unknown'
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as { code?: unknown } | null | undefined)?.code
  return code === 'ENOENT' || code === 'ENOTDIR'
}
