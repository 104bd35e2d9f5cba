import { type PostgresClient, type Row, rowsOf } from './client.ts'
import type { Batch, Head } from './links.ts'
import type { Names } from './names.ts'
import { APPEND_PARAMETERS } from './schema-append.ts'

/** Where a chain has got to, and the number of its last record, if it is there. */
export interface Claimed {
  readonly head: Head
  readonly lastSeq: number | undefined
}

/** What is done to one chain. */
export interface Chain {
  /**
   * Where the chain has got to. Until the next append, or for a moment, others that share it wait, and
   * what is still under way of before comes too late. Undefined: somebody else has it now.
   */
  claim(): Promise<Claimed | undefined>
  /** False where the chain has moved meanwhile. One statement: all rows or none. */
  append(batch: Batch): Promise<boolean>
  /** True where the batch is in the table, though nobody was told. */
  holds(batch: Batch): Promise<boolean>
}

/** Longer than an append takes; a writer that ends in between holds others up no longer. */
const CLAIM_MS = 1_000

export function createChain(client: PostgresClient, names: Names, chain: string): Chain {
  const appendText = appendOf(names)
  let writer = crypto.randomUUID()
  const claim = async (next: string): Promise<Row | undefined> => {
    const [row] = await rowsOf(client, claimOf(names), [chain, next, writer])
    return row
  }
  return {
    async claim() {
      const next = crypto.randomUUID()
      let row = await claim(next)
      if (row === undefined) {
        await client.query(
          `insert into ${names.chains} (chain, position) values ($1, 0) on conflict do nothing`,
          [chain],
        )
        row = await claim(next)
      }
      if (row === undefined) return undefined
      writer = next
      const head = headOf(row)
      const [found] = await rowsOf(client, lastOf(names), [chain, String(head.position)])
      expectWhole(head, found, `chain \`${chain}\` of \`${names.table}\``)
      const seq = found?.['seq'] ?? null
      return { head, lastSeq: seq === null ? undefined : Number(seq) }
    },
    async append(batch) {
      const [row] = await rowsOf(client, appendText, [chain, writer, ...batch.parameters])
      return row?.['moved'] === true
    },
    async holds({ head }) {
      const [row] = await rowsOf(client, lastOf(names), [chain, String(head.position)])
      return row?.['hash'] === head.hash
    },
  }
}

function headOf({ position, hash }: Row): Head {
  return { position: Number(position), hash: typeof hash === 'string' ? hash : null }
}

/** A chain whose last record is not where it was left must not be written on: that would hide it. */
export class ChainBrokenError extends Error {}

function expectWhole(head: Head, found: Row | undefined, chain: string): void {
  const last = found?.['last'] ?? null
  // None at all: old ones were dropped, which the next position shows.
  if (last === null || (Number(last) === head.position && found?.['hash'] === head.hash)) return
  throw new ChainBrokenError(
    `${chain} ends at ${Number(last)} and was left at ${head.position}, or its last record is another: ` +
      'look into it, and go on with a chain of another name',
  )
}

function claimOf({ chains }: Names): string {
  return `update ${chains}
    set writer = $2, claimed_until = clock_timestamp() + interval '${CLAIM_MS} ms'
    where chain = $1 and (writer is null or writer = $3 or claimed_until < clock_timestamp())
    returning position::text as position, hash`
}

/** A statement of its own: what another had under way is seen only by the next. */
function lastOf({ records }: Names): string {
  return `select
    (select hash from ${records} where chain = $1 and position = $2::bigint) as hash,
    (select seq::text from ${records} where chain = $1 and position = $2::bigint) as seq,
    (select max(position)::text from ${records} where chain = $1) as last`
}

/** The function of the schema: PostgreSQL keeps its plan, which costs more than many of its rows. */
function appendOf({ append }: Names): string {
  const values = Array.from({ length: APPEND_PARAMETERS.length }, (_, index) => `$${index + 1}`)
  return `select ${append}(${values.join(', ')}) as moved`
}
