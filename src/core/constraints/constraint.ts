import type { ResourceEntry, SqlDialect } from '../model/call.ts'
import type { ProblemKind } from '../model/errors.ts'
import type { JsonObject, JsonValue, MaybePromise } from '../model/json.ts'
import type { RealPath } from '../model/ports.ts'

/**
 * What one or more values were found to be. Bits, so that the findings of all values, aliases and
 * array members are OR-ed and none can hide another:
 * an allow rule needs `INSIDE` alone; a deny rule fires unless the answer is `OUTSIDE` alone.
 */
export type Standing = number
export const INSIDE = 1
export const OUTSIDE = 2
export const UNSURE = 4
/** No value was there and the constraint is permissive: an allow passes, a deny does not fire. */
export const NOTHING = 0

/** How a call stands to one constraint. `detail` says what was found, without any argument's value. */
export interface Judgement {
  readonly standing: Standing
  readonly detail: string
}

/** What is judged. Everything a constraint may need from outside is handed in here. */
export interface ConstraintInput {
  readonly arguments: JsonObject
  readonly resource: ResourceEntry
  /** Epoch milliseconds. */
  readonly at: number
  readonly ports: ConstraintPorts
}

export interface ConstraintPorts {
  readonly realpath?: RealPath
  readonly sqlParsers?: SqlParsers
}

/** Real parsers, loaded when first needed. A judge that needs one that is not there yet returns a promise. */
export interface SqlParsers {
  ready(dialect: SqlDialect): boolean
  load(dialect: SqlDialect): Promise<void>
  /** Parses PostgreSQL; throws on a syntax error. Only after `load`. */
  parse(dialect: SqlDialect, sql: string): unknown
}

/** As the file says it: the list form of the source documents, or an object. */
export type ConstraintConfig = readonly JsonValue[] | JsonObject

export interface CompiledConstraint {
  readonly kind: string
  /** SQL parsers it will need for a tool, so that `engine.ready()` can load them. */
  needs?(resource: ResourceEntry | undefined): readonly SqlDialect[]
  judge(input: ConstraintInput): MaybePromise<Judgement>
}

/** Reports a fault of a config. `path` leads from the constraint's value to the fault. */
export type ReportFault = (
  kind: ProblemKind,
  path: readonly (string | number)[],
  message: string,
  hint?: string,
) => void

/** One kind of constraint. Members: one file each, listed in `index.ts`. */
export interface ConstraintKind {
  readonly kind: string
  /** One sentence for the reference page. */
  readonly summary: string
  /** Arguments it looks at where the config names no `field`; compared without case, `_` and `-`. */
  readonly aliases: readonly string[]
  /**
   * Words that tell such an argument where its name ends in one, as `repo_path` does in `path`: the
   * names that tools give their arguments are no closed list. Absent: none.
   */
  readonly words?: readonly string[]
  /** JSON Schema of the object form; `allow` and `items` describe what a list may hold. */
  readonly schema: JsonObject
  /** JSON Schema of the list form's members; undefined where there is no list form. */
  readonly listItems: JsonObject | undefined
  /** Reports what the schema cannot say. Called only for configs of the right shape. */
  check(config: ConstraintConfig, report: ReportFault): void
  compile(config: ConstraintConfig): CompiledConstraint
}
