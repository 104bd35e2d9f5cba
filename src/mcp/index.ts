export type { ElicitationOptions } from './approvals/elicitation-options.ts'
export type { WrapMcpClientOptions } from './client/options.ts'
export type { McpAuthInfo, McpContext } from './context.ts'
export type { DefinitionChange } from './definitions/describe-changes.ts'
export { filePins } from './definitions/file-pins.ts'
export type { ListPage } from './definitions/learn-list.ts'
export { memoryPins, type Pin, type PinStore, type PinTable } from './definitions/pins.ts'
export {
  type DefinitionOptions,
  type DefinitionWatch,
  type WatchedTool,
  watchDefinitions,
} from './definitions/watch-definitions.ts'
export type { EventBus } from './entry/govern-bus.ts'
export { guardStdioTransport } from './entry/guard-stdio-transport.ts'
export type { ChangeEvent } from './entry/listener.ts'
export {
  type McpHandler,
  type McpHandlerRequest,
  type McpNotifier,
  unwrapMcpHandler,
  wrapMcpHandler,
} from './entry/wrap-mcp-handler.ts'
export { wrapMcpServerFactory } from './entry/wrap-mcp-server-factory.ts'
export type { WrapMcpOptions } from './options.ts'
export { unwrapMcpClient, wrapMcpClient } from './wrap-mcp-client.ts'
export { unwrapMcpServer, wrapMcpServer } from './wrap-mcp-server.ts'
