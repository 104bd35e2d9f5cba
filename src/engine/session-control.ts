import type { AuditRecord } from '../core/model/audit-record.ts'
import { andThen, type MaybePromise } from '../core/model/json.ts'
import type { PolicyEngine } from './create-policy-engine.ts'
import type { Hooks } from './hooks/hooks.ts'
import type { LineParts } from './line-record.ts'
import { eventRecord } from './record.ts'
import { activityOf } from './session-activity.ts'
import type { SessionOwner } from './sessions.ts'

/** Who changes a session, and whose it is where several principals use its id. */
export interface SessionChange extends SessionOwner {
  /** The operator, for the record. */
  readonly by: string
}

type SessionPart = Pick<
  PolicyEngine,
  'session' | 'behavior' | 'resume' | 'terminate' | 'endSession'
>

/** What operators and hosts do with sessions. */
export function sessionsOf(parts: LineParts, hooks: Pick<Hooks, 'ended'>): SessionPart {
  const { sessions, now } = parts
  return {
    session: (id) => sessions.view(id, now()),
    behavior: (id, owner) => activityOf(sessions.all(id, owner)),
    resume(id, { by, ...owner }) {
      if (sessions.resume(id, owner).length === 0) return undefined
      return note(parts, { ...changeOf(id, by, owner), disposition: 'warn' })
    },
    terminate(id, { by, ...owner }) {
      sessions.raiseAll(id, 'terminate', owner)
      const noted = note(parts, { ...changeOf(id, by, owner), disposition: 'terminate' })
      return andThen(noted, () => hooks.ended(id, 'terminated', owner))
    },
    endSession(id, owner) {
      parts.book.forget(id, owner)
      parts.observers?.ended(id, owner)
      if (!sessions.end(id, owner)) return undefined
      const noted = note(parts, {
        kind: 'session',
        session_id: id,
        actor_kind: 'system',
        tenant: tenantOf(owner),
      })
      return andThen(noted, () => hooks.ended(id, 'ended', owner))
    },
  }
}

/** The operator stands where users stand in other records: whose session it is, its tenant tells. */
function changeOf(id: string, by: string, owner: SessionOwner) {
  return {
    kind: 'session',
    session_id: id,
    user_id: by,
    actor_kind: 'user',
    tenant: tenantOf(owner),
  } as const
}

function tenantOf(owner: SessionOwner | undefined): string | null {
  return owner?.subject?.tenant ?? owner?.tenant ?? null
}

/** Records what is no call: who changed the policy or a session. */
export function note(
  parts: Pick<LineParts, 'audit' | 'nextId' | 'mode' | 'now'>,
  fields: Pick<AuditRecord, 'kind'> & Partial<AuditRecord>,
): MaybePromise<void> {
  if (!parts.audit.isNeeded()) return undefined
  const id = parts.nextId()
  const record = eventRecord({ id, status: 'success', mode: parts.mode, ...fields }, parts.now())
  return andThen(parts.audit.write(record), () => undefined)
}
