import { expect, it } from 'vitest'
import type { AuditSink } from '../../core/model/ports.ts'
import { withPostgres } from '../../testing/services/with-services.fixture.ts'
import type { PostgresClient } from './client.ts'
import { migratePostgres } from './migrate.ts'
import { type PostgresSinkOptions, postgresSink } from './postgres-sink.ts'
import { faultOf, linesOf, recordOf } from './records.fixture.ts'

const isAppend = (text: string): boolean => text.includes('_append"')

/** A client of which one call in some goes wrong. */
function faulty(
  client: PostgresClient,
  fault: (
    text: string,
    send: () => ReturnType<PostgresClient['query']>,
  ) => ReturnType<PostgresClient['query']>,
): PostgresClient {
  return { query: (text, parameters) => fault(text, () => client.query(text, parameters)) }
}

const lost = (): Error => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })

await withPostgres('postgresSink, when PostgreSQL fails it', (db) => {
  let tables = 0
  const freshTable = async (): Promise<string> => {
    const table = `${db.schema}.faults_${++tables}`
    await migratePostgres(db.pool, { table })
    return table
  }
  const sinkOf = (
    table: string,
    client: PostgresClient,
    more: Partial<PostgresSinkOptions> = {},
  ): AuditSink => postgresSink({ client, table, onDiagnostic: () => undefined, ...more })
  const idsOf = (lines: readonly string[]): readonly string[] =>
    lines.map((line) => (JSON.parse(line) as { id: string }).id)

  it('loses and doubles nothing while its connections are ended, 256 in flight', async () => {
    const table = await freshTable()
    const name = `callgate ${table}`
    const codes: string[] = []
    const sink = sinkOf(table, db.open({ application_name: name, max: 4 }), {
      timeoutMs: 30_000,
      onDiagnostic: ({ code }) => codes.push(code),
    })
    const kept: string[] = []
    let next = 0
    const call = async (): Promise<void> => {
      while (next < 3_000) {
        const id = `call-${next++}`
        await sink.write([recordOf({ id })])
        kept.push(id)
        // While a batch is under way.
        if (kept.length % 300 === 0)
          await db.pool.query(
            'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1',
            [name],
          )
      }
    }

    await Promise.all(Array.from({ length: 256 }, call))

    const lines = await linesOf(db.pool, table)
    expect(faultOf(lines)).toBeUndefined()
    expect([...idsOf(lines)].sort()).toEqual([...kept].sort())
    expect([kept.length, codes.includes('audit_retry')]).toEqual([3_000, true])
  })

  it.each<[string, (send: () => ReturnType<PostgresClient['query']>) => Promise<never>]>([
    ['before it is sent', () => Promise.reject(lost())],
    [
      'after it was committed',
      (send) => Promise.resolve(send()).then(() => Promise.reject(lost())),
    ],
  ])('writes a batch once where the connection is lost %s', async (_when, fail) => {
    const table = await freshTable()
    let faults = 0
    const client = faulty(db.pool, (text, send) =>
      isAppend(text) && faults++ < 3 ? fail(send) : send(),
    )
    const sink = sinkOf(table, client)

    await Promise.all(['a', 'b', 'c'].map((id) => sink.write([recordOf({ id })])))
    await sink.write([recordOf({ id: 'd' })])

    const lines = await linesOf(db.pool, table)
    expect([idsOf(lines), faultOf(lines)]).toEqual([['a', 'b', 'c', 'd'], undefined])
  })

  it('writes a batch once where the first sending still arrives, after the second', async () => {
    const table = await freshTable()
    let late: (() => ReturnType<PostgresClient['query']>) | undefined
    const client = faulty(db.pool, (text, send) => {
      if (!isAppend(text) || late !== undefined) return send()
      late = send
      return Promise.reject(lost())
    })
    const sink = sinkOf(table, client)
    await sink.write([recordOf({ id: 'a' })])

    await late?.()
    await sink.write([recordOf({ id: 'b' })])

    const lines = await linesOf(db.pool, table)
    expect([idsOf(lines), faultOf(lines)]).toEqual([['a', 'b'], undefined])
  })

  it('rejects within its limit where nothing ever answers, and goes on once something does', async () => {
    const table = await freshTable()
    let isHanging = true
    const client = faulty(db.pool, (text, send) =>
      isAppend(text) && isHanging ? new Promise(() => undefined) : send(),
    )
    const sink = sinkOf(table, client, { timeoutMs: 200 })

    await expect(sink.write([recordOf({ id: 'a' })])).rejects.toMatchObject({
      code: 'ERR_AUDIT_UNAVAILABLE',
    })
    isHanging = false
    await sink.write([recordOf({ id: 'b' })])

    expect(idsOf(await linesOf(db.pool, table))).toEqual(['b'])
  })

  it('rejects where it cannot connect in time, without a word of what it holds', async () => {
    const told: string[] = []
    const client = db.open({ connectionString: 'postgres://postgres@127.0.0.1:1/none' })
    const sink = sinkOf('never', client, {
      timeoutMs: 100,
      onDiagnostic: (diagnostic) => told.push(JSON.stringify(diagnostic)),
    })

    const error = await Promise.resolve(sink.write([recordOf({ agent: 'do-not-tell' })])).then(
      () => undefined,
      (cause: Error) => cause,
    )

    expect(error).toMatchObject({ code: 'ERR_AUDIT_UNAVAILABLE' })
    expect(error?.cause).toBeUndefined()
    expect(told.length).toBeGreaterThan(0)
    expect([error?.message, ...told].join()).not.toContain('do-not-tell')
  })

  it('does not try again what another try cannot mend', async () => {
    const told: string[] = []
    const sink = sinkOf(
      await freshTable(),
      faulty(db.pool, (text, send) =>
        isAppend(text) ? db.pool.query('select * from nowhere') : send(),
      ),
      { onDiagnostic: ({ code }) => told.push(code) },
    )

    await expect(sink.write([recordOf()])).rejects.toThrow('`42P01`')
    expect(told).toEqual([])
  })
})
