import type { ApprovalBinding, ApprovalEntry } from '../../core/model/ports.ts'
import { keyOf } from './binding.ts'
import { type ApprovalClock, isOver } from './clock.ts'

/** Approvals that also hold for the same call when it comes again. */
export interface Memo {
  add(binding: ApprovalBinding, policyDigest: string, entry: ApprovalEntry | undefined): void
  get(binding: ApprovalBinding, policyDigest: string): ApprovalEntry | undefined
  forget(session: string): void
}

const MAX_REMEMBERED = 10_000

/** In this process only: after a restart a person is asked again. At the bound the oldest goes. */
export function createMemo(clock: ApprovalClock): Memo {
  const given = new Map<string, ApprovalEntry>()
  return {
    add(binding, policyDigest, entry) {
      if (entry === undefined) return
      if (given.size >= MAX_REMEMBERED) given.delete(given.keys().next().value ?? '')
      given.set(keyOf(binding, policyDigest), entry)
    },
    get(binding, policyDigest) {
      if (given.size === 0) return undefined
      const key = keyOf(binding, policyDigest)
      const entry = given.get(key)
      if (entry === undefined || !isOver(entry, clock)) return entry
      given.delete(key)
      return undefined
    },
    forget(session) {
      for (const [key, entry] of given) if (entry.binding.session === session) given.delete(key)
    },
  }
}
