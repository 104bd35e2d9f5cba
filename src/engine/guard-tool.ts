import type { CallRequest, Subject } from '../core/model/call.ts'
import { CallgateError } from '../core/model/errors.ts'
import type { JsonObject } from '../core/model/json.ts'
import { resourceNameFault } from '../core/names.ts'
import type { PolicyEngine } from './create-policy-engine.ts'

/** What a `subject` or `session` option given as a function is told. */
export interface ToolContext<A> {
  readonly name: string
  readonly arguments: A
}

/** What is said of every call of a guarded function, beside its name and arguments. */
export interface GuardToolOptions<A = unknown>
  extends Partial<Omit<CallRequest, 'resource' | 'arguments' | 'subject' | 'session'>> {
  readonly session?: string | ((context: ToolContext<A>) => string)
  readonly subject?: Subject | ((context: ToolContext<A>) => Subject)
}

/**
 * Puts the engine in front of a function of one plain object. The guarded function gets the frozen
 * arguments that were judged, and rejects with CallDeniedError where the policy forbids the call.
 * Session and subject come from `options`, or from `engine.run`.
 */
export function guardTool<A extends object, R>(
  name: string,
  run: (args: A) => R | Promise<R>,
  engine: PolicyEngine,
  options: GuardToolOptions<A> = {},
): (args: A) => Promise<R> {
  checkOptions(name, run, engine, options)
  return async (args) => {
    const context = { name, arguments: args }
    const { session, subject, ...rest } = options
    const request = {
      ...rest,
      session: typeof session === 'function' ? session(context) : session,
      subject: typeof subject === 'function' ? subject(context) : subject,
      resource: name,
      arguments: args as unknown as JsonObject, // checked by the engine's snapshot
    }
    return engine.guard<R>(request as CallRequest, (settled) => run(settled as unknown as A))
  }
}

const KNOWN_OPTIONS = new Set<string>([
  'session',
  'subject',
  'verb',
  'server',
  'scope',
  'credentials',
  'task',
  'ids',
  'trace',
  'parent',
  'signal',
] satisfies (keyof GuardToolOptions)[])

/** What is wrong is said when the tool is guarded, not at its first call. */
function checkOptions(name: string, run: unknown, engine: unknown, options: object): void {
  const fail = (message: string): never => {
    throw new CallgateError('ERR_OPTIONS_INVALID', message)
  }
  const fault = resourceNameFault(name)
  if (fault !== undefined) fail(fault)
  if (typeof run !== 'function') fail('`guardTool` takes the function to guard')
  const hasGuard = typeof (engine as PolicyEngine | undefined)?.guard === 'function'
  if (!hasGuard) fail('`guardTool` takes an engine made by `createPolicyEngine`')
  for (const key of Object.keys(options))
    if (!KNOWN_OPTIONS.has(key)) fail(`unknown option \`${key}\` of \`guardTool\``)
}
