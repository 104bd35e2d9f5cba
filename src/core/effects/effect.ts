import type { ConstraintPorts } from '../constraints/constraint.ts'
import type { ResourceEntry } from '../model/call.ts'
import type { JsonObject } from '../model/json.ts'

/** What an effect may look at besides the arguments. */
export interface EffectContext {
  readonly resource: ResourceEntry
  readonly ports: ConstraintPorts
}

/**
 * One way to make a call safe. Pure, idempotent, and the same object where nothing changes; throws
 * an `EffectFault` where it cannot be done surely.
 */
export type Effect = (args: JsonObject, context: EffectContext) => JsonObject
