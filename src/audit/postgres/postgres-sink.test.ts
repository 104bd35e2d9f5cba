import { expect, it } from 'vitest'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { AuditSink } from '../../core/model/ports.ts'
import { testAuditSink } from '../../testing/contracts/audit-sink.ts'
import { withPostgres } from '../../testing/services/with-services.fixture.ts'
import { DEFAULT_TABLE, migratePostgres } from './migrate.ts'
import { type PostgresSinkOptions, postgresSink } from './postgres-sink.ts'
import { faultOf, linesOf, recordOf } from './records.fixture.ts'

const outcome = (fields: Partial<AuditRecord> = {}): AuditRecord =>
  recordOf({ kind: 'outcome', status: 'success', duration_ms: 3, ...fields })

await withPostgres('postgresSink', (db) => {
  let tables = 0
  const freshTable = (): string => `${db.schema}.audit_${++tables}`
  const sinkOf = (table: string, more: Partial<PostgresSinkOptions> = {}): AuditSink =>
    postgresSink({ client: db.pool, table, onDiagnostic: () => undefined, ...more })
  const parsed = async (table: string): Promise<readonly AuditRecord[]> =>
    (await linesOf(db.pool, table)).map((line) => JSON.parse(line) as AuditRecord)
  const rows = async (text: string): Promise<readonly Record<string, unknown>[]> =>
    (await db.pool.query<Record<string, unknown>>(text)).rows

  it.each(['none', 'month'] as const)(
    'keeps to the contract of sinks, partition: %s',
    async (partition) => {
      const tableOf = new Map<AuditSink, string>()
      const make = () => {
        const table = freshTable()
        const sink = sinkOf(table, { partition })
        tableOf.set(sink, table)
        return sink
      }

      const failures = await testAuditSink(make, {
        read: (sink) => parsed(tableOf.get(sink) ?? ''),
        timeoutMs: 30_000,
      })

      expect(failures).toEqual([])
    },
  )

  it.each<[string, Partial<AuditRecord>]>([
    ['an intent that has ended', { status: 'success' }],
    ['an intent without reason', { reason: null }],
    ['an intent without effect', { effect: null }],
    ['an intent without gate', { gate: null }],
    ['an intent that is denied and goes out', { effect: 'deny' }],
    [
      'an intent that goes out, of which nobody knows whether it is enforced',
      { effect: 'deny', enforced: null },
    ],
    ['an outcome that has not ended', { kind: 'outcome' }],
    ['an outcome without effect', { kind: 'outcome', status: 'success', effect: null }],
    ['an outcome without reason', { kind: 'outcome', status: 'success', reason: null }],
    ['an outcome without gate', { kind: 'outcome', status: 'success', gate: null }],
    ['an approval of nothing', { kind: 'approval' }],
    ['a policy without digest', { kind: 'policy', status: 'success', policy_digest: null }],
    ['a kind of which nobody knows', { kind: 'other' as 'route' }],
    ['a time that is none', { ts: 'yesterday' }],
    ['a number that is none', { seq: 1.5 }],
  ])('refuses %s, and keeps what was written with it', async (_what, fields) => {
    const table = freshTable()
    const sink = sinkOf(table)
    await sink.write([recordOf({ id: 'first' })])
    const secret = 'do-not-tell'
    const partial = Promise.resolve(
      sink.write([recordOf({ id: 'partial', agent: secret, ...fields })]),
    )
    const others = Array.from({ length: 20 }, (_, index) =>
      sink.write([recordOf({ id: `c${index}` })]),
    )

    const error = await partial.then(
      () => new Error('it was kept'),
      (cause: Error) => cause,
    )
    await Promise.all(others)

    expect(error).toMatchObject({ code: 'ERR_AUDIT_UNAVAILABLE' })
    expect(JSON.stringify([error.message, error.cause ?? null])).not.toContain(secret)
    const lines = await linesOf(db.pool, table)
    expect([lines.length, faultOf(lines)]).toEqual([21, undefined])
  })

  it.each<[string, Partial<AuditRecord>]>([
    ['a denied call', { status: 'denied', effect: 'deny', reason: 'no_binding' }],
    ['a call that only would have been denied', { effect: 'deny', enforced: false }],
    ['a call that was taken back', { kind: 'outcome', status: 'denied', effect: 'deny' }],
    [
      'an approval',
      { kind: 'approval', approval_id: 'call-1', effect: null, reason: null, gate: null },
    ],
    ['a policy', { kind: 'policy', status: 'success', effect: null, reason: null, gate: null }],
  ])('keeps %s', async (_what, fields) => {
    const table = freshTable()

    await sinkOf(table).write([recordOf(fields)])

    expect(await parsed(table)).toMatchObject([fields])
  })

  it('keeps a call twice at most: its intent and its outcome', async () => {
    const table = freshTable()
    const sink = sinkOf(table)
    await sink.write([recordOf(), outcome()])

    await expect(sink.write([outcome()])).rejects.toMatchObject({ code: 'ERR_AUDIT_UNAVAILABLE' })
    expect(await linesOf(db.pool, table)).toHaveLength(2)
  })

  it('shows each call once, with how it ended', async () => {
    const table = freshTable()
    const sink = sinkOf(table)
    const denied = { status: 'denied', effect: 'deny', reason: 'no_binding', gate: 'rbac' } as const
    await sink.write([
      recordOf({ id: 'ran', arguments: { id: 7 } }),
      outcome({ id: 'ran', ts: '2026-03-01T12:00:01.000Z', duration_ms: 12.4 }),
      recordOf({ id: 'broke' }),
      outcome({ id: 'broke', status: 'failed', error: 'TypeError' }),
      recordOf({ id: 'blocked', ...denied }),
      recordOf({ id: 'open' }),
      recordOf({ id: 'back' }),
      outcome({ id: 'back', ...denied, reason: 'session_terminated', gate: 'session' }),
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

  it('takes any text for what it is, in every field', async () => {
    const table = freshTable()
    const texts = [
      "'; drop table audit; --",
      '"; \\',
      '{a,NULL,"b"}',
      '\\u0000 \\\\',
      'a\nb',
      '$1 %s',
    ]
    const whole = recordOf()
    const names = Object.keys(whole) as (keyof AuditRecord)[]
    const free = names.filter((name) => typeof whole[name] === 'string' || whole[name] === null)
    const kept = new Set([
      'ts',
      'kind',
      'status',
      'id',
      'prev',
      'hash',
      'enforced',
      'risk',
      'duration_ms',
      'cost_nusd',
    ])
    const records = texts.map((text, index) =>
      recordOf({
        ...Object.fromEntries(free.filter((name) => !kept.has(name)).map((name) => [name, text])),
        id: `${index} ${text}`,
        effect: 'allow',
        arguments: { [text]: text },
        rule: { role: text, name: text, index: 0 },
      }),
    )

    await sinkOf(table).write(records)

    const held = await rows(
      `select id, agent, arguments, rule_role, error from ${table} order by position`,
    )
    expect(held).toEqual(
      records.map(({ id, agent, arguments: given, rule, error }) => ({
        ...{ id, agent, arguments: given, rule_role: rule?.role, error },
      })),
    )
    expect(faultOf(await linesOf(db.pool, table))).toBeUndefined()
  })

  it('keeps NUL escaped in the line and replaced in columns, and lone surrogates replaced', async () => {
    const table = freshTable()
    const agent = 'a\u0000b\ud800c'
    const given = { 'k\u0000': ['\\u0000', '\u0000', '\udc00'] }

    await sinkOf(table).write([recordOf({ agent, arguments: given })])

    const [row] = await rows(`select agent, arguments, line from ${table}`)
    expect(row).toMatchObject({
      agent: 'a\ufffdb\ufffdc',
      arguments: { 'k\ufffd': ['\\u0000', '\ufffd', '\ufffd'] },
    })
    expect(row?.['line']).toContain('"agent":"a\\u0000b\ufffdc"')
    expect(faultOf([String(row?.['line'])])).toBeUndefined()
  })

  it('cuts long texts in columns and huge records in the line', async () => {
    const table = freshTable()
    const long = '\u{1f512}'.repeat(50_000)

    await sinkOf(table).write([
      recordOf({ id: 'a', agent: long, resource: long, tool: long, trace_id: long }),
      recordOf({ id: 'b', arguments: { text: 'x'.repeat(5_000_000) } }),
    ])

    const [, huge] = await linesOf(db.pool, table)
    const [row] = await rows(`select agent, line from ${table} order by position limit 1`)
    expect(String(row?.['agent'])).toHaveLength(512)
    expect(String(row?.['line'])).toContain(long)
    expect(Buffer.byteLength(huge ?? '')).toBeLessThanOrEqual(1_048_576)
    expect(faultOf(await linesOf(db.pool, table))).toBeUndefined()
  })

  it('goes on with a chain where another process has left it', async () => {
    const table = freshTable()
    for (const id of ['a', 'b', 'c']) {
      const sink = sinkOf(table)
      await sink.write([recordOf({ id })])
      await sink.close?.()
    }

    const lines = await linesOf(db.pool, table)
    expect([lines.length, faultOf(lines)]).toEqual([3, undefined])
  })

  it('lets two writers share a chain, which does not fork', async () => {
    const table = freshTable()
    const codes: string[] = []
    const onDiagnostic = ({ code }: { code: string }): void => void codes.push(code)
    await migratePostgres(db.pool, { table })
    const sinks = [1, 2].map(() =>
      sinkOf(table, { onDiagnostic, timeoutMs: 30_000, batch: { maxRecords: 8 } }),
    )

    await Promise.all(
      sinks.flatMap((sink, at) =>
        Array.from({ length: 100 }, (_, index) => sink.write([recordOf({ id: `${at}-${index}` })])),
      ),
    )

    const lines = await linesOf(db.pool, table)
    expect([lines.length, new Set(lines.map((line) => JSON.parse(line).id)).size]).toEqual([
      200, 200,
    ])
    expect(faultOf(lines)).toBeUndefined()
    expect(codes).toContain('audit_chain_shared')
  })

  it('keeps chains of different names apart in one table', async () => {
    const table = freshTable()
    await migratePostgres(db.pool, { table })

    await Promise.all(
      ['one', 'two'].map((chain) => sinkOf(table, { chain }).write([recordOf(), outcome()])),
    )

    for (const chain of ['one', 'two']) {
      const lines = await linesOf(db.pool, table, chain)
      expect([lines.length, faultOf(lines)]).toEqual([2, undefined])
    }
    expect(await rows(`select count(*)::int as calls from ${table}_executions`)).toEqual([
      { calls: 2 },
    ])
  })

  it.each<[string, string]>([
    ['whose last record is gone', 'delete from $ where position = 3'],
    [
      'whose last record is another',
      "update $ set hash = 'sha256:' || repeat('0', 64) where position = 3",
    ],
    [
      'whose head was set back',
      'update $_chains set position = 1, hash = (select hash from $ where position = 1)',
    ],
  ])('does not go on with a chain %s', async (_what, change) => {
    const table = freshTable()
    await sinkOf(table).write(['a', 'b', 'c'].map((id) => recordOf({ id })))
    await db.pool.query(change.replaceAll('$', table))

    await expect(sinkOf(table).write([recordOf({ id: 'd' })])).rejects.toThrow('another name')
    await sinkOf(table, { chain: 'next' }).write([recordOf({ id: 'd' })])
  })

  it('goes on with a chain whose old records were all dropped', async () => {
    const table = freshTable()
    await sinkOf(table).write([recordOf({ id: 'a' })])
    await db.pool.query(`delete from ${table}`)

    await sinkOf(table).write([recordOf({ id: 'b' })])

    expect(await rows(`select position::int from ${table}`)).toEqual([{ position: 2 }])
  })

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

  it('asks for its tables where it may not make them', async () => {
    await expect(sinkOf(freshTable(), { migrate: false }).write([recordOf()])).rejects.toThrow(
      'migratePostgres',
    )
  })

  it('needs no more than to add and to read, once the tables are there', async () => {
    const table = freshTable()
    const role = `${db.schema}_writer`
    await migratePostgres(db.pool, { table })
    await db.pool.query(
      `create role ${role}; grant usage on schema ${db.schema} to ${role};
       grant select, insert on ${table} to ${role}; grant select, insert, update on ${table}_chains to ${role};
       grant select on ${table}_migrations to ${role}`,
    )
    try {
      const pool = db.open({ options: `-c role=${role}` })
      await postgresSink({ client: pool, table, migrate: false }).write([recordOf()])

      await expect(pool.query(`delete from ${table}`)).rejects.toThrow('permission denied')
      await expect(pool.query(`update ${table} set line = ''`)).rejects.toThrow('permission denied')
      expect(await linesOf(pool, table)).toHaveLength(1)
    } finally {
      await db.pool.query(`drop owned by ${role}; drop role ${role}`)
    }
  })

  it('refuses what would wait beyond its bound, at once', async () => {
    const sink = sinkOf(freshTable(), { maxQueued: 2 })
    const kept = [sink.write([recordOf({ id: 'a' })]), sink.write([recordOf({ id: 'b' })])]

    await expect(sink.write([recordOf({ id: 'c' })])).rejects.toThrow('2 records wait already')
    await Promise.all(kept)
    await sink.write([recordOf({ id: 'd' })])
  })

  it('keeps what waits before it is closed, and nothing after', async () => {
    const table = freshTable()
    const sink = sinkOf(table, { batch: { maxWaitMs: 60_000 } })
    const kept = sink.write([recordOf()])

    await sink.close?.()
    await kept

    await expect(sink.write([recordOf({ id: 'late' })])).rejects.toThrow('closed')
    expect(await linesOf(db.pool, table)).toHaveLength(1)
  })

  it.each<[string, Partial<Record<keyof PostgresSinkOptions, unknown>>]>([
    ['a table with a quote', { table: 'a"b' }],
    ['a table of three parts', { table: 'a.b.c' }],
    ['a table that is too long', { table: 'a'.repeat(41) }],
    ['no client', { client: {} }],
    ['an unknown option', { tabel: 'x' } as object],
    ['a batch without records', { batch: { maxRecords: 0 } }],
    ['a chain without a name', { chain: '' }],
    ['a partition by day', { partition: 'day' }],
  ])('refuses %s', (_what, options) => {
    const given = { client: db.pool, table: DEFAULT_TABLE, ...options } as PostgresSinkOptions

    expect(() => postgresSink(given)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })
})
