import type { Decision, Effect, Reason } from '../core/model/decision.ts'
import { isPermitted } from './decide.ts'

/** Counters since the engine was made. */
export interface EngineStats {
  readonly calls: number
  /** Permitted and not yet finished. */
  readonly in_flight: number
  readonly sessions: number
  readonly effects: Readonly<Record<Effect, number>>
  readonly reasons: Readonly<Partial<Record<Reason, number>>>
}

export interface Stats {
  count(decision: Decision): void
  finish(): void
  view(sessions: number): EngineStats
}

export function createStats(): Stats {
  const effects: Record<Effect, number> = { allow: 0, deny: 0, compute: 0, escalate: 0 }
  const reasons: Partial<Record<Reason, number>> = {}
  let calls = 0
  let inFlight = 0
  return {
    count(decision) {
      calls++
      effects[decision.effect]++
      reasons[decision.reason] = (reasons[decision.reason] ?? 0) + 1
      if (isPermitted(decision)) inFlight++
    },
    finish() {
      inFlight--
    },
    view: (sessions) => ({
      calls,
      in_flight: inFlight,
      sessions,
      effects: { ...effects },
      reasons: { ...reasons },
    }),
  }
}
