import { sha256Hex } from '../../core/hash.ts'
import { lastTurns } from '../../core/routing/last-turns.ts'
import type { Classification, ModelRequest } from '../../core/routing/model-request.ts'
import type { ReadAnswer } from './classify.ts'
import type { Flights } from './flights.ts'

/** What classifiers have said, by hashes of what they were asked. Bounded; the oldest go first. */
export interface KnownClassifications {
  get(key: string, at: number): Classification | undefined
  set(key: string, found: Classification, until: number): void
  /** What they are being asked. */
  readonly flights: Flights<ReadAnswer>
}

const MOST = 10_000

export function createKnownClassifications(): KnownClassifications {
  const kept = new Map<string, { readonly found: Classification; readonly until: number }>()
  return {
    get(key, at) {
      const entry = kept.get(key)
      if (entry === undefined) return undefined
      if (at < entry.until) return entry.found
      kept.delete(key)
      return undefined
    },
    set(key, found, until) {
      kept.delete(key)
      if (kept.size >= MOST) for (const oldest of kept.keys()) if (kept.delete(oldest)) break
      kept.set(key, { found, until })
    },
    flights: new Map(),
  }
}

/** The standing instructions and the last turns: what a classifier is shown. */
export function classificationKey(owner: string, request: ModelRequest): string {
  const { messages, tools, response_format: format } = request
  const system = messages.filter(({ role }) => role === 'system').map(({ text }) => text)
  const turns = lastTurns(messages).map(({ role, text }) => [
    role,
    text.replace(/\s+/g, ' ').trim(),
  ])
  return sha256Hex(JSON.stringify([owner, system, turns, tools, format]))
}
