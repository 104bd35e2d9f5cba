import { isMap } from '../../json-kind.ts'
import type { JsonValue } from '../../model/json.ts'
import type { Path } from '../read/source.ts'
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
    schema = isMap(next) ? resolve(next, value) : undefined
  }
  return schema
}

/** The keys that the map at a path may have. */
export function keysAt(root: unknown, path: Path): readonly string[] {
  const properties = schemaAt(root, path)?.['properties']
  return isMap(properties) ? Object.keys(properties) : []
}

function memberOf(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
  return (value as Record<string | number, unknown>)[step] // an object that has the key
}

function memberOfSchema(schema: Schema, step: string): JsonValue | undefined {
  const { properties } = schema
  return isMap(properties) && Object.hasOwn(properties, step) ? properties[step] : undefined
}

/** Follows references and chooses between `then` and `else`, which test nothing but the type. */
function resolve(schema: Schema, value: unknown): Schema {
  const { $ref } = schema
  if (typeof $ref === 'string') {
    const definitions = POLICY_SCHEMA['definitions']
    const named = isMap(definitions) ? definitions[$ref.slice('#/definitions/'.length)] : undefined
    return isMap(named) ? resolve(named, value) : schema
  }
  const test = schema['if']
  if (!isMap(test)) return schema
  const branch = test['type'] === typeOf(value) ? schema['then'] : schema['else']
  return isMap(branch) ? { ...schema, if: null, ...resolve(branch, value) } : schema
}

/** The type of a value as JSON Schema names it. */
export function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
