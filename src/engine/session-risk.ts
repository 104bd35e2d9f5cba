import { dispositionAt } from '../core/behavior/ledger.ts'
import type { Assessment } from '../core/behavior/watch.ts'
import type { Disposition } from '../core/model/finding.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import type { LineParts } from './line-record.ts'
import { eventRecord } from './record.ts'
import type { Session } from './sessions.ts'

/** A person has said no: what was found counts, and may stop the session. */
export function refused(
  parts: LineParts,
  session: Session,
  assessment: Assessment,
  policy: CompiledPolicy,
): void {
  if (session.watch === undefined) return
  session.watch.refused(assessment)
  session.risk = session.watch.ledger.risk
  const { risk } = parts.behavior.settingsOf(policy)
  raiseSession(parts, session, dispositionAt(session.risk, risk))
}

/** Raises a session for what it has done. That it is stopped is recorded by itself, for those who watch. */
export function raiseSession(parts: LineParts, session: Session, to: Disposition): void {
  const raised = parts.sessions.raise(session, to)
  if (!raised || (to !== 'pause' && to !== 'terminate')) return
  if (to === 'terminate') void parts.hooks.ended(session.id, 'terminated', { subject: session })
  if (!parts.audit.isNeeded()) return
  const record = eventRecord(
    {
      id: parts.nextId(),
      kind: 'session',
      status: 'success',
      mode: parts.mode,
      session_id: session.id,
      tenant: session.tenant ?? null,
      user_id: session.user ?? null,
      actor_kind: 'system',
      disposition: to,
      risk: session.risk,
    },
    parts.now(),
  )
  // Not waited for: the call's own record, which follows, holds it up and says the same.
  void parts.audit.write(record)
}
