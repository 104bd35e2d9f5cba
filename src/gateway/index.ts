export type { HttpHandler, RequestInfo } from '../http/handler.ts'
export {
  type NodeListener,
  type NodeListenerOptions,
  toNodeListener,
} from '../http/node-listener.ts'
export { type Served, type ServeOptions, serve } from '../http/serve.ts'
export { createGateway, type Gateway, type StdioStreams } from './create-gateway.ts'
export type { UpstreamHealth, UpstreamState } from './health.ts'
export type { HttpPeer } from './http-sessions.ts'
export type {
  Expose,
  GatewayLimits,
  GatewayOptions,
  HttpUpstream,
  LocalUpstream,
  StdioUpstream,
  Upstream,
} from './options.ts'
