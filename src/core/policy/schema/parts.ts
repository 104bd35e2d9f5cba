import type { JsonObject, JsonValue } from '../../model/json.ts'

/**
 * Small words to write the schema with. `x-problem` names the problem kind of a value that is of the
 * right type but not well formed; validators that do not know it ignore it.
 */
export type Schema = JsonObject

export const MAX_SAFE = Number.MAX_SAFE_INTEGER

export function text(description: string, more: Schema = {}): Schema {
  return { type: 'string', description, ...more }
}

export function word(description: string, values: readonly string[], more: Schema = {}): Schema {
  return { type: 'string', enum: values, description, ...more }
}

export function flag(description: string, byDefault?: boolean): Schema {
  return {
    type: 'boolean',
    description,
    ...(byDefault === undefined ? {} : { default: byDefault }),
  }
}

/** A whole number of at least `minimum`. */
export function count(description: string, minimum = 1, more: Schema = {}): Schema {
  return { type: 'integer', minimum, maximum: MAX_SAFE, description, ...more }
}

export function number(description: string, more: Schema = {}): Schema {
  return { type: 'number', minimum: 0, maximum: MAX_SAFE, description, ...more }
}

/** More than nothing. */
export function positive(description: string, more: Schema = {}): Schema {
  return { type: 'number', exclusiveMinimum: 0, maximum: MAX_SAFE, description, ...more }
}

export function list(items: Schema, description: string, more: Schema = {}): Schema {
  return { type: 'array', items, description, ...more }
}

export function filled(items: Schema, description: string, more: Schema = {}): Schema {
  return list(items, description, { minItems: 1, ...more })
}

export function map(
  properties: Readonly<Record<string, Schema>>,
  description: string,
  required: readonly string[] = [],
  more: Schema = {},
): Schema {
  return {
    type: 'object',
    additionalProperties: false,
    properties,
    ...(required.length === 0 ? {} : { required }),
    description,
    ...more,
  }
}

/** One value, or a list of them. Told apart by type, so that a fault is reported once. */
export function oneOrMore(item: Schema, description: string): Schema {
  return {
    description,
    type: [...typesOf(item), 'array'],
    if: { type: 'array' },
    // `minItems` would be reported for every type without it.
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { minItems: 1, items: item },
    else: withoutType(item),
  }
}

/** A text, or an object with more to say. */
export function textOr(textSchema: Schema, object: Schema, description: string): Schema {
  return {
    description,
    type: ['string', 'object'],
    if: { type: 'object' },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: withoutType(object),
    else: withoutType(textSchema),
  }
}

function typesOf(schema: Schema): readonly JsonValue[] {
  const { type } = schema
  if (type === undefined) return []
  return Array.isArray(type) ? type : [type]
}

function withoutType(schema: Schema): Schema {
  const { type: _, ...rest } = schema
  return rest
}

/** `30s`, `5m`, `1h30m`, `2d`, or ISO 8601 without years and months, which have no one length. */
export const DURATION_PATTERN =
  '^(?=.*[1-9])(?:(?:[0-9]{1,9}(?:ms|s|m|h|d|w))+|P(?:[0-9]{1,9}W|(?=[0-9T])(?:[0-9]{1,9}D)?(?:T(?=[0-9])(?:[0-9]{1,9}H)?(?:[0-9]{1,9}M)?(?:[0-9]{1,9}S)?)?))$'

export function duration(description: string, more: Schema = {}): Schema {
  return {
    type: 'string',
    pattern: DURATION_PATTERN,
    'x-problem': 'bad_duration',
    description,
    examples: ['30s', '5m', '1h', 'PT15M'],
    ...more,
  }
}

/** Anything that JSON can say. */
export const ANYTHING: Schema = { description: 'Any value.' }
