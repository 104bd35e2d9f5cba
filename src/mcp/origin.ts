import type { CallOrigin } from '../core/model/call.ts'

/** What clients and servers do by themselves: no model asks for it, whatever a text says. */
const AUTOMATIC: ReadonlySet<string> = new Set([
  'logging/setLevel',
  'sampling/createMessage',
  'elicitation/create',
  'roots/list',
  'resources/unsubscribe',
  'notifications/message',
  'notifications/progress',
  'notifications/resources/updated',
])

export function originOf(method: string): CallOrigin {
  return AUTOMATIC.has(method)
    ? { method, source: 'mcp', automatic: true }
    : { method, source: 'mcp' }
}
