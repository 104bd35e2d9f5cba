import { expect, it } from 'vitest'
import type { AuditSink } from '../../core/model/ports.ts'
import { testAuditSink } from '../../testing/contracts/audit-sink.ts'
import { withPostgres } from '../../testing/services/with-services.fixture.ts'
import { DEFAULT_TABLE, migratePostgres } from './migrate.ts'
import { type PostgresSinkOptions, postgresSink } from './postgres-sink.ts'
import { linesOf, recordOf, tablesOf } from './records.fixture.ts'

await withPostgres('postgresSink', (db) => {
  const { freshTable, sinkOf, parsed } = tablesOf(db)

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
