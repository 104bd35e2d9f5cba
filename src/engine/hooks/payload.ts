import type { Call } from '../../core/model/call.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import type { HookEvent } from './events.ts'
import type { HookPayload } from './runners.ts'

/** What became of a call, as hooks may see it. */
export interface ToolOutcome {
  readonly ok: boolean
  /** What was dispatched, without what must not be seen. */
  readonly arguments: JsonObject
  /** What came back, likewise; null where the call failed. */
  readonly response: JsonValue
  /** Name of the error; null where there is none. */
  readonly error: string | null
}

/** The names are those that hooks of agent tools know. */
export function sessionPayload(event: HookEvent, call: Call): HookPayload {
  const { agent, user, tenant } = call.subject
  return Object.freeze({
    hook_event_name: event,
    session_id: call.session,
    trace_id: call.trace,
    agent,
    ...(user === undefined ? {} : { user }),
    ...(tenant === undefined ? {} : { tenant }),
  })
}

export function toolPayload(event: HookEvent, call: Call, args: JsonObject): HookPayload {
  const { resource, ids } = call
  return Object.freeze({
    ...sessionPayload(event, call),
    call_id: call.id,
    sequence: call.sequence,
    tool_name: resource.name,
    verb: call.verb,
    tool_input: args,
    ...(resource.server === undefined ? {} : { server: resource.server }),
    ...(ids.toolCall === undefined ? {} : { tool_use_id: ids.toolCall }),
  })
}

/** Always holds the request too: a response alone tells little. */
export function outcomePayload(event: HookEvent, call: Call, outcome: ToolOutcome): HookPayload {
  return Object.freeze({
    ...toolPayload(event, call, outcome.arguments),
    ...(outcome.ok ? { tool_response: outcome.response } : { error: outcome.error }),
  })
}
