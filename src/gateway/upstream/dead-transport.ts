import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { METHOD_NOT_FOUND } from '../../mcp/answers/denial.ts'
import { isObject } from '../../mcp/host.ts'
import { UNAVAILABLE } from './errors.ts'

/**
 * Stands in for a server that is down, so that calls of it are judged, recorded and answered like any
 * other: whoever may not know of the server does not learn that it is down.
 */
export function deadTransport(ns: string, why: () => string): Transport {
  const answer = (method: string, params: unknown): object => {
    if (method === 'initialize')
      return {
        result: {
          protocolVersion: isObject(params) ? params['protocolVersion'] : undefined,
          capabilities: {},
          serverInfo: { name: ns, version: '0' },
        },
      }
    // Whoever keeps watch over its tools takes it for a server without a list, not for one that hides it.
    if (method === 'tools/list')
      return { error: { code: METHOD_NOT_FOUND, message: 'Method not found' } }
    const text = `the server \`${ns}\` is ${why()}`
    return method === 'tools/call'
      ? { result: { content: [{ type: 'text', text }], isError: true } }
      : { error: { code: UNAVAILABLE, message: text } }
  }
  const transport: Transport = {
    async start() {},
    async send(message) {
      if (!('method' in message) || !('id' in message)) return
      const reply = { jsonrpc: '2.0', id: message.id, ...answer(message.method, message.params) }
      queueMicrotask(() => transport.onmessage?.(reply as JSONRPCMessage)) // made here
    },
    async close() {
      transport.onclose?.()
    },
  }
  return transport
}
