import type { CallRequest, Subject } from '../core/model/call.ts'
import type { Decision } from '../core/model/decision.ts'
import { CallDeniedError, isCallgateError } from '../core/model/errors.ts'
import { andThen, isPromise, type JsonObject, type MaybePromise } from '../core/model/json.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import { denialText } from '../engine/denial-text.ts'
import type { Outcome, Ticket } from '../engine/ticket.ts'
import { thawed } from '../mcp/methods/thaw.ts'
import type { AdapterOptions, AskingOptions, FrameworkCall } from './options.ts'

/** What is to become of a call. */
export type Before =
  /** `modify`: with other arguments than were asked for. */
  | {
      readonly effect: 'allow' | 'modify'
      readonly arguments: Record<string, unknown>
      readonly ticket: Ticket
    }
  | { readonly effect: 'deny'; readonly error: CallDeniedError }

/** The two places where frameworks let others speak, and what both are about. */
export interface ToolGuard {
  /**
   * Judges a call. `isApproved`: the framework has asked a person about this very call, who has agreed.
   * Synchronous where the engine is.
   */
  beforeTool(call: FrameworkCall, isApproved?: boolean): MaybePromise<Before>
  /** Looks at what came back, and closes the call. */
  afterTool(ticket: Ticket, outcome: Outcome): MaybePromise<Outcome>
  /** True where the framework is to ask a person first. Nothing moves, nothing is recorded. */
  needsApproval(call: FrameworkCall): MaybePromise<boolean>
}

const NOBODY: Subject = Object.freeze({ agent: '' })

export function createToolGuard(
  engine: PolicyEngine,
  options: AdapterOptions & AskingOptions,
): ToolGuard {
  const { approvals } = options
  const begin = (request: CallRequest): MaybePromise<Ticket> =>
    engine.begin(request, { wait: approvals === undefined })

  const present = async (
    call: FrameworkCall,
    request: CallRequest,
    asked: Ticket,
  ): Promise<Ticket> => {
    const { id } = asked.decision
    const by = said(approvals?.by, call) ?? ''
    try {
      await engine.approvals.approve(id, { by })
    } catch {
      return asked // who has answered may not
    }
    return begin({ ...request, approval: id })
  }

  return {
    beforeTool(call, isApproved = false) {
      const request = requestOf(engine, options, call)
      return andThen(begin(request), (ticket) => {
        const isAnswered =
          isApproved && approvals !== undefined && ticket.decision.effect === 'escalate'
        if (ticket.permitted || !isAnswered) return before(ticket)
        return present(call, request, ticket).then(before)
      })
    },
    afterTool: (ticket, outcome) =>
      andThen(ticket.finish(outcome), (settled) => {
        const denial = settled.ok ? undefined : denialOf(settled.error)
        return denial === undefined ? settled : { ok: false, error: forModels(denial.decision) }
      }),
    needsApproval(call) {
      if (approvals === undefined) return false
      const explained = engine.explain(requestOf(engine, options, call))
      return andThen(
        explained,
        ({ decision }) => decision.effect === 'escalate' && decision.enforced,
      )
    },
  }
}

function before(ticket: Ticket): Before {
  if (!ticket.permitted) return { effect: 'deny', error: forModels(ticket.decision) }
  return {
    effect: ticket.decision.patch === null ? 'allow' : 'modify',
    // INVARIANT: what was judged is what is dispatched. A copy, for tools change what they are given.
    arguments: thawed(ticket.arguments) as Record<string, unknown>, // of an object
    ticket,
  }
}

/** A denial of any copy of callgate; undefined for other errors. */
export function denialOf(error: unknown): CallDeniedError | undefined {
  return isCallgateError(error) && error.code === 'ERR_CALL_DENIED'
    ? (error as CallDeniedError) // of any copy
    : undefined
}

/** A denial whose message is written for a model: frameworks hand on messages and nothing else. */
function forModels(decision: Decision): CallDeniedError {
  const error = new CallDeniedError(decision)
  error.message = denialText(decision)
  return error
}

function requestOf(
  engine: PolicyEngine,
  options: AdapterOptions,
  call: FrameworkCall,
): CallRequest {
  const server = call.server ?? options.server
  const subject =
    options.subject === undefined ? undefined : (said(options.subject, call) ?? NOBODY)
  const approval = said(options.approvalOf, call)
  return {
    session: sessionOf(engine, options, call),
    resource: resourceOf(options, call.name, server),
    // No arguments at all would be taken for none.
    arguments: (call.arguments ?? null) as JsonObject, // checked by the engine's snapshot
    ...(server === undefined ? {} : { server }),
    ...(subject === undefined ? {} : { subject }),
    ...(approval === undefined ? {} : { approval }),
    ...(call.signal === undefined ? {} : { signal: call.signal }),
    ...(call.id === undefined ? {} : { ids: { toolCall: call.id.slice(0, MAX_ID) } }),
  }
}

const MAX_ID = 256

/** INVARIANT: where the host fails to say who calls, or what in, nobody calls. */
function said<T>(
  option: T | ((call: FrameworkCall) => T) | undefined,
  call: FrameworkCall,
): T | undefined {
  if (typeof option !== 'function') return option
  try {
    const value = (option as (call: FrameworkCall) => T)(call) // no option is a function itself
    return isPromise(value) ? undefined : value
  } catch {
    return undefined
  }
}

function sessionOf(engine: PolicyEngine, options: AdapterOptions, call: FrameworkCall): string {
  if (options.session !== undefined) return said(options.session, call) ?? ''
  return engine.context().session ?? call.session ?? ''
}

function resourceOf(options: AdapterOptions, name: string, server: string | undefined): string {
  if (options.resourceOf === undefined) return server === undefined ? name : `${server}.${name}`
  try {
    return options.resourceOf(name)
  } catch {
    return '' // a name that nothing has
  }
}
