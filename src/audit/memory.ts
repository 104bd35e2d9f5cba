import type { AuditRecord } from '../core/model/audit-record.ts'
import type { AuditSink } from '../core/model/ports.ts'

export interface MemorySink extends AuditSink {
  /** The records kept, oldest first. */
  records(): readonly AuditRecord[]
  /** How many were let go to stay within the bound. */
  dropped(): number
  clear(): void
}

/**
 * Keeps the newest records in memory: for tests, demos and short-lived agents. Synchronous, so
 * decisions stay synchronous too. Durable only as long as the process: who chooses it knows, so that an
 * engine does not warn of it.
 */
export function memorySink(
  options: { /** @default 100000 */ readonly maxRecords?: number } = {},
): MemorySink {
  const maxRecords = options.maxRecords ?? 100_000
  let records: AuditRecord[] = []
  let dropped = 0
  return {
    name: 'memory',
    write(written) {
      records.push(...written)
      // Cut in large steps, so that the cost of each write stays flat.
      if (records.length >= 2 * maxRecords) {
        dropped += records.length - maxRecords
        records = records.slice(-maxRecords)
      }
    },
    records: () => records.slice(-maxRecords),
    dropped: () => dropped + Math.max(0, records.length - maxRecords),
    clear() {
      dropped += Math.max(0, records.length - maxRecords)
      records = []
    },
  }
}
