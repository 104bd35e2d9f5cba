import type { ApprovalEntry } from '../../core/model/ports.ts'

/** The two clocks of one process: what people read, and what nobody can set back. */
export interface ApprovalClock {
  /** Names this process: its steady clock says nothing to another. */
  readonly boot: string
  /** Epoch milliseconds. */
  now(): number
  /** Milliseconds of a clock that only goes forward. */
  steady(): number
}

// Clocks of several machines differ by a little.
const MAX_SKEW_MS = 60_000

/** When something that begins now is over. */
export function deadlineAfter(
  clock: ApprovalClock,
  milliseconds: number,
): Pick<ApprovalEntry, 'expires_at' | 'boot' | 'deadline'> {
  return {
    expires_at: clock.now() + milliseconds,
    boot: clock.boot,
    deadline: clock.steady() + milliseconds,
  }
}

/**
 * INVARIANT: a clock that is set back makes nothing last longer. Within the process that set the
 * deadline its steady clock ends it; another process has only the wall clock, and takes one that
 * stands before the answer for a wrong one.
 */
export function isOver(entry: ApprovalEntry, clock: ApprovalClock): boolean {
  const now = clock.now()
  if (now >= entry.expires_at) return true
  if (entry.boot === clock.boot) return clock.steady() >= entry.deadline
  return now < (entry.decided_at ?? entry.asked_at) - MAX_SKEW_MS
}
