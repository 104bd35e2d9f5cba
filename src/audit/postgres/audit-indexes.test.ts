import type { Pool } from 'pg'
import { beforeAll, expect, it } from 'vitest'
import { withPostgres } from '../../testing/services/with-services.fixture.ts'
import { queriesOfPage } from './audit-queries.fixture.ts'
import { migratePostgres } from './migrate.ts'

const ROWS = 100_000

/** Calls of some weeks, a minute between two records, of which one in forty is denied. */
const FILL = `insert into callgate_audit (
  chain, position, prev, hash, line, ts, id, seq, kind, status, trace_id, session_id, context_id, task_id,
  tool_call_id, user_id, agent, tenant, server, tool, resource, effect, reason, gate, approval_id
)
select 'main', n, case when n > 1 then 'sha256:' || repeat('0', 64) end, 'sha256:' || repeat('1', 64),
  repeat('x', 500), now() - make_interval(mins => ${ROWS} - n), 'call-' || n / 2, n,
  case when n % 2 = 0 then 'decision' else 'outcome' end,
  case when n % 2 = 1 then 'success' when n % 40 = 0 then 'denied' else 'pending' end,
  'trace-' || n / 8, 'session-' || n / 50, 'context-' || n / 20, 'task-' || n / 20,
  'tool-call-' || n / 2, 'user-' || n % 500, 'agent-' || n % 50, 'tenant-' || n % 90,
  'crm', 'tool-' || n / 2 % 100, 'crm.tool-' || n / 2 % 100,
  case when n % 40 = 0 then 'deny' else 'allow' end,
  case when n % 80 = 0 then 'rate_limited' when n % 40 = 0 then 'no_binding' else 'allowed' end,
  'rbac', case when n % 500 = 0 then 'approval-' || n end
from generate_series(1, ${ROWS}) n`

/** What a SIEM asks, besides the queries of the page. */
const LOOKUPS: Readonly<Record<string, string>> = {
  'a session': "session_id = 'session-7' order by ts",
  'a user, lately': "user_id = 'user-7' and ts > now() - interval '7 days'",
  'an agent, lately': "agent = 'agent-7' and ts > now() - interval '1 day'",
  'a tenant, lately': "tenant = 'tenant-7' and ts > now() - interval '1 day'",
  'a context': "context_id = 'context-7'",
  'a task': "task_id = 'task-7'",
  'a tool call': "tool_call_id = 'tool-call-7'",
  'a tool by status': "tool = 'tool-7' and status = 'failed'",
  'a time': "ts > now() - interval '1 day'",
}

await withPostgres('the indexes of the audit table, at 100,000 records', (db) => {
  let pool: Pool
  beforeAll(async () => {
    pool = db.open({ options: `-c search_path=${db.schema}` })
    await migratePostgres(pool)
    await pool.query(FILL)
    await pool.query('analyze callgate_audit')
  }, 60_000)

  it.each([
    ...[...queriesOfPage()].filter(([heading]) => heading !== 'The lines of a chain'),
    ...Object.entries(LOOKUPS).map(([what, where]) => [
      what,
      `select * from callgate_audit where ${where}`,
    ]),
    ['a session in the view', "select * from callgate_audit_executions where session_id = 's'"],
  ])('are used: %s', async (_what, query) => {
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`explain ${query}`)

    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(plan).toMatch(/Index Scan/)
    expect(plan).not.toMatch(/Seq Scan on callgate_audit/)
  })
})
