import { CallgateError } from '../core/model/errors.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import type { Outcome } from '../engine/ticket.ts'
import { type AdapterOptions, checkAdapterOptions, type FrameworkCall } from './options.ts'
import { createToolGuard, denialOf } from './tool-guard.ts'

/** What is used of LangChain.js 1.x, by structure. */
interface Request {
  readonly toolCall: { readonly name: string; readonly args: unknown; readonly id?: string }
  readonly runtime?: unknown
}
interface MessageFields {
  readonly content: never
  readonly tool_call_id: string
  readonly name: string
  readonly status: 'success' | 'error'
  readonly artifact?: unknown
}

export interface LangChainOptions<M> extends AdapterOptions {
  /** LangChain's own class: denials are answered by its instances. */
  readonly ToolMessage: new (
    fields: MessageFields,
  ) => M
}

/** What `createMiddleware` takes. */
export interface LangChainMiddleware<M> {
  readonly name: string
  wrapToolCall<R extends object, A>(
    request: R,
    handler: (request: R) => A | Promise<A>,
  ): Promise<A | M>
}

/**
 * A middleware for `createAgent`: `createMiddleware(langchainMiddleware(engine, { ToolMessage }))`. It is
 * the last of the agent's list, so that no other changes a call that was judged. A denied tool is answered by a
 * message that the model reads.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function langchainMiddleware<M>(
  engine: PolicyEngine,
  options: LangChainOptions<M>,
): LangChainMiddleware<M> {
  checkAdapterOptions('langchainMiddleware', engine, options, ['ToolMessage'])
  const { ToolMessage, ...rest } = options
  if (typeof ToolMessage !== 'function')
    throw new CallgateError(
      'ERR_OPTIONS_INVALID',
      '`langchainMiddleware`: `ToolMessage` is the class of that name in `langchain`',
    )
  const guard = createToolGuard(engine, rest)
  return {
    name: 'callgate',
    async wrapToolCall<R extends object, A>(
      request: R,
      handler: (request: R) => A | Promise<A>,
    ): Promise<A | M> {
      const { toolCall, runtime } = request as unknown as Request // as LangChain has it
      const message = (content: unknown, status: 'success' | 'error', artifact?: unknown): M =>
        new ToolMessage({
          content: content as never, // LangChain's own, with texts changed
          tool_call_id: toolCall.id ?? '',
          name: toolCall.name,
          status,
          ...(artifact === undefined ? {} : { artifact }),
        })
      const before = await guard.beforeTool(callOf(toolCall, runtime))
      if (before.effect === 'deny') return message(before.error.message, 'error')
      const judged = { ...toolCall, args: before.arguments }
      const result = await attempt(() => handler({ ...request, toolCall: judged }))
      if (!result.ok && isControlFlow(result.error)) {
        await guard.afterTool(before.ticket, { ok: false, error: new Error('interrupted') })
        throw result.error
      }
      const outcome = shownOf(result)
      const settled = await guard.afterTool(before.ticket, outcome)
      if (result.ok && isSame(settled, outcome)) return result.value
      return released(settled, outcome, message)
    },
  }
}

type Result<A> =
  | { readonly ok: true; readonly value: A }
  | { readonly ok: false; readonly error: unknown }

async function attempt<A>(run: () => A | Promise<A>): Promise<Result<A>> {
  try {
    return { ok: true, value: await run() }
  } catch (error) {
    return { ok: false, error }
  }
}

/** LangGraph's own signals, such as `interrupt`: nothing that a model reads. The call comes again. */
function isControlFlow(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'is_bubble_up' in error
}

function isSame(settled: Outcome, outcome: Outcome): boolean {
  if (settled.ok) return outcome.ok && settled.value === outcome.value
  return !outcome.ok && settled.error === outcome.error
}

interface Shown {
  readonly content: unknown
  readonly artifact?: unknown
}

/** What of a message, or of a `Command`, reaches the agent. */
function shownOf(result: Result<unknown>): Outcome {
  if (!result.ok) return result
  const { content, artifact, status, update } = (result.value ?? {}) as Shown & {
    readonly status?: unknown
    readonly update?: unknown
  }
  if (content === undefined) return { ok: true, value: update ?? null }
  const shown: Shown = artifact === undefined ? { content } : { content, artifact }
  return status === 'error' ? { ok: false, error: shown } : { ok: true, value: shown }
}

/** Something was taken out, or all of it withheld. */
function released<M>(
  settled: Outcome,
  outcome: Outcome,
  message: (content: unknown, status: 'success' | 'error', artifact?: unknown) => M,
): M {
  const left = settled.ok ? settled.value : settled.error
  const denial = denialOf(left)
  if (denial !== undefined) return message(denial.message, 'error')
  if (isShown(left)) return message(left.content, outcome.ok ? 'success' : 'error', left.artifact)
  if (!settled.ok) throw left
  // A Command cannot be made anew from what is left of it.
  return message('The result was withheld: something had to be taken out of it.', 'error')
}

function isShown(value: unknown): value is Shown {
  return typeof value === 'object' && value !== null && 'content' in value
}

function callOf(toolCall: Request['toolCall'], runtime: unknown): FrameworkCall {
  const { signal } = (runtime ?? {}) as { readonly signal?: unknown }
  return {
    name: toolCall.name,
    arguments: toolCall.args,
    id: toolCall.id,
    signal: signal instanceof AbortSignal ? signal : undefined,
    raw: runtime,
  }
}
