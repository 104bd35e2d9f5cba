import type { Disposition } from '../core/model/finding.ts'
import type { SessionView } from '../core/model/ports.ts'

/** What is known of the sessions in flight. The one owner of their state. */
export interface Sessions {
  view(id: string, at: number): SessionView
  /** Counts one more call. Undefined: no room, since too many sessions are being held. */
  begin(id: string, at: number): SessionView | undefined
  denied(id: string): void
  dispositionOf(id: string): Disposition
  /** Only ever raises. */
  raise(id: string, to: Disposition, at: number): boolean
  resume(id: string): boolean
  end(id: string): void
  size(): number
}

interface State {
  readonly id: string
  readonly started_at: number
  sequence: number
  disposition: Disposition
  risk: number
  denied: number
}

const RANK: Readonly<Record<Disposition, number>> = { allow: 0, warn: 1, pause: 2, terminate: 3 }

/**
 * Keeps `maxSessions` open sessions, the least recently used going first.
 * INVARIANT: a paused or terminated session is never forgotten, for then it would be open again:
 * those are held apart, and when they too reach the bound, sessions not yet known are refused.
 */
// Stopped sessions take a line each and must outlive many open ones.
const HELD_PER_OPEN = 20

export function createSessions(maxSessions: number): Sessions {
  const maxHeld = maxSessions * HELD_PER_OPEN
  const open = new Map<string, State>()
  const held = new Map<string, State>()
  const known = (id: string): State | undefined => held.get(id) ?? open.get(id)
  const fresh = (id: string, at: number): State => ({
    id,
    started_at: at,
    sequence: 0,
    disposition: 'allow',
    risk: 0,
    denied: 0,
  })
  const keep = (state: State): void => {
    open.delete(state.id)
    open.set(state.id, state)
    if (open.size <= maxSessions) return
    const oldest = open.keys().next().value
    if (oldest !== undefined) open.delete(oldest)
  }
  return {
    view: (id, at) => freeze(known(id) ?? fresh(id, at)),
    begin(id, at) {
      const state = known(id) ?? (held.size < maxHeld ? fresh(id, at) : undefined)
      if (state === undefined) return undefined
      state.sequence++
      if (!held.has(id)) keep(state)
      return freeze(state)
    },
    dispositionOf: (id) => known(id)?.disposition ?? 'allow',
    denied(id) {
      const state = known(id)
      if (state !== undefined) state.denied++
    },
    raise(id, to, at) {
      const state = known(id) ?? fresh(id, at)
      if (RANK[to] <= RANK[state.disposition]) return false
      state.disposition = to
      if (RANK[to] < RANK.pause) keep(state)
      else {
        open.delete(id)
        held.set(id, state)
      }
      return true
    },
    resume(id) {
      const state = held.get(id)
      if (state?.disposition !== 'pause') return false
      state.disposition = 'warn'
      held.delete(id)
      keep(state)
      return true
    },
    end(id) {
      // A terminated session stays terminated: ending it must not open it again.
      open.delete(id)
    },
    size: () => open.size + held.size,
  }
}

function freeze(state: State): SessionView {
  return Object.freeze({
    id: state.id,
    sequence: state.sequence,
    disposition: state.disposition,
    risk: state.risk,
    started_at: state.started_at,
    denied: state.denied,
  })
}
