import type { Ticket } from '../ticket.ts'
import type { TraceEvent } from './trace-session.ts'

/** A request whose response has not come yet. */
export interface OpenCall {
  readonly event: TraceEvent
  readonly ticket: Ticket
}

/** Joins responses to requests. Costs the same however many calls are open. */
export interface OpenCalls {
  add(call: OpenCall): void
  /** The call that a response answers: by request id, else the oldest open one of its tool. */
  take(response: TraceEvent): OpenCall | undefined
}

export function createOpenCalls(): OpenCalls {
  const byId = new Map<string, OpenCall>()
  const byTool = new Map<string, Set<OpenCall>>()
  const close = (call: OpenCall): OpenCall => {
    byTool.get(call.event.tool ?? '')?.delete(call)
    if (call.event.requestId !== undefined) byId.delete(call.event.requestId)
    return call
  }
  return {
    add(call) {
      const { tool = '', requestId } = call.event
      const waiting = byTool.get(tool)
      if (waiting === undefined) byTool.set(tool, new Set([call]))
      else waiting.add(call)
      if (requestId !== undefined) byId.set(requestId, call)
    },
    take(response) {
      const named = response.requestId === undefined ? undefined : byId.get(response.requestId)
      // A set gives its members in the order they came.
      const call =
        named ??
        byTool
          .get(response.tool ?? '')
          ?.values()
          .next().value
      return call === undefined ? undefined : close(call)
    },
  }
}
