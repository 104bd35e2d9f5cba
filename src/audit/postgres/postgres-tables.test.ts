import { expect, it } from 'vitest'
import { withPostgres } from '../../testing/services/with-services.fixture.ts'
import { migratePostgres } from './migrate.ts'
import { faultOf, linesOf, outcomeOf, recordOf, tablesOf } from './records.fixture.ts'

await withPostgres('tables of postgresSink', (db) => {
  const { freshTable, sinkOf, rows } = tablesOf(db)

  it('makes its tables once, however many ask at once', async () => {
    const table = freshTable()

    await Promise.all(Array.from({ length: 8 }, () => migratePostgres(db.pool, { table })))
    await migratePostgres(db.pool, { table })

    expect(await rows(`select version from ${table}_migrations`)).toEqual([{ version: 1 }])
  })

  it('parts a table by month, ahead of time', async () => {
    const table = freshTable()
    const [, name] = table.split('.')
    await migratePostgres(db.pool, { table, partition: 'month' })
    const now = new Date()

    await sinkOf(table, { migrate: false }).write([
      recordOf({ id: 'now', ts: now.toISOString() }),
      recordOf({ id: 'old', ts: '2001-01-01T00:00:00.000Z' }),
    ])
    await migratePostgres(db.pool, { table, partition: 'month' })

    const month = `${now.getUTCFullYear()}${String(now.getUTCMonth() + 1).padStart(2, '0')}`
    expect(
      await rows(
        `select id, split_part(tableoid::regclass::text, '.', 2) as part from ${table} order by id`,
      ),
    ).toEqual([
      { id: 'now', part: `${name}_${month}` },
      { id: 'old', part: `${name}_default` },
    ])
    expect(faultOf(await linesOf(db.pool, table))).toBeUndefined()
  })

  it('shows each call once, with how it ended', async () => {
    const table = freshTable()
    const sink = sinkOf(table)
    const denied = { status: 'denied', effect: 'deny', reason: 'no_binding', gate: 'rbac' } as const
    await sink.write([
      recordOf({ id: 'ran', arguments: { id: 7 } }),
      outcomeOf({ id: 'ran', ts: '2026-03-01T12:00:01.000Z', duration_ms: 12.4 }),
      recordOf({ id: 'broke' }),
      outcomeOf({ id: 'broke', status: 'failed', error: 'TypeError' }),
      recordOf({ id: 'blocked', ...denied }),
      recordOf({ id: 'open' }),
      recordOf({ id: 'back' }),
      outcomeOf({ id: 'back', ...denied, reason: 'session_terminated', gate: 'session' }),
      recordOf({ id: 'note', kind: 'finding', status: 'success' }),
    ])

    const shown = await rows(
      `select mcp_execution_id id, tool_name, status, error_message, execution_time_ms::int ms, input
       from ${table}_executions order by created_at, started_at, mcp_execution_id`,
    )
    const columns = await rows(`select * from ${table}_executions limit 1`)

    const tool_name = 'read_customer'
    const blank = { tool_name, error_message: null, ms: null, input: null }
    expect(shown).toEqual([
      { ...blank, id: 'back', status: 'denied', error_message: 'session_terminated', ms: 3 },
      { ...blank, id: 'blocked', status: 'denied', error_message: 'no_binding' },
      { ...blank, id: 'broke', status: 'failed', error_message: 'TypeError', ms: 3 },
      { ...blank, id: 'open', status: 'unknown' },
      { ...blank, id: 'ran', status: 'success', ms: 12, input: { id: 7 } },
    ])
    expect(Object.keys(columns[0] ?? {}).slice(0, 20)).toEqual(
      (
        'mcp_execution_id tool_name server_name started_at completed_at execution_time_ms input output ' +
        'output_schema status error_message user_id session_id context_id task_id trace_id ' +
        'request_method request_source ai_tool_call_id created_at'
      ).split(' '),
    )
  })
})
