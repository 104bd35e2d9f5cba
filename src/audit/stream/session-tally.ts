import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { AnalyticsEvent, StreamAbout, StreamTotals } from './events.ts'

/** What records say of sessions, and how many decisions there were. */
export interface SessionTally {
  /** What a record means besides itself. */
  read(
    record: AuditRecord,
  ): { readonly event: AnalyticsEvent; readonly about: StreamAbout } | undefined
  totals(): Omit<StreamTotals, 'clients' | 'users'>
}

/** The longest unseen session is forgotten: if it goes on, it is told as a new one. */
const MAX_SESSIONS = 10_000

export function createSessionTally(): SessionTally {
  const sessions = new Map<string, string | null>()
  const counts = { allow: 0, deny: 0, compute: 0, escalate: 0 }

  const started = (key: string, record: AuditRecord): boolean => {
    const isNew = !sessions.has(key)
    const user = sessions.get(key) ?? record.user_id
    sessions.delete(key)
    sessions.set(key, user)
    const [oldest] = sessions.keys()
    if (sessions.size > MAX_SESSIONS && oldest !== undefined) sessions.delete(oldest)
    return isNew
  }
  return {
    read(record) {
      const { kind, effect, session_id: session, tenant, ts: at } = record
      if (kind === 'decision' && effect !== null) counts[effect] += 1
      if (session === null) return undefined
      const key = JSON.stringify([tenant, session])
      if (kind === 'decision' && started(key, record)) {
        const about = { user: record.user_id, tenant, session }
        return { event: { type: 'SessionStarted', ...about, at }, about }
      }
      if (!isEnd(record) || !sessions.has(key)) return undefined
      // The record names who has ended it; the event whose it was.
      const about = { user: sessions.get(key) ?? null, tenant, session }
      sessions.delete(key)
      return { event: { type: 'SessionEnded', ...about, at }, about }
    },
    totals: () => ({ sessions: sessions.size, ...counts }),
  }
}

/** A record of a session that neither pauses nor resumes it. */
function isEnd({ kind, disposition }: AuditRecord): boolean {
  return kind === 'session' && (disposition === null || disposition === 'terminate')
}
