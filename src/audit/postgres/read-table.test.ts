import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { withPostgres } from '../../testing/services/with-services.fixture.ts'
import { jsonlSink } from '../jsonl/jsonl-sink.ts'
import { type AuditSource, auditFiles } from '../query/audit-files.ts'
import { FILTER_FIELDS, type RecordFilter } from '../query/filter.ts'
import { ndjsonLine } from '../query/ndjson.ts'
import type { PostgresClient } from './client.ts'
import { auditTable } from './read-table.ts'
import { recordOf, tablesOf } from './records.fixture.ts'

const START = Date.UTC(2026, 2, 1, 12)
const LONG = 'x'.repeat(600)
/** Texts that a column cannot hold as they are, and some that it can. */
const TEXTS = [
  'a',
  'b',
  "'; --",
  '',
  `${LONG}1`,
  `${LONG}2`,
  'a\u0000b',
  'a\ufffdb',
  'c\ud800',
  '🔒',
]
const REASONS = ['allowed', 'no_binding', 'rate_limited'] as const
const STATUSES = ['pending', 'denied', 'success', 'failed'] as const
const KINDS = ['decision', 'outcome', 'policy'] as const

/** Every text in every field, and times that only differ by less than a millisecond. */
const RECORDS = Array.from({ length: 240 }, (_, index): AuditRecord => {
  const at = (step: number): string | null => TEXTS[(index * step) % (TEXTS.length + 1)] ?? null
  const isDenied = index % 3 === 0
  return recordOf({
    id: `call-${index >> 1}`,
    seq: index + 1,
    ts: new Date(START + (index >> 2))
      .toISOString()
      .replace('Z', `${['', '4', '500', '9999'][index % 4]}Z`),
    kind: index % 2 === 0 ? 'decision' : 'outcome',
    status: index % 2 === 0 ? (isDenied ? 'denied' : 'pending') : isDenied ? 'failed' : 'success',
    effect: isDenied ? 'deny' : 'allow',
    reason: REASONS[index % 3] ?? null,
    gate: at(1) ?? 'rbac',
    session_id: at(2),
    user_id: at(3),
    agent: at(4),
    tool: at(5),
    resource: at(6),
    server: at(7),
    enforced: false,
    findings: index % 7 === 0 ? [findingOf(index % 14 === 0 ? 'secret_relay' : 'call_loop')] : [],
  })
})

function findingOf(rule: string): AuditRecord['findings'][number] {
  const what = { severity: 'high', action: 'warn', message: 'found' } as const
  return { rule, ...what, confidence: 1, trigger: 2, sources: [1], score: 10 }
}

const filters: fc.Arbitrary<RecordFilter> = fc
  .record(
    {
      ...Object.fromEntries(FILTER_FIELDS.map((name) => [name, valuesOf(name)])),
      since: fc.integer({ min: START - 3, max: START + 65 }),
      until: fc.integer({ min: START - 3, max: START + 65 }),
    },
    { requiredKeys: [] },
  )
  // A filter of all fields finds nothing, and shows nothing.
  .chain((all) => fc.subarray(Object.keys(all), { maxLength: 3 }).map((names) => pick(all, names)))

function valuesOf(name: (typeof FILTER_FIELDS)[number]): fc.Arbitrary<readonly string[]> {
  const known: Readonly<Record<string, readonly string[]>> = {
    effect: ['allow', 'deny', 'compute'],
    reason: REASONS,
    status: STATUSES,
    kind: KINDS,
    finding: ['secret_relay', 'call_loop', 'other'],
  }
  return fc.subarray([...(known[name] ?? [...TEXTS, 'rbac', 'absent'])])
}

function pick(all: RecordFilter, names: readonly string[]): RecordFilter {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))
}

async function linesFrom(source: AuditSource, filter?: RecordFilter): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const record of source.records(filter)) lines.push(ndjsonLine(record))
  return lines
}

await withPostgres('auditTable', (db) => {
  const { freshTable, sinkOf } = tablesOf(db)
  const path = join(mkdtempSync(join(tmpdir(), 'callgate-table-')), 'audit.jsonl')
  const files = auditFiles([path])
  let table = ''
  beforeAll(async () => {
    table = freshTable()
    const file = jsonlSink({ path })
    await sinkOf(table).write(RECORDS)
    await file.write(RECORDS)
    await file.close()
  }, 60_000)

  it('gives the very records of a file, whatever the filter', async () => {
    const source = auditTable({ client: db.pool, table })
    expect(await linesFrom(source)).toEqual(await linesFrom(files))
    expect(await linesFrom(source)).toHaveLength(RECORDS.length)
    await fc.assert(
      fc.asyncProperty(filters, async (filter) => {
        expect(await linesFrom(source, filter)).toEqual(await linesFrom(files, filter))
      }),
      { numRuns: 150 },
    )
  })

  it('asks the database for no more than what the filter may want', async () => {
    let given = 0
    const client: PostgresClient = {
      query: (text, parameters) =>
        db.pool.query(text, parameters).then((answer) => {
          given += answer.rows.length
          return answer
        }),
    }
    const found = await linesFrom(auditTable({ client, table }), { reason: ['no_binding'] })

    // The chain, and what the filter wants.
    expect([found.length, given]).toEqual([80, 81])
  })

  it('reads long lines by small pages, each once', async () => {
    const long = freshTable()
    await sinkOf(long).write(
      Array.from({ length: 30 }, (_, index) =>
        recordOf({ id: `long-${index}`, arguments: { text: 'x'.repeat(900_000) } }),
      ),
    )
    const most: number[] = []
    const client: PostgresClient = {
      query: (text, parameters) =>
        db.pool.query(text, parameters).then((answer) => {
          most.push(answer.rows.length)
          return answer
        }),
    }

    const found = await linesFrom(auditTable({ client, table: long }))

    expect([found.length, Math.max(...most) < 10]).toEqual([30, true])
  })

  it('finds the last records by number, over the end of a row of digits', async () => {
    const digits = freshTable()
    await sinkOf(digits).write(
      Array.from({ length: 62 }, (_, index) => recordOf({ id: `n-${index}` })),
    )
    const read = auditTable({ client: db.pool, table: digits })
    const [chain] = await read.chains()
    if (chain === undefined) throw new Error('there is no chain')

    expect([await read.beforeLast(chain, 1), await read.beforeLast(chain, 60)]).toEqual([61, 2])
  })

  it('gives chains one after the other, or one that is named', async () => {
    const several = freshTable()
    for (const chain of ['two', 'one', 'Zero'])
      await sinkOf(several, { chain }).write([
        recordOf({ id: chain }),
        recordOf({ id: `${chain}+` }),
      ])
    const idsOf = async (chain?: string) => {
      const more = chain === undefined ? {} : { chain }
      const lines = await linesFrom(auditTable({ client: db.pool, table: several, ...more }))
      return lines.map((line) => JSON.parse(line).id)
    }

    expect(await idsOf()).toEqual(['Zero', 'Zero+', 'one', 'one+', 'two', 'two+'])
    expect(await idsOf('two')).toEqual(['two', 'two+'])
    await expect(idsOf('three')).rejects.toThrow('it has no chain `three`')
  })

  it.each<[string, string, string]>([
    ['a table that is not there', 'nowhere', 'it is not there'],
    ['a line that is no record', 'lines', 'chain `main`, position 2: not JSON'],
  ])('says what is wrong with %s', async (_what, name, message) => {
    const lines = freshTable()
    await sinkOf(lines).write([recordOf({ id: 'a' }), recordOf({ id: 'b' })])
    await db.pool.query(`update ${lines} set line = 'do-not-tell' where position = 2`)
    const source = auditTable({ client: db.pool, table: name === 'lines' ? lines : name })

    const error = await linesFrom(source).then(
      () => new Error('it was read'),
      (cause: Error) => cause,
    )

    expect(error).toMatchObject({
      code: 'ERR_AUDIT_INVALID',
      message: expect.stringContaining(message),
    })
    expect(error.message).not.toContain('do-not-tell')
  })

  it('waits no longer than it is told', async () => {
    const client: PostgresClient = { query: () => new Promise(() => undefined) }

    await expect(linesFrom(auditTable({ client, timeoutMs: 20 }))).rejects.toThrow('within 20 ms')
  })
})
