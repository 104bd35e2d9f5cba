import type { ApprovalBinding, ApprovalEntry } from '../../core/model/ports.ts'
import { isOf, type SessionOwner } from '../sessions.ts'
import { keyOf } from './binding.ts'
import { type ApprovalClock, isOver } from './clock.ts'

/** Approvals that also hold for the same call when it comes again. */
export interface Memo {
  add(binding: ApprovalBinding, policyDigest: string, entry: ApprovalEntry | undefined): void
  get(binding: ApprovalBinding, policyDigest: string): ApprovalEntry | undefined
  /** Of the owner's session, where one is named. */
  forget(session: string, owner?: SessionOwner): void
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
    forget(session, owner) {
      const isMeant = isOf(owner)
      for (const [key, { binding }] of given) {
        const { tenant, user } = binding
        const whose = { tenant: tenant ?? undefined, user: user ?? undefined }
        if (binding.session === session && isMeant(whose)) given.delete(key)
      }
    },
  }
}
