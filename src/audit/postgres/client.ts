/** What is used of a client: a Pool or Client of `pg`, PGlite, and what else has a `query` like theirs. */
export interface PostgresClient {
  query(text: string, parameters?: unknown[]): PromiseLike<{ readonly rows: readonly unknown[] }>
}

/** A row of an answer, of which nothing is known yet. */
export type Row = Readonly<Record<string, unknown>>

export async function rowsOf(
  client: PostgresClient,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const { rows } = await client.query(text, [...parameters])
  return rows as readonly Row[]
}

/** SQLSTATE, or the code of a fault of the network. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code
  return typeof code === 'string' ? code : undefined
}

/**
 * Classes of SQLSTATE that another try may mend: connection, rollback, resources, state of objects,
 * operator intervention, system. What has none of this form is a fault of the network.
 */
const PASSING = new Set(['08', '40', '53', '55', '57', '58'])

export function mayPass(error: unknown): boolean {
  const code = codeOf(error)
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code)) return true
  return PASSING.has(code.slice(0, 2))
}

/** Data or a constraint: a fault of some record, of which others of the batch know nothing. */
export function isOfRecord(error: unknown): boolean {
  return /^2[23][0-9A-Z]{3}$/.test(codeOf(error) ?? '')
}
