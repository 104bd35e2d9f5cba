import type { CompiledConstraint, Judgement } from '../constraints/constraint.ts'
import { isPromise, type JsonObject } from '../model/json.ts'
import type { EffectContext } from './effect.ts'
import { EffectFault } from './fault.ts'

/** What a constraint says of values: the one judge of what an effect may leave as it is. */
export function judgeNow(
  constraint: CompiledConstraint,
  args: JsonObject,
  { resource, ports }: EffectContext,
): Judgement {
  // No effect asks what the time is.
  const judged = constraint.judge({ arguments: args, resource, at: 0, ports })
  if (isPromise(judged)) throw new EffectFault('could not be judged at once: try again')
  return judged
}
