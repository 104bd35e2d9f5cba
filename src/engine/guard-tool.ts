import type { CallRequest } from '../core/model/call.ts'
import { CallgateError } from '../core/model/errors.ts'
import type { JsonObject } from '../core/model/json.ts'
import type { PolicyEngine } from './create-policy-engine.ts'

/** What is said of every call of a guarded function, beside its name and arguments. */
export type GuardToolOptions = Partial<Omit<CallRequest, 'resource' | 'arguments'>>

/**
 * Puts the engine in front of a function of one plain object. The guarded function gets the frozen
 * arguments that were judged, and rejects with CallDeniedError where the policy forbids the call.
 * Session and subject come from `options`, or from `engine.run`.
 */
export function guardTool<A extends object, R>(
  name: string,
  run: (args: A) => R | Promise<R>,
  engine: PolicyEngine,
  options: GuardToolOptions = {},
): (args: A) => Promise<R> {
  if (typeof run !== 'function')
    throw new CallgateError('ERR_OPTIONS_INVALID', '`guardTool` takes the function to guard')
  return (args) => {
    const request = { ...options, resource: name, arguments: args as unknown as JsonObject } // checked by the engine's snapshot
    return engine.guard<R>(request as CallRequest, (settled) => run(settled as unknown as A))
  }
}
