import type { Timers } from './timers.ts'

/** A clock that stands until it is moved. */
export interface ManualTimers extends Timers {
  /** Runs what falls due, in order. */
  advance(ms: number): void
  /** How many are set. */
  pending(): number
}

export function manualTimers(): ManualTimers {
  let now = Date.parse('2026-01-01T00:00:00.000Z')
  const set = new Set<{ readonly at: number; readonly run: () => void }>()
  const nextUntil = (end: number) =>
    [...set].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0]
  return {
    now: () => now,
    after(delayMs, run) {
      const timer = { at: now + delayMs, run }
      set.add(timer)
      return () => void set.delete(timer)
    },
    advance(ms) {
      const end = now + ms
      for (let next = nextUntil(end); next !== undefined; next = nextUntil(end)) {
        set.delete(next)
        now = next.at
        next.run()
      }
      now = end
    },
    pending: () => set.size,
  }
}

/** Lets everything run that waits for no timer. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve()
}
