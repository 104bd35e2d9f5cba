import type { MaybePromise } from '../core/model/json.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import type { Outcome } from '../engine/ticket.ts'
import {
  type AdapterOptions,
  type AskingOptions,
  checkAdapterOptions,
  type FrameworkCall,
  leaveUnguarded,
  type UnguardedOptions,
} from './options.ts'
import { createToolGuard, denialOf, type ToolGuard } from './tool-guard.ts'

/** What is used of a tool of `@openai/agents`, by structure. */
interface Tool {
  readonly name?: unknown
  readonly invoke?: Invoke | undefined
  readonly needsApproval?: AsksFirst | undefined
}
type Invoke = (runContext: RunContext, input: string, details?: Details) => Promise<unknown>
type AsksFirst = (runContext: unknown, input: unknown, callId?: string) => Promise<boolean>

interface RunContext {
  isToolApproved?(call: { toolName: string; callId: string }): boolean | undefined
}
interface Details {
  readonly toolCall?: { readonly callId?: string }
  readonly signal?: AbortSignal
}

export interface AgentToolsOptions extends AdapterOptions, AskingOptions, UnguardedOptions {}

/**
 * The same tools for an `Agent` of the OpenAI Agents SDK, each guarded. A denied tool gives the reason as
 * its output: the model reads it, and the run goes on. Give the agent these and not the ones handed in.
 * @throws {CallgateError} ERR_OPTIONS_INVALID, also for a hosted tool that is not `unguarded`
 */
export function guardAgentTools<T extends object>(
  tools: readonly T[],
  engine: PolicyEngine,
  options: AgentToolsOptions = {},
): T[] {
  checkAdapterOptions('guardAgentTools', engine, options, ['approvals', 'unguarded'])
  const guard = createToolGuard(engine, options)
  return tools.map((given) => {
    const tool: Tool = given
    const name = String(tool.name)
    if (typeof tool.invoke === 'function') {
      const invoke = guardedInvoke(guard, name, tool.invoke, options)
      if (options.approvals === undefined) return { ...given, invoke }
      return { ...given, invoke, needsApproval: asksFirst(guard, name, tool.needsApproval) }
    }
    leaveUnguarded('guardAgentTools', name, options)
    return given
  })
}

function guardedInvoke(
  guard: ToolGuard,
  name: string,
  invoke: Invoke,
  { approvals }: AgentToolsOptions,
): Invoke {
  return async (runContext, input, details) => {
    const callId = details?.toolCall?.callId
    const isApproved =
      approvals !== undefined &&
      callId !== undefined &&
      runContext.isToolApproved?.({ toolName: name, callId }) === true
    const call = callOf(name, argumentsOf(input), callId, details?.signal, runContext)
    const before = await guard.beforeTool(call, isApproved)
    if (before.effect === 'deny') return before.error.message
    const outcome = await attempt(() =>
      invoke(runContext, JSON.stringify(before.arguments), details),
    )
    const settled = await guard.afterTool(before.ticket, outcome)
    if (settled.ok) return settled.value
    const denial = denialOf(settled.error)
    if (denial === undefined) throw settled.error
    return denial.message
  }
}

async function attempt(run: () => MaybePromise<unknown>): Promise<Outcome> {
  try {
    return { ok: true, value: await run() }
  } catch (error) {
    return { ok: false, error }
  }
}

/** What is no JSON is no call: the engine denies what is no object. */
function argumentsOf(input: string): unknown {
  if (input === '') return {}
  try {
    return JSON.parse(input)
  } catch {
    return null
  }
}

function asksFirst(guard: ToolGuard, name: string, own: AsksFirst | undefined): AsksFirst {
  return async (runContext, input, callId) => {
    if ((await own?.(runContext, input, callId)) === true) return true
    return guard.needsApproval(callOf(name, input, callId, undefined, runContext))
  }
}

function callOf(
  name: string,
  args: unknown,
  id: string | undefined,
  signal: AbortSignal | undefined,
  raw: unknown,
): FrameworkCall {
  return { name, arguments: args, id, signal, raw }
}
