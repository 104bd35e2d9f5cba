import type { SqlParsers } from '../constraints/constraint.ts'
import { isParsed } from '../constraints/sql/parsers.ts'
import { sqlIntent } from '../constraints/sql-intent.ts'
import type { SqlDialect } from '../model/call.ts'
import type { Effect, EffectContext } from './effect.ts'
import { EffectFault } from './fault.ts'
import { limitPostgres } from './limit-postgres.ts'
import { limitByWords } from './limit-words.ts'
import { placesOrAliases, rewriteMembers } from './places.ts'

/** What all SQL of one call may have of characters: each is parsed up to five times. */
const MOST_CHARACTERS = 32_768

/** Sets or lowers the `LIMIT` of every SQL text, wherever `sql_intent` would judge one. */
export function limitRows(rows: number, fields: readonly string[]): Effect {
  const places = placesOrAliases(fields, sqlIntent)
  return (args, context) => {
    const limit = limiterOf(rows, context)
    let texts = 0
    let characters = 0
    const next = rewriteMembers(args, places, (value) => {
      if (value === null) return value
      if (typeof value !== 'string') throw new EffectFault('is not SQL in one text: give one')
      texts++
      characters += value.length
      if (characters > MOST_CHARACTERS) throw new EffectFault('is too long: send less SQL at once')
      return limit(value)
    })
    if (texts === 0)
      throw new EffectFault('there is no argument that holds SQL: give one, such as `sql`')
    return next
  }
}

/** The parser that must be loaded before rows are limited. */
export function parserNeeded({ resource, ports }: EffectContext): Promise<void> | undefined {
  const dialect = resource.sql_dialect
  if (dialect === undefined || !isParsed(dialect)) return undefined
  const parsers = ports.sqlParsers
  return parsers === undefined || parsers.ready(dialect) ? undefined : parsers.load(dialect)
}

function limiterOf(rows: number, { resource, ports }: EffectContext): (text: string) => string {
  const dialect = resource.sql_dialect
  switch (dialect) {
    case 'postgresql': {
      const parsers = readyParsers(ports.sqlParsers, dialect)
      return (text) => limitPostgres(text, rows, parsers)
    }
    case 'mysql':
    case 'mariadb':
    case 'sqlite':
      return (text) => limitByWords(text, rows, dialect)
    case undefined:
      throw new EffectFault('the SQL dialect is not known: set `sql_dialect` of the tool')
    default:
      throw new EffectFault(
        `rows of ${dialect} cannot be limited in the text: set a limit in the tool itself`,
      )
  }
}

function readyParsers(parsers: SqlParsers | undefined, dialect: SqlDialect): SqlParsers {
  if (parsers?.ready(dialect) === true) return parsers
  throw new EffectFault('the SQL parser is not there, so rows cannot be limited')
}
