import type { AuditRecord } from '../../core/model/audit-record.ts'

export interface JoinOptions {
  /** Calls that wait for their outcome at one time. @default 20000 */
  readonly maxOpen?: number
  /** Told once, when the oldest open call is given up as `unknown` to stay within the bound. */
  readonly onOverflow?: () => void
}

/**
 * Joins intent and outcome into one record a call, when its outcome comes: who and what from the
 * intent, the end from the outcome, findings of both. What never ended comes last, as `unknown`:
 * nobody can say that it succeeded. Records of no call are left out.
 */
export async function* joinCalls(
  records: AsyncIterable<AuditRecord>,
  { maxOpen = 20_000, onOverflow }: JoinOptions = {},
): AsyncGenerator<AuditRecord> {
  const open = new Map<string, AuditRecord>()
  let overflowed = false
  for await (const record of records) {
    const call = callOf(record, open)
    if (call !== undefined) yield call
    const oldest = open.size > maxOpen ? open.values().next().value : undefined
    if (oldest === undefined) continue
    open.delete(oldest.id)
    if (!overflowed) onOverflow?.()
    overflowed = true
    yield { ...oldest, status: 'unknown' }
  }
  for (const intent of open.values()) yield { ...intent, status: 'unknown' }
}

/** The call that a record completes. An intent that is still to end is kept among the open ones. */
function callOf(record: AuditRecord, open: Map<string, AuditRecord>): AuditRecord | undefined {
  if (record.kind === 'outcome') {
    const intent = open.get(record.id)
    open.delete(record.id)
    return intent === undefined ? { ...record, kind: 'decision' } : joined(intent, record)
  }
  if (record.kind !== 'decision') return undefined
  if (record.status !== 'pending') return record
  open.set(record.id, record)
  return undefined
}

function joined(intent: AuditRecord, outcome: AuditRecord): AuditRecord {
  return {
    ...intent,
    status: outcome.status,
    output_hash: outcome.output_hash,
    findings: [...intent.findings, ...outcome.findings],
    disposition: outcome.disposition ?? intent.disposition,
    risk: outcome.risk ?? intent.risk,
    duration_ms: outcome.duration_ms,
    error: outcome.error,
    cost_nusd: outcome.cost_nusd ?? intent.cost_nusd,
    model: outcome.model ?? intent.model,
    // Two lines went into it: no link of the ledger is its own.
    prev: null,
    hash: null,
  }
}
