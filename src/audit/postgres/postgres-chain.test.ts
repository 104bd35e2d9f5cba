import { expect, it } from 'vitest'
import { withPostgres } from '../../testing/services/with-services.fixture.ts'
import { migratePostgres } from './migrate.ts'
import { faultOf, linesOf, outcomeOf, recordOf, tablesOf } from './records.fixture.ts'

await withPostgres('chains of postgresSink', (db) => {
  const { freshTable, sinkOf, rows } = tablesOf(db)

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
      ['one', 'two'].map((chain) => sinkOf(table, { chain }).write([recordOf(), outcomeOf()])),
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
})
