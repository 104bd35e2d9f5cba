/**
 * Loaded before an official server (`node --import tsx --import ./official-preload.fixture.ts`): every
 * server of its SDK is wrapped when it connects, under a policy that allows all.
 */
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { memorySink } from '../audit/memory.ts'
import { compilePolicy } from '../core/policy/parse.ts'
import { createPolicyEngine } from '../engine/create-policy-engine.ts'
import { wrapMcpServer } from './wrap-mcp-server.ts'

const engine = createPolicyEngine({
  policy: compilePolicy({
    roles: [{ name: 'all', rules: [{ resources: ['*'], verbs: ['admin'] }] }],
    bindings: [{ agent: 'bot', roles: ['all'] }],
  }),
  audit: [memorySink({ maxRecords: 1_000 })],
  onDiagnostic: () => {},
})
const { connect } = Server.prototype
Server.prototype.connect = function connectWrapped(transport) {
  wrapMcpServer(this, engine, { server: 'official', subject: { agent: 'bot' } })
  // The wrap has given this object a `connect` of its own: through it, once.
  return Object.hasOwn(this, 'connect') && this.connect !== connectWrapped
    ? inner(this, transport)
    : connect.call(this, transport)
}

const connecting = new WeakSet<object>()

function inner(server: Server, transport: Parameters<typeof connect>[0]): Promise<void> {
  if (connecting.has(server)) return connect.call(server, transport)
  connecting.add(server)
  return server.connect(transport)
}
