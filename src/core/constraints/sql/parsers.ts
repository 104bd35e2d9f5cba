import type { SqlDialect } from '../../model/call.ts'
import { CallgateError } from '../../model/errors.ts'
import type { SqlParsers } from '../constraint.ts'

/** What we use of `libpg-query`. */
interface PostgresParser {
  loadModule(): Promise<void>
  parseSync(sql: string): unknown
}

/**
 * PostgreSQL's own parser, as WebAssembly, loaded when first needed; the other dialects need none.
 * `load` rejects with `ERR_PARSER_UNAVAILABLE`, and tries again when called again.
 */
export function createSqlParsers(): SqlParsers {
  let parser: PostgresParser | undefined
  let loading: Promise<void> | undefined
  const loadPostgres = async (): Promise<void> => {
    try {
      const module = await importPostgres()
      await module.loadModule()
      parser = module
    } catch (cause) {
      loading = undefined
      throw new CallgateError('ERR_PARSER_UNAVAILABLE', '`libpg-query` could not be loaded', {
        cause,
      })
    }
  }
  return {
    ready: (dialect) => !isParsed(dialect) || parser !== undefined,
    load(dialect) {
      if (!isParsed(dialect)) return Promise.resolve()
      loading ??= loadPostgres()
      return loading
    },
    parse(_dialect, sql) {
      if (parser === undefined)
        throw new CallgateError('ERR_PARSER_UNAVAILABLE', '`libpg-query` is not loaded yet')
      return parser.parseSync(sql)
    },
  }
}

/** True for a dialect whose parser confirms what the lexer found. */
export function isParsed(dialect: SqlDialect): boolean {
  return dialect === 'postgresql'
}

// A CommonJS module: where its names are not seen from outside, they are on `default`.
async function importPostgres(): Promise<PostgresParser> {
  const module: PostgresParser & { readonly default?: PostgresParser } = await import('libpg-query')
  return typeof module.parseSync === 'function' ? module : (module.default ?? module)
}
