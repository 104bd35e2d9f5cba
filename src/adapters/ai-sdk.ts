import { andThen, isPromise, type MaybePromise } from '../core/model/json.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import type { Ticket } from '../engine/ticket.ts'
import {
  type AdapterOptions,
  type AskingOptions,
  checkAdapterOptions,
  type FrameworkCall,
  leaveUnguarded,
  type UnguardedOptions,
} from './options.ts'
import { type Before, createToolGuard, type ToolGuard } from './tool-guard.ts'

/** What is used of the AI SDK's tools (`ai` 5 and later), by structure. */
interface Tool {
  readonly execute?: Execute | undefined
  readonly needsApproval?: boolean | AsksFirst | undefined
}
type Execute = (input: unknown, options?: CallOptions) => unknown
type AsksFirst = (input: unknown, options?: CallOptions) => boolean | PromiseLike<boolean>

interface CallOptions {
  readonly toolCallId?: string
  readonly messages?: readonly unknown[]
  readonly abortSignal?: AbortSignal
}

export interface AiSdkOptions extends AdapterOptions, AskingOptions, UnguardedOptions {}

/**
 * The same record of tools for `generateText`, `streamText` and agents of the Vercel AI SDK, each guarded.
 * A denied tool rejects: the SDK makes that a result that the model reads, and goes on.
 * @throws {CallgateError} ERR_OPTIONS_INVALID, also for a tool without `execute` that is not `unguarded`
 */
export function aiSdkTools<T extends object>(
  tools: T,
  engine: PolicyEngine,
  options: AiSdkOptions = {},
): T {
  checkAdapterOptions('aiSdkTools', engine, options, ['approvals', 'unguarded'])
  const guard = createToolGuard(engine, options)
  const guarded = Object.entries(tools).map(([name, tool]: [string, Tool]) => {
    if (typeof tool.execute === 'function') return [name, guardedTool(guard, name, tool, options)]
    leaveUnguarded('aiSdkTools', name, options)
    return [name, tool]
  })
  return Object.fromEntries(guarded) as T // the same names, each with a tool of its type
}

function guardedTool(guard: ToolGuard, name: string, tool: Tool, options: AiSdkOptions): object {
  const fields = Object.getOwnPropertyDescriptors(tool)
  const own = (value: unknown): PropertyDescriptor => ({ value, enumerable: true, writable: true })
  return Object.create(Object.getPrototypeOf(tool) as object | null, {
    ...fields,
    execute: own(guardedExecute(guard, name, tool)),
    ...(options.approvals === undefined
      ? {}
      : { needsApproval: own(asksFirst(guard, name, tool)) }),
  })
}

function guardedExecute(guard: ToolGuard, name: string, tool: Tool): Execute {
  const run = (given: Record<string, unknown>, options: CallOptions | undefined): unknown =>
    tool.execute?.(given, options)
  const judge = (input: unknown, options: CallOptions = {}): MaybePromise<Before> =>
    guard.beforeTool(callOf(name, input, options), isApproved(options))
  if (tool.execute?.constructor.name === 'AsyncGeneratorFunction')
    return async function* streamed(input, options) {
      const before = await judge(input, options)
      if (before.effect === 'deny') throw before.error
      yield* piecewise(guard, before.ticket, () => run(before.arguments, options))
    }
  return (input, options) => {
    const judged = judge(input, options)
    // The SDK tells a stream by what is returned at once.
    if (isPromise(judged))
      return judged.then((before) => last(dispatch(guard, before, (given) => run(given, options))))
    return dispatch(guard, judged, (given) => run(given, options))
  }
}

function dispatch(
  guard: ToolGuard,
  before: Before,
  run: (given: Record<string, unknown>) => unknown,
): unknown {
  if (before.effect === 'deny') return Promise.reject(before.error)
  const { ticket } = before
  const failed = (error: unknown): MaybePromise<unknown> =>
    close(guard, ticket, { ok: false, error })
  try {
    const given = run(before.arguments)
    if (isStream(given)) return piecewise(guard, ticket, () => given)
    if (!isPromise(given as MaybePromise<unknown>))
      return Promise.resolve(close(guard, ticket, { ok: true, value: given }))
    return Promise.resolve(given).then((value) => close(guard, ticket, { ok: true, value }), failed)
  } catch (error) {
    return Promise.resolve().then(() => failed(error))
  }
}

function close(
  guard: ToolGuard,
  ticket: Ticket,
  outcome: Parameters<Ticket['finish']>[0],
): MaybePromise<unknown> {
  return andThen(guard.afterTool(ticket, outcome), (settled) => {
    if (!settled.ok) throw settled.error
    return settled.value
  })
}

/**
 * A tool that gives one state after the other. Each is looked at before it is shown; the last, which is
 * the one the model reads, closes the call. One state is held back, none are kept.
 */
async function* piecewise(
  guard: ToolGuard,
  ticket: Ticket,
  start: () => unknown,
): AsyncGenerator<unknown> {
  let isClosed = false
  let held: { readonly value: unknown } | undefined
  try {
    for await (const value of start() as AsyncIterable<unknown>) {
      if (held !== undefined) {
        const looked = ticket.inspect(held.value)
        if (!looked.ok) throw looked.error
        yield looked.value
      }
      held = { value }
    }
    isClosed = true
    yield await close(guard, ticket, { ok: true, value: held?.value })
  } catch (error) {
    if (isClosed) throw error
    isClosed = true
    await close(guard, ticket, { ok: false, error })
  } finally {
    // Nobody reads on.
    if (!isClosed) await guard.afterTool(ticket, { ok: false, error: new Error('cancelled') })
  }
}

/** Where judging had to wait, a stream comes too late to be shown as one: what counts is its last state. */
async function last(given: unknown): Promise<unknown> {
  if (!isStream(given)) return given
  let value: unknown
  for await (const one of given) value = one
  return value
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

function asksFirst(guard: ToolGuard, name: string, tool: Tool): AsksFirst {
  return async (input, options = {}) => {
    const own = tool.needsApproval
    if (own === true || (typeof own === 'function' && (await own(input, options)))) return true
    return guard.needsApproval(callOf(name, input, options))
  }
}

function callOf(name: string, input: unknown, options: CallOptions): FrameworkCall {
  return {
    name,
    arguments: input,
    id: options.toolCallId,
    signal: options.abortSignal,
    raw: options,
  }
}

/** True where the last message holds a person's yes to this very call: the SDK then runs it. */
function isApproved({ toolCallId, messages = [] }: CallOptions): boolean {
  const asked = messages
    .flatMap(partsOf)
    .filter((part) => part.type === 'tool-approval-request' && part.toolCallId === toolCallId)
  return partsOf(messages.at(-1)).some(
    (part) =>
      part.type === 'tool-approval-response' &&
      part.approved === true &&
      asked.some(({ approvalId }) => approvalId === part.approvalId),
  )
}

interface Part {
  readonly type?: unknown
  readonly toolCallId?: unknown
  readonly approvalId?: unknown
  readonly approved?: unknown
}

function partsOf(message: unknown): readonly Part[] {
  const { content } = (message ?? {}) as { readonly content?: unknown }
  return Array.isArray(content) ? content : []
}
