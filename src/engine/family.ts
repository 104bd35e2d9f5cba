import type { Payer } from '../core/limits/accounts.ts'
import type { Subject } from '../core/model/call.ts'

/** Which session a call was made in, so that what it starts elsewhere is charged to it too. */
export interface Family {
  note(call: string, payer: Payer, ancestors: readonly Payer[]): void
  /** Sessions that a call was made for, by the call that it names as its parent. */
  ancestorsOf(parent: string | undefined, payer: Payer): readonly Payer[]
}

const NOBODY: readonly Payer[] = Object.freeze([])
const MAX_GENERATIONS = 8

/**
 * Keeps the last calls, half of `maxCalls` at least: a helper is started while its parent's call is under
 * way, or soon after. Two maps that take turns: V8 looks through what was deleted from the head of one.
 */
export function createFamily(maxCalls: number): Family {
  let calls = new Map<string, readonly Payer[]>()
  let before = new Map<string, readonly Payer[]>()
  return {
    note(call, payer, ancestors) {
      if (calls.size >= maxCalls / 2) {
        before = calls
        calls = new Map()
      }
      calls.set(call, ancestors.length === 0 ? [payer] : withAncestors(payer, ancestors))
    },
    ancestorsOf(parent, payer) {
      const line = parent === undefined ? undefined : (calls.get(parent) ?? before.get(parent))
      if (line === undefined) return NOBODY
      return line.filter(
        (one) => one.session !== payer.session && isSameHouse(one.subject, payer.subject),
      )
    },
  }
}

function withAncestors(payer: Payer, ancestors: readonly Payer[]): readonly Payer[] {
  return [payer, ...ancestors].slice(0, MAX_GENERATIONS)
}

/** Nobody charges another tenant or user, or agent where no user is known, by naming one of its calls. */
function isSameHouse(one: Subject, other: Subject): boolean {
  if (one.tenant !== other.tenant || one.user !== other.user) return false
  return one.user !== undefined || one.agent === other.agent
}
