import type { Connection } from '../connection.ts'
import type { Head } from '../guard.ts'
import { originOf } from '../origin.ts'

/**
 * On whose behalf something is said or heard outside of calls: that of whoever called last. What
 * belonged to that call alone is left out: its approval, its id, and that it was given up.
 */
export function standingHead({ last }: Connection, method: string): Head | undefined {
  if (last === undefined) return undefined
  const { approval: _approval, signal: _signal, ids: _ids, ...rest } = last.head
  return { ...rest, origin: originOf(method) }
}
