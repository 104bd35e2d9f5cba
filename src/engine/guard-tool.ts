import type { CallRequest, Subject } from '../core/model/call.ts'
import { CallgateError } from '../core/model/errors.ts'
import { andThen, isPromise, type JsonObject, type MaybePromise } from '../core/model/json.ts'
import { resourceNameFault } from '../core/names.ts'
import { snapshot } from '../core/snapshot.ts'
import type { PolicyEngine } from './create-policy-engine.ts'
import { DEFAULT_LIMITS } from './options.ts'
import { type JsonSchema, type Parse, parserOf, type StandardSchema } from './tool-schema.ts'

/** What a `subject` or `session` option given as a function is told. */
export interface ToolContext<A> {
  readonly name: string
  readonly arguments: A
}

/** What is said of every call of a guarded function, beside its name and arguments. */
export interface GuardToolOptions<A = unknown, I = unknown, R = unknown, O = unknown>
  extends Partial<Omit<CallRequest, 'resource' | 'arguments' | 'subject' | 'session'>> {
  readonly session?: string | ((context: ToolContext<A>) => string)
  readonly subject?: Subject | ((context: ToolContext<A>) => Subject)
  /**
   * What the function takes: a Standard Schema (zod 4, valibot, arktype) or a JSON Schema. Arguments
   * are validated before they are judged; what the schema makes of them is what is judged.
   */
  readonly input?: StandardSchema<I, A> | JsonSchema
  /**
   * What the function gives: validated before it is looked at, and again where something was taken
   * out of it.
   */
  readonly output?: StandardSchema<R, O> | JsonSchema
}

/**
 * Puts the engine in front of a function of one plain object. The guarded function gets the frozen
 * arguments that were judged, and rejects with CallDeniedError where the policy forbids the call.
 * Session and subject come from `options`, or from `engine.run`.
 *
 * With `input` and `output` it rejects with ERR_INPUT_INVALID before anything is judged, and with
 * ERR_OUTPUT_INVALID after the function has run; neither error repeats a value.
 */
export function guardTool<A extends object, R, I = A, O = R>(
  name: string,
  run: (args: A) => R | Promise<R>,
  engine: PolicyEngine,
  options: GuardToolOptions<A, I, R, O> = {},
): (args: I) => Promise<O> {
  checkOptions(name, run, engine, options)
  const { session, subject, input, output, ...rest } = options
  const parse = input === undefined ? undefined : inputParser(name, input)
  const parseOutput =
    output === undefined
      ? undefined
      : parserOf(output, `results of \`${name}\``, 'ERR_OUTPUT_INVALID')
  const call = async (args: A): Promise<unknown> => {
    const context = { name, arguments: args }
    const request = {
      ...rest,
      session: typeof session === 'function' ? session(context) : session,
      subject: typeof subject === 'function' ? subject(context) : subject,
      resource: name,
      arguments: args as unknown as JsonObject, // checked by the engine's snapshot
    } as CallRequest // the engine reads it as unknown
    const dispatch = (settled: JsonObject): MaybePromise<R> => run(settled as unknown as A) // what was judged
    return parseOutput === undefined
      ? engine.guard(request, dispatch)
      : withOutput(engine, request, dispatch, parseOutput)
  }
  return async (args) => {
    const parsed = parse === undefined ? args : parse(args)
    // No tick between parsing and judging where the schema is synchronous.
    const value = isPromise(parsed) ? await parsed : parsed
    return call(value as A) as Promise<O> // by the schemas, or by their absence
  }
}

/** JSON Schemas judge values as they stand: the snapshot that is validated is the one that is judged. */
function inputParser(name: string, schema: StandardSchema | JsonSchema): Parse {
  const parse = parserOf(schema, `the arguments of \`${name}\``, 'ERR_INPUT_INVALID')
  if ('~standard' in schema) return parse
  return (args) => {
    const taken = snapshot(args, LIMITS)
    // The engine says what is wrong with it.
    return taken.ok ? parse(taken.value) : args
  }
}

const LIMITS = {
  maxDepth: DEFAULT_LIMITS.maxArgumentDepth,
  maxNodes: DEFAULT_LIMITS.maxArgumentValues,
  maxSize: DEFAULT_LIMITS.maxArgumentSize,
}

/** INVARIANT: what the function promises holds of what is handed on, whatever was taken out of it. */
async function withOutput(
  engine: PolicyEngine,
  request: CallRequest,
  dispatch: (args: JsonObject) => MaybePromise<unknown>,
  parse: Parse,
): Promise<unknown> {
  let promised: unknown
  const settled = await engine.guard(request, (args) =>
    andThen(dispatch(args), (value) =>
      andThen(parse(value), (parsed) => {
        promised = parsed
        return parsed
      }),
    ),
  )
  if (settled !== promised) await parse(settled)
  return settled
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
  'input',
  'output',
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
