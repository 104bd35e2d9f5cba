import type { Credentials } from '../../core/model/call.ts'
import type { McpContext } from '../context.ts'
import type { WrapMcpOptions } from '../options.ts'

/** How an MCP client is governed. Who is asked for approvals is the engine's own affair. */
export interface WrapMcpClientOptions extends Omit<WrapMcpOptions, 'approvals'> {
  /** What proves who makes the call that goes out now, where a client serves many. Asked once a call. */
  readonly credentials?: () => Credentials | undefined
  /** The user's own words. @default those of `engine.run` */
  readonly task?: string | ((context: McpContext) => string | undefined)
}
