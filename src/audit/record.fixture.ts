import type { AuditRecord } from '../core/model/audit-record.ts'
import { eventRecord } from '../engine/record.ts'

export function recordOf(seq: number, fields: Partial<AuditRecord> = {}): AuditRecord {
  const base = eventRecord({ id: `record-${seq}`, kind: 'decision', status: 'pending' }, 0)
  return Object.freeze({ ...base, seq, session_id: 's', effect: 'allow', ...fields })
}
