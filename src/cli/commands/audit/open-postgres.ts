import type { PostgresClient } from '../../../audit/postgres/client.ts'
import { trailError } from '../../../audit/query/trail-error.ts'
import { CallgateError } from '../../../core/model/errors.ts'

/** A connection of the command's own. */
export interface OpenPostgres {
  readonly client: PostgresClient
  end(): Promise<void>
}

const CONNECT_MS = 10_000
/** The server gives up before whoever asks does. */
const STATEMENT_MS = 55_000

/**
 * Connects to PostgreSQL with the package `pg`. The URL may hold a password: no error has a part of it.
 * @throws {CallgateError} ERR_PACKAGE_UNAVAILABLE without `pg`, ERR_AUDIT_INVALID where nothing answers
 */
export async function openPostgres(url: string): Promise<OpenPostgres> {
  const { Client } = await loadClient()
  try {
    const client = new Client({
      connectionString: url,
      application_name: 'callgate audit',
      connectionTimeoutMillis: CONNECT_MS,
      statement_timeout: STATEMENT_MS,
    })
    // A connection that is lost is told of by the next question.
    client.on('error', () => undefined)
    await client.connect()
    return { client, end: () => client.end() }
  } catch (error) {
    const code = (error as { code?: unknown } | null)?.code
    if (code === '3D000')
      throw trailError('PostgreSQL has no database of that name: look at `--postgres`')
    const answer = typeof code === 'string' ? `: \`${code.slice(0, 32)}\`` : ''
    throw trailError(
      `PostgreSQL cannot be reached${answer}: look at the address, the user and the password of \`--postgres\``,
    )
  }
}

async function loadClient(): Promise<{ readonly Client: typeof import('pg').Client }> {
  try {
    return (await import('pg')).default
  } catch (cause) {
    throw new CallgateError(
      'ERR_PACKAGE_UNAVAILABLE',
      'to read PostgreSQL needs the package `pg`: install it beside callgate: `npm install pg`',
      { cause },
    )
  }
}
