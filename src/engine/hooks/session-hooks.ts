import type { Call, Subject } from '../../core/model/call.ts'
import { andThen, type MaybePromise } from '../../core/model/json.ts'
import type { CompiledPolicy } from '../../core/policy/compile.ts'
import type { SessionOwner } from '../sessions.ts'
import type { HookEvent } from './events.ts'
import type { HookParts } from './hook-parts.ts'
import { matchersForEvent } from './match-hooks.ts'
import { sessionPayload } from './payload.ts'
import { runEvent } from './run-event.ts'
import type { HookPayload } from './runners.ts'

/** The hooks at both ends of a session. Neither denies anything. */
export interface SessionHooks {
  /** At the first call of a principal's session. */
  started(policy: CompiledPolicy, call: Call): MaybePromise<void>
  /** When sessions of an id were ended or terminated; nothing where none had started. */
  ended(session: string, how: 'ended' | 'terminated', owner?: SessionOwner): MaybePromise<void>
}

// Whose end is told. Beyond that the oldest are forgotten untold.
const MAX_SESSIONS = 10_000

export function createSessionHooks(
  parts: HookParts,
  policyFor: (subject: Subject) => CompiledPolicy,
): SessionHooks {
  const open = new Map<string, readonly Call[]>()
  const tell = (
    event: HookEvent,
    policy: CompiledPolicy,
    payload: HookPayload,
    name?: string,
  ): MaybePromise<void> => {
    parts.admit(policy)
    const target = name === undefined ? undefined : { name, server: undefined }
    const hooks = matchersForEvent(policy, event, target)
    return hooks.length === 0
      ? undefined
      : andThen(runEvent(parts, { hooks, payload }), () => undefined)
  }
  const tellEnd = (first: Call, how: string): MaybePromise<void> => {
    let policy: CompiledPolicy
    try {
      // The policy of now: a reload may have changed what is told, and to whom.
      policy = policyFor(first.subject)
    } catch (cause) {
      const message = 'no policy could be chosen for the hooks of a session that ended'
      parts.report({ code: 'hook_failed', message, cause })
      return undefined
    }
    const payload = Object.freeze({ ...sessionPayload('SessionEnd', first), name: how })
    return tell('SessionEnd', policy, payload, how)
  }
  return {
    started(policy, call) {
      if (policy.document.hooks === undefined) return undefined
      const known = (open.get(call.session) ?? []).filter((first) => !isSamePrincipal(first, call))
      open.delete(call.session)
      // Only what is told is kept, not what the call carried.
      open.set(call.session, [...known, { ...call, arguments: {}, task: undefined }])
      const oldest = open.size > MAX_SESSIONS ? open.keys().next().value : undefined
      if (oldest !== undefined) open.delete(oldest)
      return tell('SessionStart', policy, sessionPayload('SessionStart', call))
    },
    ended(session, how, owner) {
      const calls = open.get(session) ?? []
      const over = calls.filter((first) => isOwned(first, owner))
      if (over.length === 0) return undefined
      const left = calls.filter((first) => !over.includes(first))
      if (left.length === 0) open.delete(session)
      else open.set(session, left)
      const told = over.map((first) => tellEnd(first, how)).filter((one) => one !== undefined)
      return told.length === 0 ? undefined : Promise.all(told).then(() => undefined)
    },
  }
}

function isOwned({ subject: one }: Call, owner: SessionOwner | undefined): boolean {
  const { subject, tenant } = owner ?? {}
  if (subject !== undefined) return one.tenant === subject.tenant && one.user === subject.user
  return tenant === undefined || one.tenant === tenant
}

/** A session that was dropped for want of room begins anew under the same name. */
function isSamePrincipal({ subject: one }: Call, { subject: other }: Call): boolean {
  return one.tenant === other.tenant && one.user === other.user
}
