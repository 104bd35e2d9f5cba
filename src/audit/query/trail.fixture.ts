import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { seal } from '../ledger/seal.ts'
import { readRecord } from './read-record.ts'

/** A record with these fields; the others are blank. */
export function recordWith(fields: Partial<AuditRecord>): AuditRecord {
  const record = readRecord(
    JSON.stringify({
      schema: 1,
      id: `dec_${fields.seq ?? 1}`,
      seq: 1,
      ts: '2026-03-01T10:00:00.000Z',
      kind: 'decision',
      status: 'pending',
      ...fields,
    }),
  )
  if (typeof record === 'string') throw new Error(record)
  return record
}

/** Links records into a chain, as a sink does. */
export function chained(
  records: readonly AuditRecord[],
  prev: string | null = null,
): readonly AuditRecord[] {
  let last = prev
  return records.map((record) => {
    const sealed = seal(record, last)
    last = sealed.hash
    return sealed.record
  })
}

/** Their lines in a file. */
export function linesOf(records: readonly AuditRecord[]): string {
  return records.map((record) => `${seal(record, record.prev).line}\n`).join('')
}

/** A new folder with these files in it. */
export function trailFolder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'callgate-audit-'))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

const CALL = {
  session_id: 'ses_1',
  user_id: 'ada',
  agent: 'support-bot',
  server: 'db',
  tool: 'query',
  resource: 'db.query',
  verb: 'invoke',
  effect: 'allow',
  reason: 'allowed',
  gate: 'rbac',
} as const

const FINDING = {
  rule: 'secret_relay',
  severity: 'critical',
  confidence: 0.97,
  message: 'a secret went on',
  trigger: 3,
  sources: [2],
  action: 'terminate',
  score: 90,
} as const

/** An allowed call, a denied one, one that failed with a finding, a swapped policy, one left open. */
export const SAMPLE: readonly AuditRecord[] = chained([
  recordWith({ ...CALL, id: 'dec_a', seq: 1 }),
  recordWith({
    ...CALL,
    id: 'dec_a',
    seq: 2,
    ts: '2026-03-01T10:00:00.250Z',
    kind: 'outcome',
    status: 'success',
    duration_ms: 250,
  }),
  recordWith({
    ...CALL,
    id: 'dec_b',
    seq: 3,
    ts: '2026-03-01T10:30:00.000Z',
    status: 'denied',
    agent: 'rogue-agent',
    user_id: null,
    effect: 'deny',
    reason: 'no_binding',
  }),
  recordWith({
    ...CALL,
    id: 'dec_c',
    seq: 4,
    ts: '2026-03-01T11:00:00.000Z',
    tool: 'send',
    server: 'mail',
    resource: 'mail.send',
  }),
  recordWith({
    id: 'evt_1',
    seq: 5,
    ts: '2026-03-01T11:00:00.500Z',
    kind: 'policy',
    status: 'success',
  }),
  recordWith({
    ...CALL,
    id: 'dec_c',
    seq: 6,
    ts: '2026-03-01T11:00:01.000Z',
    kind: 'outcome',
    status: 'failed',
    tool: 'send',
    server: 'mail',
    resource: 'mail.send',
    duration_ms: 1000,
    error: 'Error',
    findings: [FINDING],
  }),
  recordWith({ ...CALL, id: 'dec_d', seq: 7, ts: '2026-03-01T12:00:00.000Z' }),
])
