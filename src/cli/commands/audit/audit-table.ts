import { type AuditTable, auditTable } from '../../../audit/postgres/read-table.ts'
import { type CommandContext, type OptionSpec, UsageError } from '../../command.ts'
import { openPostgres } from './open-postgres.ts'

/** Where a table is, for commands that else read files. */
export const TABLE_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'postgres',
    value: 'URL',
    summary:
      'a table of PostgreSQL instead of files; $CALLGATE_POSTGRES_URL where nothing is named',
  },
  { name: 'table', value: 'NAME', summary: 'the table there (callgate_audit)' },
  { name: 'chain', value: 'NAME', summary: 'only this chain of the table' },
]

const VARIABLE = 'CALLGATE_POSTGRES_URL'

/**
 * Opens the table that the command line names, and closes it behind `use`.
 * @throws {UsageError} where it is not plain what to read
 */
export async function withTable<T>(
  context: CommandContext,
  url: string,
  use: (table: AuditTable) => Promise<T>,
): Promise<T> {
  const { options } = context
  const [name, chain] = [options.text('table'), options.text('chain')]
  const { client, end } = await openPostgres(url)
  try {
    return await use(
      auditTable({
        client,
        ...(name === undefined ? {} : { table: name }),
        ...(chain === undefined ? {} : { chain }),
      }),
    )
  } finally {
    await end()
  }
}

/**
 * The address of the database, undefined where files are named.
 * @throws {UsageError} for both, for neither, and for what is no address; never with the address
 */
export function tableUrlOf({ options, positionals, env }: CommandContext): string | undefined {
  const given = options.text('postgres')
  if (positionals.length > 0) {
    const other = TABLE_OPTIONS.find(({ name }) => options.text(name) !== undefined)
    if (other === undefined) return undefined
    throw new UsageError(`\`--${other.name}\` and files do not go together`, 'leave out one')
  }
  const url = given ?? env[VARIABLE] ?? ''
  if (given === undefined && url === '')
    throw new UsageError(
      'nothing says what to read',
      `name files, or write \`--postgres URL\`, or set ${VARIABLE}`,
    )
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) return url
  throw new UsageError(
    `${given === undefined ? VARIABLE : '`--postgres`'} is not an address of PostgreSQL`,
    'write postgres://user:password@host:5432/database',
  )
}
