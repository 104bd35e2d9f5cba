import type { ToolDefinitionState } from '../../core/model/call.ts'
import type { Finding } from '../../core/model/finding.ts'

/** Keeps what servers say of their tools, and tells what is no longer as it was accepted. */
export interface DefinitionWatch {
  /** Takes in a list of tools as a server has given it. Returns what is wrong with them. */
  learn(server: string, tools: readonly unknown[]): readonly Finding[]
  /** How a tool stands to what was accepted; undefined where nothing is known of it. */
  stateOf(server: string, tool: string): ToolDefinitionState | undefined
}
