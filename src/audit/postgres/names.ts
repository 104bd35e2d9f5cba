import { refuseOption } from '../../core/option-checks.ts'

/** Names of what belongs to one table, quoted where they are identifiers. */
export interface Names {
  /** As it was given, for messages. */
  readonly table: string
  readonly records: string
  readonly chains: string
  readonly migrations: string
  readonly executions: string
  /** The function that adds rows. */
  readonly append: string
  /** Identifier of something in the same schema. */
  of(suffix: string): string
  /** The same without the schema: indexes and constraints are named so. */
  local(suffix: string): string
}

/** With the longest suffix it is within the 63 bytes of an identifier. */
const NAME = /^[a-z_][a-z0-9_]{0,39}$/

/**
 * Names go into statements, where parameters cannot stand: only plain ones are taken.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function namesOf(table: unknown): Names {
  const parts = typeof table === 'string' ? table.split('.') : []
  if (parts.length < 1 || parts.length > 2 || !parts.every((part) => NAME.test(part)))
    refuseOption(
      'table: it is a name of lower-case letters, digits and `_`, 40 at most, with a schema before it or without',
    )
  const name = parts.at(-1) ?? ''
  const schema = parts.length === 2 ? `"${parts[0]}".` : ''
  const of = (suffix: string): string => `${schema}"${name}${suffix}"`
  return {
    table: parts.join('.'),
    records: of(''),
    chains: of('_chains'),
    migrations: of('_migrations'),
    executions: of('_executions'),
    append: of('_append'),
    of,
    local: (suffix) => `"${name}${suffix}"`,
  }
}
