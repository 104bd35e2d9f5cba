import type { _, Ajv, KeywordCxt } from 'ajv'
import { canonicalJson } from '../../hash.ts'
import { isList, isMap } from '../../json-kind.ts'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import { type Budget, spend } from './budget.ts'

/** Counts the work of a validator, and ends it by a `RangeError` when the budget is spent. */
export interface SchemaMeter {
  /** What the current validation may cost; undefined: nothing is counted. */
  budget: Budget | undefined
}

// Not a name that a schema of others uses.
const STEP = 'callgate:step'
// Measured with references that branch, whose errors are copied.
const STEPS_PER_KEYWORD = 16
const MEMBER_SCHEMAS = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
])
const SCHEMAS = new Set([
  'items',
  'prefixItems',
  'additionalItems',
  'unevaluatedItems',
  'contains',
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'contentSchema',
])

/** Takes steps from the current budget. */
export function spendSteps({ budget }: SchemaMeter, steps: number): void {
  if (budget !== undefined && !spend(budget, steps)) throw new RangeError('too much to validate')
}

/**
 * A schema whose every part counts what it costs each time it is applied: so neither a wide schema
 * over a long list nor references that go round, or branch, take longer than the budget.
 */
export function meteredSchema(schema: JsonObject): JsonObject {
  const parts = Object.entries(schema).map(([key, value]) => [key, meteredPart(key, value)])
  return { ...Object.fromEntries(parts), [STEP]: STEPS_PER_KEYWORD * weightOf(schema) }
}

/**
 * Teaches Ajv to count, and to tell unique items in time linear in their size. `first` is the first
 * keyword of the draft that applies a schema.
 */
export function addMeteredKeywords(
  ajv: Ajv,
  code: typeof _,
  first: string,
  meter: SchemaMeter,
): void {
  const step = (weight: number, data: JsonValue) => spendSteps(meter, weight + sizeOf(data))
  ajv.addKeyword({
    keyword: STEP,
    // What fails is not read to the end, so it counts before it can.
    before: first,
    schemaType: 'number',
    code({ gen, schema, data }: KeywordCxt) {
      gen.code(code`${gen.scopeValue('func', { ref: step })}(${schema}, ${data})`)
    },
  })
  ajv.removeKeyword('uniqueItems')
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    errors: false,
    validate: (isWanted: boolean, list: readonly JsonValue[]) => !isWanted || isUnique(list, meter),
  })
}

function meteredPart(key: string, value: JsonValue): JsonValue {
  if (SCHEMAS.has(key)) return isList(value) ? value.map(metered) : metered(value)
  if (!MEMBER_SCHEMAS.has(key) || !isMap(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, metered(part)]))
}

function metered(value: JsonValue): JsonValue {
  return isMap(value) ? meteredSchema(value) : value
}

// Keywords and their direct members. Ajv copies the errors of all branches before, at each.
function weightOf(schema: JsonObject): number {
  return Object.entries(schema).reduce((sum, [key, value]) => {
    if (isMap(value)) return sum + 1 + Object.keys(value).length
    if (!isList(value)) return sum + 1
    return sum + 1 + value.length * (SCHEMAS.has(key) ? 1 + value.length / 32 : 1)
  }, 0)
}

// What a keyword may go through: members of a list, keys of an object, characters of a text.
function sizeOf(data: JsonValue): number {
  if (typeof data === 'string' || isList(data)) return data.length
  return isMap(data) ? 5 * Object.keys(data).length : 0
}

function isUnique(list: readonly JsonValue[], meter: SchemaMeter): boolean {
  const scalars = new Set<JsonValue>()
  const texts = new Set<string>()
  for (const member of list) {
    if (typeof member !== 'object' || member === null) scalars.add(member)
    else {
      const text = canonicalJson(member)
      spendSteps(meter, 5 * text.length)
      texts.add(text)
    }
  }
  spendSteps(meter, 5 * list.length)
  return scalars.size + texts.size === list.length
}
