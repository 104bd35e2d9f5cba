import type { Subject } from '../core/model/call.ts'
import { CallgateError } from '../core/model/errors.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'

/** One call of a tool, as a framework is about to make it. */
export interface FrameworkCall {
  /** What the framework calls the tool. */
  readonly name: string
  readonly arguments: unknown
  /** The framework's own id of the call. */
  readonly id: string | undefined
  /** The server of the tool, where the framework says it. */
  readonly server?: string | undefined
  /** The framework's own id of the conversation, where it has one. */
  readonly session?: string | undefined
  readonly signal: AbortSignal | undefined
  /** What else the framework says of the call. */
  readonly raw: unknown
}

/** How the tools of a framework are governed. */
export interface AdapterOptions {
  /** @default that of `engine.run`, else the framework's own where it has one */
  readonly session?: string | ((call: FrameworkCall) => string)
  /** Who calls, said by the host's own code. @default that of `engine.run` */
  readonly subject?: Subject | ((call: FrameworkCall) => Subject)
  /** The tool `x` is the resource `<server>.x`. @default bare names */
  readonly server?: string
  /** The resource of a tool, where neither its name nor `server` says it. */
  readonly resourceOf?: (name: string) => string
  /** Id of an approval that somebody has given for this very call: what it presents. */
  readonly approvalOf?: (call: FrameworkCall) => string | undefined
}

/** For frameworks that ask a person themselves and say what the answer was. */
export interface AskingOptions {
  /**
   * Let the framework ask where the policy says `escalate`. `by` is in whose name its answer counts: the
   * policy's approvers are compared with it. @default the engine asks
   */
  readonly approvals?: { readonly by: string | ((call: FrameworkCall) => string) }
}

/** For frameworks whose tools may run where nothing can stand before them. */
export interface UnguardedOptions {
  /** Names of tools that run elsewhere, with the client or the model's provider: they are left as they are. */
  readonly unguarded?: readonly string[]
}

const KNOWN = ['session', 'subject', 'server', 'resourceOf', 'approvalOf']
const SERVER = /^[A-Za-z0-9_-]{1,64}$/

/**
 * Refuses options that are wrong or unknown: a misspelt one would quietly not protect.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function checkAdapterOptions(
  adapter: string,
  engine: PolicyEngine,
  options: AdapterOptions,
  more: readonly string[] = [],
): void {
  const fail = (message: string): never => {
    throw new CallgateError('ERR_OPTIONS_INVALID', `\`${adapter}\`: ${message}`)
  }
  if (typeof (engine as PolicyEngine | undefined)?.begin !== 'function')
    fail('it takes an engine made by `createPolicyEngine`')
  if (typeof options !== 'object' || options === null) fail('it takes an object of options')
  const known = [...KNOWN, ...more]
  for (const key of Object.keys(options))
    if (!known.includes(key)) fail(`unknown option \`${key}\`; known: ${known.join(', ')}`)
  const { server, resourceOf, approvalOf, session, subject } = options
  if (server !== undefined && !(typeof server === 'string' && SERVER.test(server)))
    fail('`server` is up to 64 letters, digits, `_` and `-`')
  if (!['function', 'undefined'].includes(typeof resourceOf)) fail('`resourceOf` is a function')
  if (!['function', 'undefined'].includes(typeof approvalOf)) fail('`approvalOf` is a function')
  if (!['string', 'function', 'undefined'].includes(typeof session))
    fail('`session` is a text or a function')
  if (!['object', 'function', 'undefined'].includes(typeof subject))
    fail('`subject` is a subject or a function')
  const { approvals } = options as AskingOptions
  if (approvals !== undefined && !['string', 'function'].includes(typeof approvals?.by))
    fail('`approvals` is `{ by }`: a text or a function')
}

/** @throws {CallgateError} ERR_OPTIONS_INVALID for a tool that nothing can stand before and that is not said to be one */
export function leaveUnguarded(adapter: string, name: string, options: UnguardedOptions): void {
  if (options.unguarded?.includes(name) === true) return
  throw new CallgateError(
    'ERR_OPTIONS_INVALID',
    `\`${adapter}\`: the tool \`${name}\` runs where callgate cannot stand before it; name it in \`unguarded\` to leave it to whoever runs it`,
  )
}
