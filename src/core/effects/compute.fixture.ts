import type { ConstraintPorts } from '../constraints/constraint.ts'
import type { ResourceEntry, SqlDialect } from '../model/call.ts'
import { isPromise, type JsonObject } from '../model/json.ts'
import { applyCompute, type Computed } from './apply-compute.ts'

export function resourceOf(dialect?: SqlDialect): ResourceEntry {
  return {
    name: 'test.tool',
    kind: 'tool',
    server: 'test',
    listed: true,
    scope: undefined,
    tags: [],
    payload_class: undefined,
    sql_dialect: dialect,
    tier: undefined,
  }
}

/** Applies a section at once. */
export function computed(
  compute: JsonObject,
  args: JsonObject,
  ports: ConstraintPorts = {},
  dialect?: SqlDialect,
): Computed {
  const result = applyCompute(compute, { arguments: args, resource: resourceOf(dialect), ports })
  if (isPromise(result)) throw new Error('the answer is not there at once')
  return result
}

/** The new arguments, or why there are none. */
export function outcome(compute: JsonObject, args: JsonObject): JsonObject | string {
  const result = computed(compute, args)
  return result.fault === undefined ? result.arguments : result.fault
}
