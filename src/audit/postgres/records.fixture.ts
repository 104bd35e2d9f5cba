import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { AuditSink } from '../../core/model/ports.ts'
import { eventRecord } from '../../engine/record.ts'
import type { TestPostgres } from '../../testing/services/with-services.fixture.ts'
import { hashOfLine } from '../ledger/seal.ts'
import type { PostgresClient } from './client.ts'
import { rowsOf } from './client.ts'
import { type PostgresSinkOptions, postgresSink } from './postgres-sink.ts'

/** The intent of an allowed call, unless told. */
export function recordOf(fields: Partial<AuditRecord> = {}): AuditRecord {
  return { ...USUAL, ...fields }
}

const NOON = Date.UTC(2026, 2, 1, 12)

const CALL = {
  trace_id: 'trace',
  traceparent: null,
  session_id: 'session',
  request_method: 'tools/call',
  request_source: 'mcp',
  user_id: 'ana',
  actor_kind: 'agent',
  act_chain: ['ana', 'sales-bot'],
  agent: 'sales-bot',
  tier: 'user',
  server: 'crm',
  tool: 'read_customer',
  resource: 'crm.read_customer',
  verb: 'invoke',
  effect: 'allow',
  reason: 'allowed',
  gate: 'rbac',
  gates: ['session', 'rbac'],
  rule: { role: 'reader', name: null, index: 0 },
  enforced: true,
  mode: 'enforce',
  policy_digest: 'sha256:0',
  input_hash: 'sha256:1',
  disposition: 'allow',
  risk: 0,
} as const satisfies Partial<AuditRecord>

// Made once: the benchmark measures a sink.
const USUAL: AuditRecord = {
  ...eventRecord({ id: 'call-1', kind: 'decision', status: 'pending', ...CALL }, NOON),
  seq: 1,
}

export const outcomeOf = (fields: Partial<AuditRecord> = {}): AuditRecord =>
  recordOf({ kind: 'outcome', status: 'success', duration_ms: 3, ...fields })

/** Tables of a suite's own, and sinks that write them. */
export function tablesOf(db: TestPostgres) {
  let tables = 0
  return {
    freshTable: (): string => `${db.schema}.audit_${++tables}`,
    sinkOf: (table: string, more: Partial<PostgresSinkOptions> = {}): AuditSink =>
      postgresSink({
        ...{ client: db.pool, table, timeoutMs: 30_000, onDiagnostic: () => undefined },
        ...more,
      }),
    parsed: async (table: string): Promise<readonly AuditRecord[]> =>
      (await linesOf(db.pool, table)).map((line) => JSON.parse(line) as AuditRecord),
    rows: async (text: string): Promise<readonly Record<string, unknown>[]> =>
      (await db.pool.query<Record<string, unknown>>(text)).rows,
  }
}

/** Lines of a chain, in order. */
export async function linesOf(
  client: PostgresClient,
  table: string,
  chain = 'main',
): Promise<readonly string[]> {
  const text = `select line from ${table} where chain = $1 order by position`
  return (await rowsOf(client, text, [chain])).map(({ line }) => String(line))
}

/** What is wrong with a chain, written apart from the sink: each line links to the one before. */
export function faultOf(lines: readonly string[]): string | undefined {
  let prev: string | null = null
  for (const [index, line] of lines.entries()) {
    const record = JSON.parse(line) as AuditRecord
    if (record.prev !== prev) return `line ${index} links to another`
    const text = line.replace(`"hash":"${record.hash}"`, '"hash":null')
    if (hashOfLine(text) !== record.hash) return `line ${index} is not what its hash says`
    prev = record.hash
  }
  return undefined
}
