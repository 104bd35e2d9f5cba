import { type LedgerReport, type VerifyOptions, verifyLedger } from '../ledger/verify-ledger.ts'
import type { AuditTable, TableChain } from './read-table.ts'

/**
 * Follows one chain of a table, as `verifyLedger` follows files, and sees that it ends where its writers
 * have left it. A fault has the chain for its file, and the position for its line.
 */
export async function verifyTable(
  table: AuditTable,
  chain: TableChain,
  options: VerifyOptions = {},
): Promise<LedgerReport> {
  let [first, position, taken] = [0, 0, 0]
  const lines = async function* (): AsyncGenerator<string> {
    for await (const line of table.lines(chain)) {
      position = line.position
      if (taken++ === 0) first = position
      yield line.text
    }
  }
  const report = await verifyLedger({ lines: lines() }, options)
  const file = placeOf(table, chain)
  const { fault: found } = report
  if (found !== undefined) {
    // One that is told at the end may be of a record before it; up to there no position is missing.
    const line = found.line === 0 || found.line === taken ? position : first + found.line - 1
    return { ...report, fault: { ...found, file, line } }
  }
  const message = tailFault(chain, report.last?.hash ?? options.after ?? null)
  if (message === undefined) return report
  const fault = {
    ...{ kind: 'cut' as const, file, line: position },
    ...{ seq: report.last?.seq ?? null, id: null, message },
  }
  return { ...report, ok: false, fault }
}

/** `callgate_audit main`: what stands for a file's name. */
export function placeOf({ table }: AuditTable, { chain }: TableChain): string {
  return `${table} ${chain}`
}

function tailFault({ head, last }: TableChain, hash: string | null): string | undefined {
  if (head === undefined) return 'nothing says where its writers have left the chain'
  if (head.hash === hash && (last === 0 || head.position === last)) return undefined
  return head.position > last
    ? `writers have left the chain at position ${head.position}: what follows this one is gone`
    : `writers have left the chain at position ${head.position} with another record`
}
