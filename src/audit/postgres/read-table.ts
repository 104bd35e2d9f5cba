import type { AuditRecord } from '../../core/model/audit-record.ts'
import { checkNames, refuseOption } from '../../core/option-checks.ts'
import type { AuditSource } from '../query/audit-files.ts'
import { createMatcher, type RecordFilter } from '../query/filter.ts'
import { readRecord } from '../query/read-record.ts'
import { trailError } from '../query/trail-error.ts'
import { wholeNumber } from '../sink-options.ts'
import { settledWithin, systemTimers } from '../timers.ts'
import { codeOf, type PostgresClient, type Row, rowsOf } from './client.ts'
import { DEFAULT_TABLE } from './migrate.ts'
import { type Names, namesOf } from './names.ts'
import { sqlFilter } from './sql-filter.ts'

export interface AuditTableOptions {
  /** A Pool or Client of `pg`, PGlite, or what else has their `query`. It is not ended. */
  readonly client: PostgresClient
  /** With a schema before it or without. @default 'callgate_audit' */
  readonly table?: string
  /** Only this chain. @default every chain of the table, one after the other */
  readonly chain?: string
  /** Milliseconds that one answer may take. @default 60000 */
  readonly timeoutMs?: number
}

/** One chain of a table, as it was at one moment. */
export interface TableChain {
  readonly chain: string
  /** Position of the last record that is there; 0 where none is. */
  readonly last: number
  /** Where writers have left it; undefined where nothing says so. */
  readonly head: { readonly position: number; readonly hash: string | null } | undefined
}

/** A line of a chain, and where it stands in it. */
export interface TableLine {
  readonly position: number
  readonly text: string
}

/** A table that `postgresSink` writes, to read. What is added while it is read is not given. */
export interface AuditTable extends AuditSource {
  readonly table: string
  /** By name. */
  chains(): Promise<readonly TableChain[]>
  /** Lines behind a position, up to the last one of the chain. */
  lines(chain: TableChain, after?: number): AsyncIterable<TableLine>
  /** The position before the last `count` records. */
  beforeLast(chain: TableChain, count: number): Promise<number>
}

/** A page has fewer where its lines are long: what is held at a time has a bound. */
const PAGE_RECORDS = 1_000
const PAGE_BYTES = 4 * 1024 * 1024
const MOST_CHAINS = 10_000

/**
 * Reads the records that `postgresSink` has written, by pages. Filters go into the query where a column
 * has what they ask for.
 * @throws {CallgateError} ERR_OPTIONS_INVALID; what it gives rejects with ERR_AUDIT_INVALID where the
 * table cannot be read, or a line is no record
 */
export function auditTable(options: AuditTableOptions): AuditTable {
  checkNames('auditTable', options, ['client', 'table', 'chain', 'timeoutMs'])
  const { client, chain: only } = options
  if (typeof (client as Partial<PostgresClient> | undefined)?.query !== 'function')
    refuseOption('client: it has a function `query`')
  const names = namesOf(options.table ?? DEFAULT_TABLE)
  const timeoutMs = wholeNumber('timeoutMs', options.timeoutMs ?? 60_000, 1, 3_600_000)
  const ask = (text: string, parameters: readonly unknown[] = []): Promise<readonly Row[]> =>
    answered(rowsOf(client, text, parameters), names, timeoutMs)
  const chains = async (): Promise<readonly TableChain[]> =>
    chainsOf(await ask(chainsText(names), [only ?? null]), names, only)
  const table: AuditTable = {
    table: names.table,
    chains,
    lines: (chain, after = 0) => linesOf(names, ask, chain, { after, filter: {} }),
    async beforeLast({ chain, last }, count) {
      if (count === 0) return last
      const text = `select position::text as found from ${names.records}
        where chain = $1 and position <= $2::bigint order by position desc offset $3::bigint limit 1`
      const [row] = await ask(text, [chain, String(last), String(count)])
      return Number(row?.['found'] ?? 0)
    },
    async *records(filter = {}) {
      const isWanted = createMatcher(filter)
      for (const chain of await chains())
        for await (const line of linesOf(names, ask, chain, { after: 0, filter })) {
          const record = recordOf(line, names, chain)
          if (isWanted(record)) yield record
        }
    },
  }
  return table
}

/** @throws {CallgateError} ERR_AUDIT_INVALID, without a word of what the table holds */
async function answered<T>(answer: Promise<T>, names: Names, timeoutMs: number): Promise<T> {
  if (!(await settledWithin(answer, timeoutMs, systemTimers)))
    throw trailError(
      `table \`${names.table}\`: no answer within ${timeoutMs} ms: ask for less, such as by \`--since\``,
    )
  return answer.catch((error: unknown) => {
    const code = codeOf(error)?.slice(0, 32)
    throw trailError(`table \`${names.table}\`: ${WORDS[code ?? ''] ?? faultOf(code)}`)
  })
}

const WORDS: Readonly<Record<string, string>> = {
  '42P01': 'it is not there: name it by `--table`, or run `migratePostgres`',
  '42501': 'this user may not read it: `grant select`',
  '57014': 'PostgreSQL took too long: ask for less, such as by `--since`',
}

function faultOf(code: string | undefined): string {
  return code === undefined ? 'PostgreSQL did not answer' : `PostgreSQL answered \`${code}\``
}

/** One statement, so that head and last record are of one moment. Each name is one step in the index. */
function chainsText({ records, chains }: Names): string {
  return `with recursive names as (
    select min(chain) as chain from ${records}
    union all
    select (select min(chain) from ${records} where chain > names.chain) from names where names.chain is not null
  )
  select found.chain, head.position::text as position, head.hash, (
    select max(position)::text from ${records} record where record.chain = found.chain
  ) as last
  from (select chain from names where chain is not null union select chain from ${chains}) found
  left join ${chains} head on head.chain = found.chain
  where $1::text is null or found.chain = $1::text
  limit ${MOST_CHAINS + 1}`
}

function chainsOf(
  rows: readonly Row[],
  { table }: Names,
  only: string | undefined,
): readonly TableChain[] {
  if (rows.length > MOST_CHAINS)
    throw trailError(`table \`${table}\`: it has more than ${MOST_CHAINS} chains: name one`)
  if (only !== undefined && rows.length === 0)
    throw trailError(`table \`${table}\`: it has no chain \`${only}\``)
  const found = rows.map(({ chain, position, hash, last }): TableChain => {
    const head =
      position === null
        ? undefined
        : { position: Number(position), hash: typeof hash === 'string' ? hash : null }
    return { chain: String(chain), last: Number(last ?? 0), head }
  })
  // Not by the database, whose order depends on its language.
  return found.sort((one, other) => (one.chain < other.chain ? -1 : 1))
}

async function* linesOf(
  { records }: Names,
  ask: (text: string, parameters: readonly unknown[]) => Promise<readonly Row[]>,
  { chain, last }: TableChain,
  { after, filter }: { readonly after: number; readonly filter: RecordFilter },
): AsyncGenerator<TableLine> {
  const { where, parameters } = sqlFilter(filter, 4)
  const text = `select position::text as position, line from (
    select position, line, sum(octet_length(line)) over (order by position) - octet_length(line) as before
    from ${records}
    where chain = $1 and position > $2::bigint and position <= $3::bigint${where}
    order by position
    limit ${PAGE_RECORDS}
  ) page where before < ${PAGE_BYTES} order by page.position`
  for (let from = after; from < last; ) {
    const rows = await ask(text, [chain, String(from), String(last), ...parameters])
    for (const { position, line } of rows) yield { position: Number(position), text: String(line) }
    const end = rows.at(-1)?.['position']
    if (end === undefined) return
    from = Number(end)
  }
}

function recordOf({ text, position }: TableLine, names: Names, { chain }: TableChain): AuditRecord {
  const record = readRecord(text)
  if (typeof record !== 'string') return record
  throw trailError(`table \`${names.table}\`, chain \`${chain}\`, position ${position}: ${record}`)
}
