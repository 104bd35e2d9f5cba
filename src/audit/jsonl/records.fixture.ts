import type { AuditRecord } from '../../core/model/audit-record.ts'
import { eventRecord } from '../../engine/record.ts'

/** A record like those of an engine, with a number. */
export function recordOf(seq: number, fields: Partial<AuditRecord> = {}): AuditRecord {
  const at = Date.UTC(2026, 0, 1) + seq
  const usual = { id: `id-${seq}`, kind: 'decision', status: 'pending' } as const
  const record = eventRecord({ ...usual, agent: 'bot', resource: 'db.read', ...fields }, at)
  return Object.freeze({ ...record, seq: fields.seq ?? seq, ts: fields.ts ?? record.ts })
}

export function recordsOf(count: number, from = 1): readonly AuditRecord[] {
  return Array.from({ length: count }, (_, index) => recordOf(from + index))
}
