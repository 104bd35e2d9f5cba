import { isMap } from '../../core/json-kind.ts'
import { CallgateError } from '../../core/model/errors.ts'
import type { JsonObject, MaybePromise } from '../../core/model/json.ts'
import { HOOK_TYPES } from './match-hooks.ts'

/** What a hook is told: plain frozen JSON. Secrets are masked. */
export type HookPayload = JsonObject

/** What a command did. */
export interface CommandResult {
  /** Null where a signal ended it. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What a prompt or an agent says. Without a `decision` it has no objection. */
export interface HookReply {
  /** `deny` and `block` refuse, `ask` wants a person; `approve` and `allow` only do not object. */
  readonly decision?: 'approve' | 'allow' | 'deny' | 'block' | 'ask'
  readonly reason?: string
}

/**
 * Runs a command of the policy. Gives what it did, whatever that was; throws where it could not be
 * run. It must stop when `signal` aborts.
 */
export type CommandRunner = (
  command: string,
  payload: HookPayload,
  signal: AbortSignal,
) => MaybePromise<CommandResult>

/** Puts a filled-in prompt to a model. A text answer is read as JSON. */
export type PromptRunner = (
  prompt: string,
  payload: HookPayload,
  signal: AbortSignal,
) => MaybePromise<HookReply | string>

/** Puts the payload to an agent of that name. A text answer is read as JSON. */
export type AgentRunner = (
  agent: string,
  payload: HookPayload,
  signal: AbortSignal,
) => MaybePromise<HookReply | string>

/** What runs hooks. A policy alone starts nothing: what has no runner here is never run. */
export interface HookRunners {
  readonly command?: CommandRunner
  readonly prompt?: PromptRunner
  readonly agent?: AgentRunner
}

/** @throws {CallgateError} ERR_OPTIONS_INVALID */
export function checkRunners(runners: unknown): void {
  if (runners === undefined) return
  if (!isMap(runners)) throw invalid('`hooks` is an object of runners')
  for (const [type, runner] of Object.entries(runners)) {
    if (!HOOK_TYPES.some((one) => one === type))
      throw invalid(`unknown type of hooks \`${type}\`; known: ${HOOK_TYPES.join(', ')}`)
    if (runner !== undefined && typeof runner !== 'function')
      throw invalid(`\`hooks.${type}\` is a function`)
  }
}

function invalid(message: string): CallgateError {
  return new CallgateError('ERR_OPTIONS_INVALID', message)
}
