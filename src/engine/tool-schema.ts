import { newBudget } from '../core/constraints/support/budget.ts'
import {
  LONGEST_SCHEMA,
  readSchema,
  type SchemaFailure,
} from '../core/constraints/support/schema-validator.ts'
import { shownPath } from '../core/constraints/values.ts'
import { CallgateError } from '../core/model/errors.ts'
import {
  andThen,
  isPromise,
  type JsonObject,
  type JsonValue,
  type MaybePromise,
} from '../core/model/json.ts'
import { within } from './wait.ts'

/** A schema of zod 4, valibot, arktype and others. @see https://standardschema.dev */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => MaybePromise<StandardResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] }

export interface StandardIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** A JSON Schema of draft 2020-12, or draft-07 where its `$schema` says so. */
export interface JsonSchema {
  readonly '~standard'?: never
  readonly [keyword: string]: unknown
}

/** What tools say of what they take and give: of both, types are inferred from the first alone. */
export type ToolSchema<Input = unknown, Output = Input> = StandardSchema<Input, Output> | JsonSchema

/** What a value is by a schema: itself with defaults filled in, or an error that never repeats it. */
export type Parse = (value: unknown) => MaybePromise<unknown>

type Code = 'ERR_INPUT_INVALID' | 'ERR_OUTPUT_INVALID'

const TIMEOUT_MS = 5_000
const MAX_ISSUES = 5
const MAX_WORDS = 120

/**
 * @param what is at the beginning of messages, such as "the arguments of `db.read`"
 * @throws {CallgateError} ERR_OPTIONS_INVALID where it is no schema
 */
export function parserOf(schema: unknown, what: string, code: Code): Parse {
  if (isStandardSchema(schema)) return (value) => parseStandard(schema, value, what, code)
  if (!isJsonSchema(schema))
    throw new CallgateError(
      'ERR_OPTIONS_INVALID',
      `the schema of ${what} is a Standard Schema (zod 4, valibot, arktype) or a JSON Schema of at most ${LONGEST_SCHEMA} characters`,
    )
  return (value) => parseJson(schema, value, what, code)
}

function isStandardSchema(schema: unknown): schema is StandardSchema {
  // arktype's schemas are functions.
  if ((typeof schema !== 'object' && typeof schema !== 'function') || schema === null) return false
  const standard: unknown = '~standard' in schema ? schema['~standard'] : undefined
  return typeof (standard as { validate?: unknown } | undefined)?.validate === 'function'
}

function isJsonSchema(schema: unknown): schema is JsonObject {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return false
  try {
    return JSON.stringify(schema).length <= LONGEST_SCHEMA
  } catch {
    return false
  }
}

function parseStandard(
  schema: StandardSchema,
  value: unknown,
  what: string,
  code: Code,
): MaybePromise<unknown> {
  const fail = (said: string, cause?: unknown): never => {
    throw new CallgateError(code, `${what} ${said}`, { cause })
  }
  const read = (result: StandardResult<unknown>): unknown =>
    result.issues === undefined
      ? result.value
      : fail(`are not as declared: ${issuesText(result.issues)}`)
  let result: MaybePromise<StandardResult<unknown>>
  try {
    result = schema['~standard'].validate(value)
  } catch {
    // Its message may repeat the value.
    return fail('could not be validated: the schema threw')
  }
  if (!isPromise(result)) return read(result)
  const late = (): never => fail(`could not be validated within ${TIMEOUT_MS} ms`)
  const settled = within(result, TIMEOUT_MS, late).catch((error: unknown) =>
    error instanceof CallgateError ? Promise.reject(error) : fail('could not be validated'),
  )
  return andThen(settled, read)
}

function issuesText(issues: readonly StandardIssue[]): string {
  const shown = issues.slice(0, MAX_ISSUES).map(issueText)
  const more = issues.length - shown.length
  return shown.join('; ') + (more > 0 ? `; and ${more} more` : '')
}

/** INVARIANT: messages of libraries may repeat the value, so they are not read: only what was expected is. */
function issueText(issue: StandardIssue): string {
  const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part))
  const place = path.length === 0 ? '' : `\`${shownPath(path.join('.'))}\``
  const said = expectedOf(issue as unknown as Readonly<Record<string, unknown>>) // more than the standard asks for
  return place === '' ? said : `${place}: ${said}`
}

/** zod, valibot and arktype say it by different names; all of them come from the schema. */
const BOUNDS = ['minimum', 'maximum', 'format', 'divisor', 'requirement'] as const

function expectedOf({
  expected,
  code,
  type,
  values,
  ...rest
}: Readonly<Record<string, unknown>>): string {
  const bounds = BOUNDS.flatMap((name) => {
    const bound = rest[name]
    return ['string', 'number', 'bigint'].includes(typeof bound) ? [`${name} ${bound}`] : []
  })
  const words = [
    ...(typeof expected === 'string' ? [expected] : []),
    ...(Array.isArray(values) ? [`one of ${values.map(String).join(', ')}`] : []),
    ...(typeof expected === 'string' ? [] : bounds),
  ]
  const name = code ?? type
  const rule = typeof name === 'string' ? ruleOf(name) : 'a valid value'
  return `expected ${cut(words.length === 0 ? rule : words.join(', '))}`
}

function parseJson(schema: JsonObject, value: unknown, what: string, code: Code): unknown {
  const reading = readSchema(schema)
  if (reading.kind === 'fault')
    throw new CallgateError('ERR_OPTIONS_INVALID', `the schema of ${what}: ${reading.message}`)
  if (reading.kind === 'no_code')
    throw new CallgateError(
      'ERR_PARSER_UNAVAILABLE',
      `the schema of ${what} cannot be used where code may not be generated: use a Standard Schema`,
    )
  const failure = validated(() => reading.validate(value as JsonValue, newBudget())) // Ajv takes any value
  if (failure === undefined) return value
  throw new CallgateError(code, `${what} ${failure}`)
}

function validated(validate: () => SchemaFailure | undefined): string | undefined {
  try {
    const failure = validate()
    if (failure === undefined) return undefined
    const { place, keyword, asked } = failure
    const at = place === '' ? '' : `\`${shownPath(place)}\`: `
    const said = asked === undefined ? ruleOf(keyword) : `${keyword}: ${asked}`
    return `are not as declared: ${at}expected ${cut(said)}`
  } catch {
    return 'could not be validated: they are too large, or cannot be read'
  }
}

function ruleOf(name: string): string {
  return `what \`${name}\` asks for`
}

function cut(words: string): string {
  return words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)}...` : words
}
