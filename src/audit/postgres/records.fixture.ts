import type { AuditRecord } from '../../core/model/audit-record.ts'
import { hashOfLine } from '../ledger/seal.ts'
import type { PostgresClient } from './client.ts'
import { rowsOf } from './client.ts'

/** A record of schema 1: the intent of an allowed call, unless told. */
export function recordOf(fields: Partial<AuditRecord> = {}): AuditRecord {
  return {
    schema: 1,
    id: 'call-1',
    seq: 1,
    ts: '2026-03-01T12:00:00.000Z',
    kind: 'decision',
    status: 'pending',
    trace_id: 'trace',
    session_id: 'session',
    context_id: null,
    client_id: null,
    task_id: null,
    request_id: null,
    tool_call_id: null,
    request_method: 'tools/call',
    request_source: 'mcp',
    parent_id: null,
    user_id: 'ana',
    actor_kind: 'agent',
    act_chain: ['ana', 'sales-bot'],
    agent: 'sales-bot',
    tenant: null,
    team: null,
    department: null,
    tier: 'user',
    server: 'crm',
    tool: 'read_customer',
    resource: 'crm.read_customer',
    verb: 'invoke',
    scope: null,
    effect: 'allow',
    reason: 'allowed',
    gate: 'rbac',
    gates: ['session', 'rbac'],
    evaluated_rules: [],
    rule: { role: 'reader', name: null, index: 0 },
    constraint: null,
    enforced: true,
    mode: 'enforce',
    policy_digest: 'sha256:0',
    input_hash: 'sha256:1',
    dispatch_hash: null,
    output_hash: null,
    arguments: null,
    patch: null,
    findings: [],
    disposition: 'allow',
    risk: 0,
    obligations: [],
    approval_id: null,
    duration_ms: null,
    error: null,
    cost_nusd: null,
    model: null,
    prev: null,
    hash: null,
    ...fields,
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
