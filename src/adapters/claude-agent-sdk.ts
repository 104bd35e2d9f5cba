import { CallgateError } from '../core/model/errors.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import type { Outcome, Ticket } from '../engine/ticket.ts'
import { within } from '../engine/wait.ts'
import { type AdapterOptions, checkAdapterOptions, type FrameworkCall } from './options.ts'
import { createToolGuard, denialOf, type ToolGuard } from './tool-guard.ts'

/** What is used of `@anthropic-ai/claude-agent-sdk`, by structure. */
interface HookInput {
  readonly session_id?: string
  readonly tool_name?: string
  readonly tool_input?: unknown
  readonly tool_use_id?: string
  readonly tool_response?: unknown
  readonly error?: unknown
  readonly mcp_server?: { readonly name?: unknown }
}
interface HookOutput {
  readonly decision?: 'block'
  readonly reason?: string
  readonly hookSpecificOutput?: {
    readonly hookEventName: never
    readonly permissionDecision?: 'allow' | 'deny'
    readonly permissionDecisionReason?: string
    readonly updatedInput?: Record<string, unknown>
    readonly updatedToolOutput?: unknown
  }
}
type Hook = (
  input: HookInput,
  toolUseId: string | undefined,
  options: { readonly signal: AbortSignal },
) => Promise<HookOutput>
interface Matcher {
  readonly hooks: Hook[]
  readonly timeout: number
  readonly onFailure: 'block'
}

/** What goes into the options of `query`. */
export interface ClaudeHooks {
  readonly hooks: {
    readonly PreToolUse: Matcher[]
    readonly PostToolUse: Matcher[]
    readonly PostToolUseFailure: Matcher[]
  }
  /** Lets by what the engine has let by, where no rule of the SDK decides. */
  readonly canUseTool: (
    name: string,
    input: Record<string, unknown>,
    options: { readonly toolUseID: string },
  ) => Promise<
    | { behavior: 'allow'; updatedInput: Record<string, unknown> }
    | { behavior: 'deny'; message: string }
  >
}

export interface ClaudeOptions extends AdapterOptions {
  /**
   * Let policies rewrite arguments. The SDK runs hooks beside each other and has been seen to drop what one
   * of them has rewritten, so without this a call that a policy would rewrite is denied. @default false
   */
  readonly rewrites?: boolean
  /** Longest wait for a decision, persons included. @default 600 */
  readonly timeoutSeconds?: number
}

interface Open {
  readonly ticket: Ticket
  readonly arguments: Record<string, unknown>
}

const MAX_OPEN = 10_000
const MARGIN_MS = 2_000

/**
 * Hooks for `query` of the Claude Agent SDK: `query({ prompt, options: { ...claudeHooks(engine) } })`.
 * A denial is what the model reads; the SDK's own deny and ask rules hold besides.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function claudeHooks(engine: PolicyEngine, options: ClaudeOptions = {}): ClaudeHooks {
  checkAdapterOptions('claudeHooks', engine, options, ['rewrites', 'timeoutSeconds'])
  const { rewrites = false, timeoutSeconds: timeout = 600, ...rest } = options
  if (typeof timeout !== 'number' || !(timeout > MARGIN_MS / 1000 && timeout <= 86_400))
    throw new CallgateError(
      'ERR_OPTIONS_INVALID',
      '`claudeHooks`: `timeoutSeconds` is more than 2 and at most 86400',
    )
  const guard = createToolGuard(engine, rest)
  const open = new Map<string, Open>()
  const limitMs = timeout * 1000 - MARGIN_MS
  const matcher = (hook: Hook): Matcher[] => [{ hooks: [hook], timeout, onFailure: 'block' }]
  return {
    hooks: {
      PreToolUse: matcher((input, id, { signal }) =>
        // INVARIANT: the SDK goes on without a hook that is late, so none ever is.
        answered(before(guard, open, rewrites, callOf(input, id, signal)), limitMs, deny),
      ),
      PostToolUse: matcher((input, id) =>
        answered(after(guard, open, input, id), limitMs, withhold),
      ),
      PostToolUseFailure: matcher((input, id) =>
        answered(failed(guard, open, input, id), limitMs, () => ({})),
      ),
    },
    async canUseTool(_name, _input, { toolUseID }) {
      const judged = open.get(toolUseID)
      return judged === undefined
        ? { behavior: 'deny', message: UNJUDGED }
        : { behavior: 'allow', updatedInput: judged.arguments }
    },
  }
}

const UNJUDGED = 'Denied by policy: the call was not judged.'
const FAILED = 'Denied by policy: judging the call failed, or took too long.'
const REWRITTEN =
  'Denied by policy: it allows this call only with other arguments than these. Ask for less.'

function answered(
  answer: Promise<HookOutput>,
  limitMs: number,
  refuse: (why: string) => HookOutput,
): Promise<HookOutput> {
  return within(answer, limitMs, () => refuse(FAILED)).catch(() => refuse(FAILED))
}

function deny(why: string): HookOutput {
  return {
    hookSpecificOutput: {
      hookEventName: 'PreToolUse' as never, // the SDK's own literal
      permissionDecision: 'deny',
      permissionDecisionReason: why,
    },
  }
}

function replace(output: unknown): HookOutput {
  return {
    hookSpecificOutput: {
      hookEventName: 'PostToolUse' as never, // the SDK's own literal
      updatedToolOutput: output,
    },
  }
}

function withhold(why: string): HookOutput {
  return { decision: 'block', reason: why, ...replace(why) }
}

async function before(
  guard: ToolGuard,
  open: Map<string, Open>,
  rewrites: boolean,
  call: FrameworkCall,
): Promise<HookOutput> {
  const judged = await guard.beforeTool(call)
  if (judged.effect === 'deny') return deny(judged.error.message)
  const isRewritten = judged.effect === 'modify'
  if (call.id === undefined || (isRewritten && !rewrites)) {
    await guard.afterTool(judged.ticket, { ok: false, error: new Error('not dispatched') })
    return deny(isRewritten ? REWRITTEN : UNJUDGED)
  }
  keep(open, call.id, { ticket: judged.ticket, arguments: judged.arguments })
  if (!isRewritten) return {} // the SDK's own rules decide on
  return {
    hookSpecificOutput: {
      hookEventName: 'PreToolUse' as never, // the SDK's own literal
      permissionDecision: 'allow',
      updatedInput: judged.arguments,
    },
  }
}

/** Bounded: the oldest goes first, and the result of what was forgotten is withheld. */
function keep(open: Map<string, Open>, id: string, one: Open): void {
  const oldest = open.size >= MAX_OPEN ? open.keys().next() : undefined
  if (oldest?.done === false) open.delete(oldest.value)
  open.set(id, one)
}

async function after(
  guard: ToolGuard,
  open: Map<string, Open>,
  input: HookInput,
  toolUseId: string | undefined,
): Promise<HookOutput> {
  const { tool_response: value } = input
  const settled = await settle(guard, open, idOf(input, toolUseId), { ok: true, value })
  if (settled === undefined) return withhold('The result was withheld: the call was not judged.')
  if (!settled.ok) return withhold(denialOf(settled.error)?.message ?? FAILED)
  return settled.value === value ? {} : replace(settled.value)
}

/** The SDK has no way to change what a model reads of a failure: it is recorded and watched. */
async function failed(
  guard: ToolGuard,
  open: Map<string, Open>,
  input: HookInput,
  toolUseId: string | undefined,
): Promise<HookOutput> {
  await settle(guard, open, idOf(input, toolUseId), { ok: false, error: input.error })
  return {}
}

async function settle(
  guard: ToolGuard,
  open: Map<string, Open>,
  id: string | undefined,
  outcome: Outcome,
): Promise<Outcome | undefined> {
  const judged = id === undefined ? undefined : open.get(id)
  if (id === undefined || judged === undefined) return undefined
  open.delete(id)
  return guard.afterTool(judged.ticket, outcome)
}

function idOf({ tool_use_id }: HookInput, toolUseId: string | undefined): string | undefined {
  return toolUseId ?? tool_use_id
}

const MCP_TOOL = /^mcp__(.+?)__(.+)$/

/** Tools of MCP servers are called `mcp__<server>__<tool>`. */
function callOf(input: HookInput, id: string | undefined, signal: AbortSignal): FrameworkCall {
  const { tool_name: name = '', session_id: session, mcp_server } = input
  const [, server, tool] = MCP_TOOL.exec(name) ?? []
  const common = { arguments: input.tool_input, id: idOf(input, id), session, signal, raw: input }
  if (server === undefined || tool === undefined) return { ...common, name }
  const named = typeof mcp_server?.name === 'string' ? prefixed(name, mcp_server.name) : undefined
  return { ...common, ...(named ?? { name: tool, server }) }
}

/** Names of servers may hold the separator themselves: where the SDK says which it is, that counts. */
function prefixed(name: string, server: string): { name: string; server: string } | undefined {
  const prefix = `mcp__${server.replace(/[^A-Za-z0-9_-]/g, '_')}__`
  if (!name.startsWith(prefix)) return undefined
  return { name: name.slice(prefix.length), server: prefix.slice('mcp__'.length, -2) }
}
