import { CallgateError } from '../../core/model/errors.ts'
import { checkNames, refuseOption } from '../../core/option-checks.ts'
import { codeOf, type PostgresClient, rowsOf } from './client.ts'
import { type Names, namesOf } from './names.ts'
import { MIGRATIONS, type Partition } from './schema.ts'

export interface PostgresTableOptions {
  /** With a schema before it or without. @default 'callgate_audit' */
  readonly table?: string
  /**
   * `month`: one partition a month, so that old ones can be dropped. Counts when the table is made.
   * @default 'none'
   */
  readonly partition?: 'month' | 'none'
}

export const DEFAULT_TABLE = 'callgate_audit'

/** Partitions are made for this month and so many after it; records of others go to the default one. */
const MONTHS_AHEAD = 12

/**
 * Makes what is missing: tables, indexes, the view, partitions of the months to come. May be called
 * at any time and by several at once.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export async function migratePostgres(
  client: PostgresClient,
  options: PostgresTableOptions = {},
): Promise<void> {
  checkNames('migratePostgres', options, ['table', 'partition'])
  await migrate(client, namesOf(options.table ?? DEFAULT_TABLE), partitionOf(options.partition))
}

export function partitionOf(value: unknown): Partition {
  if (value === undefined || value === 'none') return 'none'
  return value === 'month' ? value : refuseOption("partition: it is 'month' or 'none'")
}

export async function migrate(
  client: PostgresClient,
  names: Names,
  partition: Partition,
): Promise<void> {
  // One statement, and so one transaction on one connection, whatever the client is.
  await client.query(block(names, partition))
}

/** @throws {CallgateError} ERR_OPTIONS_INVALID where the table is not there, or of an older version */
export async function expectMigrated(client: PostgresClient, names: Names): Promise<void> {
  const text = `select coalesce(max(version), 0)::int as version from ${names.migrations}`
  const version = await rowsOf(client, text).then(
    ([row]) => Number(row?.['version']),
    (error: unknown) => {
      if (codeOf(error) === UNDEFINED_TABLE) return 0
      throw error
    },
  )
  if (version < MIGRATIONS.length)
    throw new CallgateError(
      'ERR_OPTIONS_INVALID',
      `table \`${names.table}\` has version ${version}, this needs ${MIGRATIONS.length}: run \`migratePostgres\``,
    )
}
const UNDEFINED_TABLE = '42P01'

function block(names: Names, partition: Partition): string {
  const steps = MIGRATIONS.map(
    (migration, index) => `
  if not exists (select from ${names.migrations} where version = ${index + 1}) then
    ${migration(names, partition)
      .map((statement) => `${statement};`)
      .join('\n    ')}
    insert into ${names.migrations} (version) values (${index + 1});
  end if;`,
  )
  return `do $callgate$
declare
  month timestamp;
begin
  perform pg_advisory_xact_lock(hashtextextended('callgate migrate ${names.table}', 0));
  if to_regclass('${names.migrations}') is null then
    create table ${names.migrations} (
      version int primary key,
      applied_at timestamptz not null default now()
    );
  end if;
  ${steps.join('\n')}
  if (select relkind from pg_class where oid = to_regclass('${names.records}')) = 'p' then
    ${monthsOf(names)}
  end if;
end
$callgate$`
}

/** Months are those of UTC. One that has records in the default partition stays there. */
function monthsOf(names: Names): string {
  const name = names.records
  return `for ahead in 0..${MONTHS_AHEAD} loop
    month := date_trunc('month', now() at time zone 'UTC') + make_interval(months => ahead);
    begin
      execute format(
        'create table if not exists ${name.slice(0, -1)}_%s" partition of ${name} for values from (%L) to (%L)',
        to_char(month, 'YYYYMM'), month || 'Z', (month + interval '1 month') || 'Z'
      );
    exception when check_violation then null;
    end;
  end loop;`
}
