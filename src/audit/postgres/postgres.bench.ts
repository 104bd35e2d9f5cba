import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { MaybePromise } from '../../core/model/json.ts'
import { row } from '../../scripts/measure.ts'
import { findService } from '../../testing/services/find-services.fixture.ts'
import { migratePostgres } from './migrate.ts'
import { postgresSink } from './postgres-sink.ts'
import { recordOf } from './records.fixture.ts'

const IN_FLIGHT = 256

/** Records a second, all committed before the next of their callers goes on. */
async function perSecond(
  calls: number,
  inFlight: number,
  keep: (index: number) => MaybePromise<unknown>,
): Promise<number> {
  let next = 0
  const caller = async (): Promise<void> => {
    while (next < calls) await keep(next++)
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: inFlight }, caller))
  return (calls / (performance.now() - started)) * 1_000
}

export async function run(print: (line: string) => void): Promise<void> {
  print('PostgreSQL sink, records of 1.4 KB, durable, one connection')
  const found = await findService('postgres')
  if (found.kind === 'missing') {
    print(`  left out: ${found.install}`)
    return
  }
  const service = found.kind === 'startable' ? await found.start() : undefined
  const url = found.kind === 'running' ? found.url : service?.url
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  const schema = `callgate_bench_${randomBytes(6).toString('hex')}`
  try {
    await pool.query(`create schema ${schema}; create table ${schema}.plain (line text)`)
    await measure(print, pool, schema)
  } finally {
    await pool.query(`drop schema ${schema} cascade`)
    await pool.end()
    await service?.end()
  }
}

async function measure(
  print: (line: string) => void,
  pool: pg.Pool,
  schema: string,
): Promise<void> {
  const line = JSON.stringify(recordOf())
  const records = (index: number) => [
    recordOf({ id: `call-${index}`, trace_id: `trace-${index}`, session_id: `s-${index % 64}` }),
  ]
  const sinkOf = async (name: string, maxRecords: number) => {
    const table = `${schema}.${name}`
    await migratePostgres(pool, { table })
    return postgresSink({
      client: pool,
      table,
      migrate: false,
      timeoutMs: 60_000,
      batch: { maxRecords },
    })
  }
  const batched = await sinkOf('batched', 128)
  const single = await sinkOf('single', 1)
  await perSecond(5_000, IN_FLIGHT, (index) => batched.write(records(-1 - index)))

  const rate = await perSecond(40_000, IN_FLIGHT, (index) => batched.write(records(index)))
  const alone = await perSecond(2_000, IN_FLIGHT, (index) => single.write(records(index)))
  const insert = { name: 'plain', text: `insert into ${schema}.plain values ($1)` }
  const plain = await perSecond(2_000, 1, () => pool.query({ ...insert, values: [line] }))

  print(row(`batched, ${IN_FLIGHT} in flight`, rate, '/s', 'goal 25,000'))
  print(row('the same, a statement for each record', alone, '/s', `1/${(rate / alone).toFixed(1)}`))
  print(
    row(
      'one prepared insert of the line alone, no index',
      plain,
      '/s',
      `1/${(rate / plain).toFixed(1)}`,
    ),
  )
}
