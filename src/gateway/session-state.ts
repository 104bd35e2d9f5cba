import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import type { Diagnostic } from '../engine/options.ts'
import type { Head } from '../mcp/guard.ts'
import type { Params, RequestId } from '../mcp/host.ts'
import type { Directory } from './directory.ts'
import type { Settings } from './options.ts'
import type { Sdk } from './sdk.ts'
import type { Link } from './upstream/link.ts'

/** JSON-RPC code of what is not taken on now. */
export const BUSY = -32000

/** In whose name something is asked: what the engine is told of every call. */
export type Caller = Pick<Head, 'session' | 'subject' | 'credentials' | 'trace'>

/** One connection of an agent, with its own connections to every server. */
export interface Session {
  readonly id: string
  readonly sdk: Sdk
  readonly settings: Settings
  /** Towards the agent. */
  readonly server: Server
  /** In the order of the options. */
  readonly links: ReadonlyMap<string, Link>
  readonly directory: Directory
  /** Subscribed resources: namespace and URI. */
  readonly subscriptions: Map<string, { readonly ns: string; readonly uri: string }>
  /** Who has asked last: in whose name servers are heard that speak of themselves. */
  owner: Caller | undefined
  /** The least level of log messages that the agent has asked for. */
  level: string | undefined
  /** True once the agent has seen a list. */
  isListed: boolean
  /** In whose name something happens now. */
  current(): Caller | undefined
  enter<T>(caller: Caller | undefined, run: () => T): T
  /** Sends a notification to the agent; dropped where it does not read the ones before. */
  readonly tell: (send: () => Promise<void>) => void
  /** Tells the agent that lists have changed, once for all that say so at the same time. */
  listChanged(method: ListChanged): void
  report(diagnostic: Diagnostic): void
}

export const LISTS_CHANGED = [
  'notifications/tools/list_changed',
  'notifications/prompts/list_changed',
  'notifications/resources/list_changed',
] as const
export type ListChanged = (typeof LISTS_CHANGED)[number]

/** One request of an agent, on its way. */
export interface Asking {
  readonly session: Session
  readonly caller: Caller
  readonly params: Params
  readonly id: RequestId
  readonly signal: AbortSignal
  /** Progress of this request goes to whoever has asked for it. */
  progress(progress: object): void
  readonly wantsProgress: boolean
}

export function subscriptionKey(ns: string, uri: string): string {
  return `${ns} ${uri}`
}
