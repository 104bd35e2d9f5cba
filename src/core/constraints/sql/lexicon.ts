import type { SqlDialect } from '../../model/call.ts'

/** How a dialect's text falls into tokens. */
export interface Lexicon {
  readonly dialect: SqlDialect
  /** `unclear`: no engine to ask, so a comment in a comment is a fault. */
  readonly nestedComments: 'yes' | 'no' | 'unclear'
  /** The end of the text ends a block comment. */
  readonly openComments: boolean
  /** `//` begins a line comment. */
  readonly slashComments: boolean
  /** `--` begins a comment only before a blank. */
  readonly dashNeedsBlank: boolean
  /** The bodies of `/*!` comments are run. */
  readonly conditionalComments: boolean
  /** `\` in a string takes the next character with it. */
  readonly backslash: boolean
  /** Three quotes begin a text; then two are no quote within one, and a line ends one. */
  readonly tripleQuotes: boolean
  /** `\N` is a way to write `NULL`. */
  readonly backslashNull: boolean
  readonly doubleQuote: 'string' | 'name'
  /** `plain name`: no backslash in it, since it might be an escape. */
  readonly backquote: 'name' | 'plain name' | 'fault'
  /** `plain name`: the first `]` ends it, also where another follows. */
  readonly bracket: 'name' | 'plain name' | 'index' | 'fault'
  readonly braces: boolean
  readonly dollar: 'tagged' | 'plain' | 'parameter' | 'money' | 'word' | 'fault'
  readonly hash: 'comment' | 'operator' | 'word' | 'fault'
  readonly at: 'variable' | 'stage' | 'operator'
  /** `:name` is a parameter. */
  readonly colon: boolean
  /** A parameter goes on behind `::`, and in parentheses up to a blank, whatever they hold. */
  readonly longParameters: boolean
  /** A dot that begins a line is a command to the dialect's shell. */
  readonly dotCommands: boolean
  /** Form feed is a blank. */
  readonly formFeed: boolean
  /** Quoted names keep their case. */
  readonly exactNames: boolean
}

const STANDARD: Omit<Lexicon, 'dialect'> = {
  nestedComments: 'no',
  openComments: false,
  slashComments: false,
  dashNeedsBlank: false,
  conditionalComments: false,
  backslash: false,
  tripleQuotes: false,
  backslashNull: false,
  doubleQuote: 'name',
  backquote: 'fault',
  bracket: 'fault',
  braces: false,
  dollar: 'fault',
  hash: 'fault',
  at: 'variable',
  colon: true,
  longParameters: false,
  dotCommands: false,
  formFeed: false,
  exactNames: false,
}

const POSTGRESQL: Lexicon = {
  ...STANDARD,
  dialect: 'postgresql',
  nestedComments: 'yes',
  bracket: 'index',
  dollar: 'tagged',
  hash: 'operator',
  at: 'operator',
  formFeed: true,
  exactNames: true,
}

// The defaults of `sql_mode`: ANSI_QUOTES and NO_BACKSLASH_ESCAPES are off.
const MYSQL: Lexicon = {
  ...STANDARD,
  dialect: 'mysql',
  dashNeedsBlank: true,
  conditionalComments: true,
  backslash: true,
  backslashNull: true,
  doubleQuote: 'string',
  backquote: 'name',
  dollar: 'word',
  hash: 'comment',
  formFeed: true,
}

const SQLITE: Lexicon = {
  ...STANDARD,
  dialect: 'sqlite',
  openComments: true,
  backquote: 'name',
  bracket: 'plain name',
  dollar: 'parameter',
  longParameters: true,
  dotCommands: true,
  formFeed: true,
}

const TRANSACTSQL: Lexicon = {
  ...STANDARD,
  dialect: 'transactsql',
  nestedComments: 'yes',
  bracket: 'name',
  dollar: 'money',
  hash: 'word',
  colon: false,
}

const BIGQUERY: Lexicon = {
  ...STANDARD,
  dialect: 'bigquery',
  nestedComments: 'unclear',
  backslash: true,
  tripleQuotes: true,
  doubleQuote: 'string',
  backquote: 'plain name',
  bracket: 'index',
  hash: 'comment',
}

const SNOWFLAKE: Lexicon = {
  ...STANDARD,
  dialect: 'snowflake',
  nestedComments: 'unclear',
  slashComments: true,
  backslash: true,
  bracket: 'index',
  braces: true,
  dollar: 'plain',
  at: 'stage',
}

/**
 * @see the lexical chapters of the manuals; what PostgreSQL 15, MariaDB 10.11 and SQLite 3.40 do with
 * nested, open and conditional comments and with `\` was also tried on them
 */
export const LEXICONS: Readonly<Record<SqlDialect, Lexicon>> = {
  postgresql: POSTGRESQL,
  mysql: MYSQL,
  mariadb: { ...MYSQL, dialect: 'mariadb' },
  sqlite: SQLITE,
  transactsql: TRANSACTSQL,
  bigquery: BIGQUERY,
  snowflake: SNOWFLAKE,
}
