import type { RealPath } from '../model/ports.ts'
import { type PathPlace, type PathPlatform, placeOf, textOf, withoutDots } from './path-text.ts'

// A path with more missing directories is not one that a tool is about to create.
const MOST_MISSING = 64
// Nor is one that goes up and down again this often; each look is a system call.
const MOST_LOOKS = 256

/**
 * Where a path leads once symbolic links are followed, by the nearest parent that exists; undefined
 * where that cannot be found out. POSIX systems follow a link before they go up from it, Windows
 * resolves `..` first. What it says may have changed by the time the path is opened.
 *
 * `realpath` throws ENOENT or ENOTDIR only where nothing is there. A link that leads nowhere yet is
 * there, and a file written through it is made where it leads: for that another code is thrown.
 */
export function targetOfPath(
  place: PathPlace,
  platform: PathPlatform,
  realpath: RealPath,
): PathPlace | undefined {
  const look = boundedLook(platform, realpath)
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

function joined(place: PathPlace, parts: readonly string[]): PathPlace {
  return { root: place.root, parts: [...place.parts, ...parts] }
}

type Look = (place: PathPlace) => PathPlace | 'missing' | 'unknown'

function resolve(place: PathPlace, look: Look): PathPlace | undefined {
  const { root, parts } = place
  for (let missing = 0; missing <= Math.min(parts.length, MOST_MISSING); missing++) {
    const kept = parts.slice(0, parts.length - missing)
    const real = look({ root, parts: kept })
    if (real === 'unknown') return undefined
    if (real !== 'missing') return joined(real, parts.slice(kept.length))
  }
  // Nothing exists, not even the root: there is no link to follow.
  return parts.length <= MOST_MISSING ? place : undefined
}

function boundedLook(platform: PathPlatform, realpath: RealPath): Look {
  let looks = 0
  return (place) => {
    if (++looks > MOST_LOOKS) return 'unknown'
    try {
      const real: unknown = realpath(textOf(place, platform))
      if (typeof real !== 'string') return 'unknown'
      const found = placeOf(real, platform)
      return found.root === undefined ? 'unknown' : found
    } catch (error) {
      return isMissing(error) ? 'missing' : 'unknown'
    }
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as { code?: unknown } | null | undefined)?.code
  return code === 'ENOENT' || code === 'ENOTDIR'
}
