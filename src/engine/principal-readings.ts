import type { Lineage } from '../core/behavior/lineage/lineage.ts'

/** One principal's readings of about the last hour, in two generations. */
export interface Readings {
  current: Lineage | undefined
  previous: Lineage | undefined
  since: number
  /** The only watch that has read anything; null: there are more. */
  reader: object | null | undefined
  bytes: number
}

/** What each principal has read, the least recently active first, and the bytes of it. */
export interface PrincipalReadings {
  /** A principal is active with it. */
  known(name: string, at: number): Readings | undefined
  /** The same, made where there is none. */
  opened(name: string, at: number): Readings
  /** Call after a principal's readings have grown: those of others go, if there is no room. */
  grown(name: string, at: number): void
  readonly bytes: number
}

export interface ReadingsBounds {
  /** Milliseconds after which what was read may be forgotten; it is after twice that. */
  readonly generationMs: number
  /** Bytes there are for all of them. */
  room(): number
  /** Told of readings that had to go before they were too old to count. */
  onDropped(name: string, readings: Readings, at: number): void
}

/** Bytes of a principal besides what it has read, about. */
export const ENTRY_BYTES = 512

export function createPrincipalReadings(bounds: ReadingsBounds): PrincipalReadings {
  const { generationMs } = bounds
  const all = new Map<string, Readings>()
  let total = 0
  const known = (name: string, at: number): Readings | undefined => {
    const readings = all.get(name)
    if (readings === undefined) return undefined
    all.delete(name)
    all.set(name, readings)
    rotate(readings, at, generationMs)
    return readings
  }
  const drop = (name: string, readings: Readings, at: number): void => {
    all.delete(name)
    total -= readings.bytes
    rotate(readings, at, generationMs)
    if (readings.current === undefined && readings.previous === undefined) return
    bounds.onDropped(name, readings, at)
  }
  return {
    known,
    opened(name, at) {
      const before = known(name, at)
      if (before !== undefined) return before
      const none = { current: undefined, previous: undefined, reader: undefined }
      const readings: Readings = { ...none, since: at, bytes: 0 }
      all.set(name, readings)
      return readings
    },
    grown(name, at) {
      const readings = all.get(name)
      if (readings === undefined) return
      const now = bytesOf(readings)
      total += now - readings.bytes
      readings.bytes = now
      for (const [other, its] of all) {
        if (total <= bounds.room()) return
        if (other !== name) drop(other, its, at)
      }
    },
    get bytes() {
      return total
    },
  }
}

function bytesOf({ current, previous }: Readings): number {
  return ENTRY_BYTES + (current?.bytes ?? 0) + (previous?.bytes ?? 0)
}

/** What nobody has touched for two generations is older than that all of it. */
function rotate(readings: Readings, at: number, generationMs: number): void {
  const age = at - readings.since
  if (age <= generationMs) return
  readings.previous = age > 2 * generationMs ? undefined : readings.current
  readings.current = undefined
  readings.since = at
}
