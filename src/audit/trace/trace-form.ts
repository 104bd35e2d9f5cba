import type { Subject } from '../../core/model/call.ts'
import type { JsonValue } from '../../core/model/json.ts'
import type { SessionMessage } from '../../core/model/ports.ts'

/** One recorded session, as `callgate replay` reads it. Plain JSON. */
export interface RecordedTrace {
  readonly name: string
  readonly session_id: string
  /** The user's own words, where they were known. */
  readonly task?: string
  /** Something of the session is not in it: a payload too long, or an event that found no room. */
  readonly incomplete: boolean
  readonly tools: Readonly<Record<string, RecordedTool>>
  readonly events: readonly RecordedEvent[]
}

export interface RecordedTool {
  readonly tags: readonly string[]
  readonly scope?: string
  readonly server?: string
  readonly payload_class?: string
}

export interface RecordedEvent {
  readonly event_seq: number
  /** RFC 3339, UTC. */
  readonly timestamp: string
  readonly direction: 'request' | 'response'
  readonly method?: string
  readonly tool_name?: string
  readonly verb?: string
  readonly server?: string
  readonly scope?: string
  readonly agent_id?: string
  /** Who calls, besides the agent. */
  readonly subject?: Omit<Subject, 'agent' | 'proof'>
  /** Joins a response to its request. */
  readonly request_id?: string
  /** Only with a response: the call has failed. */
  readonly is_error?: true
  readonly payload: JsonValue
}

/** An event without its payload, which is kept as text beside it. */
export type EventFrame = Omit<RecordedEvent, 'payload'>

export function frameOf(message: SessionMessage, seq: number): EventFrame {
  const { name, call, method, subject, verb } = message
  return {
    event_seq: seq,
    timestamp: new Date(message.at).toISOString(),
    direction: message.direction,
    ...(method === undefined ? {} : { method }),
    // A reader takes an event for a call where nothing says otherwise.
    ...(name === undefined
      ? method === undefined
        ? { method: 'message' }
        : {}
      : { tool_name: name }),
    ...(name === undefined || verb === 'invoke' ? {} : { verb }),
    ...(message.server === undefined ? {} : { server: message.server }),
    ...(message.scope === undefined ? {} : { scope: message.scope }),
    ...(subject?.agent ? { agent_id: subject.agent } : {}),
    ...restOf(subject),
    ...(call === undefined ? {} : { request_id: call }),
    ...(message.isError ? { is_error: true } : {}),
  }
}

function restOf(subject: Subject | undefined): Pick<EventFrame, 'subject'> {
  if (subject === undefined) return {}
  const { agent: _, proof: _proof, ...rest } = subject
  return Object.keys(rest).length === 0 ? {} : { subject: rest }
}

/** What the session's catalogue said of a tool; undefined where nothing was called, or not so far. */
export function toolOf({ name, resource }: SessionMessage): RecordedTool | undefined {
  if (name === undefined || resource === undefined) return undefined
  const { tags, scope, server, payload_class } = resource
  return {
    tags,
    ...(scope === undefined ? {} : { scope }),
    ...(server === undefined ? {} : { server }),
    ...(payload_class === undefined ? {} : { payload_class }),
  }
}
