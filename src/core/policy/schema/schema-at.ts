import type { JsonValue } from '../../model/json.ts'
import type { Path } from '../source.ts'
import type { Schema } from './parts.ts'
import { POLICY_SCHEMA } from './policy.ts'

/**
 * The part of the schema that speaks of the value at a path, given the whole value: which words it
 * may have, which problem its faults are. Undefined where the schema says nothing.
 */
export function schemaAt(root: unknown, path: Path): Schema | undefined {
  let schema: Schema | undefined = resolve(POLICY_SCHEMA, root)
  let value: unknown = root
  for (const step of path) {
    if (schema === undefined) return undefined
    value = memberOf(value, step)
    const next: JsonValue | undefined =
      typeof step === 'number'
        ? schema['items']
        : (memberOfSchema(schema, step) ?? schema['additionalProperties'])
    schema = isSchema(next) ? resolve(next, value) : undefined
  }
  return schema
}

/** The keys that the map at a path may have. */
export function keysAt(root: unknown, path: Path): readonly string[] {
  const properties = schemaAt(root, path)?.['properties']
  return isSchema(properties) ? Object.keys(properties) : []
}

function memberOf(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
  return (value as Record<string | number, unknown>)[step] // an object that has the key
}

function memberOfSchema(schema: Schema, step: string): JsonValue | undefined {
  const { properties } = schema
  return isSchema(properties) && Object.hasOwn(properties, step) ? properties[step] : undefined
}

/** Follows references and chooses between `then` and `else`, which test nothing but the type. */
function resolve(schema: Schema, value: unknown): Schema {
  const { $ref } = schema
  if (typeof $ref === 'string') {
    const definitions = POLICY_SCHEMA['definitions']
    const named = isSchema(definitions)
      ? definitions[$ref.slice('#/definitions/'.length)]
      : undefined
    return isSchema(named) ? resolve(named, value) : schema
  }
  const test = schema['if']
  if (!isSchema(test)) return schema
  const branch = test['type'] === typeOf(value) ? schema['then'] : schema['else']
  return isSchema(branch) ? { ...schema, if: null, ...resolve(branch, value) } : schema
}

function isSchema(value: JsonValue | undefined): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The type of a value as JSON Schema names it. */
export function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
