import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { leaveOut } from '../../testing/services/find-services.fixture.ts'
import {
  installed,
  type Started,
  startPostgres,
} from '../../testing/services/start-service.fixture.ts'
import { postgresSink } from './postgres-sink.ts'
import { auditTable } from './read-table.ts'
import { faultOf, linesOf, recordOf } from './records.fixture.ts'
import { verifyTable } from './verify-table.ts'

const SUITE = 'postgresSink, while PostgreSQL is restarted'
const CRASHES = 3
const IN_FLIGHT = 128

const postgres = installed.find('postgres')
const initdb = installed.find('initdb')
const canStart = postgres !== undefined && initdb !== undefined
const print = (line: string): void => void process.stderr.write(line)
const isLeftOut =
  !canStart &&
  leaveOut(SUITE, 'install PostgreSQL (the package `postgresql`)', { env: process.env, print }) ===
    'skip'

describe.skipIf(isLeftOut)(SUITE, () => {
  let service: Started
  let pool: pg.Pool
  beforeAll(async () => {
    if (postgres === undefined || initdb === undefined) throw new Error('PostgreSQL is installed')
    service = await startPostgres(postgres, initdb)
    pool = new pg.Pool({ connectionString: service.url, max: 2 })
    // Connections are ended on purpose.
    pool.on('error', () => undefined)
  }, 60_000)
  afterAll(async () => {
    await pool.end()
    await service.end()
  }, 60_000)

  it('keeps what it has acknowledged, once, in one chain', { timeout: 120_000 }, async () => {
    const codes: string[] = []
    const sink = postgresSink({
      client: pool,
      timeoutMs: 60_000,
      onDiagnostic: ({ code }) => codes.push(code),
    })
    const kept = new Set<string>()
    let next = 0
    let isOver = false
    const caller = async (): Promise<void> => {
      while (!isOver) {
        const id = `call-${next++}`
        await sink.write([recordOf({ id })])
        kept.add(id)
      }
    }
    const callers = Array.from({ length: IN_FLIGHT }, caller)

    for (let crash = 0; crash < CRASHES; crash++) {
      const before = kept.size
      // In the middle: batches were kept, and others are under way.
      await expect.poll(() => kept.size, { timeout: 30_000 }).toBeGreaterThan(before + 500)
      await service.crash()
    }
    isOver = true
    await Promise.all(callers)
    await sink.close?.()

    const lines = await linesOf(pool, 'callgate_audit')
    const ids = lines.map((line) => (JSON.parse(line) as { id: string }).id)
    expect([new Set(ids).size, ids.length]).toEqual([kept.size, kept.size])
    expect(ids.every((id) => kept.has(id))).toBe(true)
    expect([faultOf(lines), codes.includes('audit_retry')]).toEqual([undefined, true])
    const table = auditTable({ client: pool })
    const [chain] = await table.chains()
    expect(chain?.head?.position).toBe(kept.size)
    if (chain !== undefined)
      expect(await verifyTable(table, chain, { allowGaps: true })).toMatchObject({ ok: true })
  })
})
