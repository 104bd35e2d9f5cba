import { expect, it } from 'vitest'
import { withPostgres } from '../../testing/services/with-services.fixture.ts'
import { auditTable } from './read-table.ts'
import { recordOf, tablesOf } from './records.fixture.ts'
import { verifyTable } from './verify-table.ts'

await withPostgres('verifyTable', (db) => {
  const { freshTable, sinkOf, parsed } = tablesOf(db)
  const written = async (): Promise<string> => {
    const table = freshTable()
    await sinkOf(table).write(
      ['a', 'b', 'c', 'd'].map((id, index) => recordOf({ id, seq: index + 1 })),
    )
    return table
  }
  const verify = async (name: string, options = {}) => {
    const table = auditTable({ client: db.pool, table: name, chain: 'main' })
    const [chain] = await table.chains()
    if (chain === undefined) throw new Error('the table has its chain')
    return verifyTable(table, chain, options)
  }

  it('finds a chain as it was written, while it grows', async () => {
    const table = await written()

    expect(await verify(table)).toMatchObject({ ok: true, records: 4, last: { seq: 4 } })
    await sinkOf(table).write([recordOf({ id: 'e', seq: 5 })])
    expect(await verify(table)).toMatchObject({ ok: true, records: 5 })
  })

  it.each<[string, string, string, number]>([
    [
      'was changed',
      "update $ set line = replace(line, 'sales-bot', 'other') where position = 3",
      'hash',
      3,
    ],
    ['was taken out', 'delete from $ where position = 2', 'prev', 3],
    ['was the last', 'delete from $ where position = 4', 'cut', 3],
    ['was the only one', 'delete from $', 'cut', 0],
    ['is not the one that writers left', "update $_chains set hash = 'sha256:0'", 'cut', 4],
    ['is of a chain nobody has left', 'delete from $_chains', 'cut', 4],
    ['is of a chain that was set back', 'update $_chains set position = 3', 'cut', 4],
  ])('names the first record that %s', async (_what, change, kind, line) => {
    const table = await written()
    await db.pool.query(change.replaceAll('$', table))

    expect(await verify(table)).toMatchObject({
      ok: false,
      fault: { kind, line, file: `${table} main` },
    })
  })

  it('takes a chain for whole where its sink has refused a record meanwhile', async () => {
    const table = freshTable()
    const sink = sinkOf(table, { maxQueued: 1 })
    await sink.write([recordOf({ id: 'call-1', seq: 1 })])
    const refusal = await Promise.resolve(
      sink.write([recordOf({ id: 'call-2', seq: 2 }), recordOf({ id: 'call-3', seq: 3 })]),
    ).catch((error: { code?: string }) => error.code)
    await sink.write([recordOf({ id: 'call-4', seq: 4 })])
    await sinkOf(table).write([recordOf({ id: 'call-5', seq: 5 })])

    expect(refusal).toBe('ERR_AUDIT_UNAVAILABLE')
    expect(await verify(table)).toMatchObject({ ok: true, records: 3, missing: 2 })
  })

  it('takes a chain whose old records were dropped for whole where their last hash is known', async () => {
    const table = await written()
    const [, second] = await parsed(table)
    await db.pool.query(`delete from ${table} where position <= 2`)

    expect(await verify(table)).toMatchObject({ ok: false, fault: { kind: 'prev', line: 3 } })
    expect(await verify(table, { after: second?.hash })).toMatchObject({ ok: true, records: 2 })
  })

  it('sees by a checkpoint that a whole chain was made anew', async () => {
    const table = await written()
    const [, , third] = await parsed(table)
    const point = { schema: 1, seq: 3, hash: third?.hash, count: 3, ts: third?.ts, file: 'main' }
    const checkpoints = [point]
    expect(await verify(table, { checkpoints })).toMatchObject({ ok: true })
    await db.pool.query(`delete from ${table}; delete from ${table}_chains`)
    await sinkOf(table).write(['x', 'y', 'z'].map((id, at) => recordOf({ id, seq: at + 1 })))

    expect(await verify(table)).toMatchObject({ ok: true })
    expect(await verify(table, { checkpoints })).toMatchObject({
      ok: false,
      fault: { kind: 'checkpoint' },
    })
  })
})
