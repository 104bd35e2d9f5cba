import type { ToolDefinitionState } from '../../core/model/call.ts'
import { changedParts } from './definition.ts'
import { definitionTags } from './definition-tags.ts'
import { type Kept, MAX_SERVERS, MAX_TOOLS, type Pair, type Seen } from './kept.ts'
import type { WatchedTool } from './watch-definitions.ts'

export interface StateOptions {
  readonly acceptNew: boolean
  /** Whether accepted annotations become tags. */
  readonly isCautious: boolean
}

/** How a tool stands to what was accepted. INVARIANT: what cannot be told is changed. */
export function stateOf(
  kept: Kept,
  server: string,
  tool: string,
  options: StateOptions,
): ToolDefinitionState | undefined {
  const cached = kept.servers.get(server)?.states.get(tool)
  // What is denied may have been accepted by another process.
  if (cached !== undefined && cached.changed === undefined) return cached
  try {
    return stateNow(kept, server, tool, options)
  } catch {
    return UNREADABLE
  }
}

function stateNow(
  kept: Kept,
  server: string,
  tool: string,
  { acceptNew, isCautious }: StateOptions,
): ToolDefinitionState | undefined {
  const known = kept.servers.get(server)
  if (known === undefined && kept.servers.size >= MAX_SERVERS) return TOO_MANY_SERVERS
  const pair = kept.pair(server, tool)
  const seen = known?.seen.get(tool)
  if ((pair.accepted ?? pair.offered ?? seen) === undefined) {
    if (known?.isFull === true) return TOO_MANY_TOOLS
    return acceptNew ? undefined : NEVER_SEEN
  }
  const state = stateFor(pair, seen, isCautious)
  known?.states.set(tool, state)
  return state
}

const refusal = (why: string): ToolDefinitionState =>
  Object.freeze({ hash: '', changed: `definition (${why})` })
const TOO_MANY_SERVERS = refusal(`of one of more than ${MAX_SERVERS} servers`)
const TOO_MANY_TOOLS = refusal(`one of more than ${MAX_TOOLS} tools`)
const NEVER_SEEN = refusal('never listed')
const UNREADABLE = refusal('what was accepted cannot be read')

function stateFor(pair: Pair, seen: Seen | undefined, isCautious: boolean): ToolDefinitionState {
  const { accepted, offered } = pair
  const changed = changeOf(pair, seen)
  const tags = isCautious && accepted !== undefined ? definitionTags(accepted) : []
  return Object.freeze({
    hash: seen?.hash ?? (offered ?? accepted)?.hash ?? '',
    ...(changed === undefined ? {} : { changed }),
    ...(tags.length === 0 ? {} : { tags }),
  })
}

function changeOf({ accepted, offered }: Pair, seen: Seen | undefined): string | undefined {
  if (seen?.refused !== undefined) return `definition (${seen.refused})`
  if (accepted === undefined) return 'definition (new)'
  return offered === undefined ? undefined : changedParts(accepted, offered)
}

export function rowOf(
  server: string,
  tool: string,
  pair: Pair,
  seen: Seen | undefined,
): WatchedTool {
  const changed = changeOf(pair, seen)
  const { accepted, offered } = pair
  const row = { server, tool, changed, accepted: accepted?.hash, offered: offered?.hash }
  if (seen?.refused !== undefined) return { ...row, state: 'refused' }
  if (accepted === undefined) return { ...row, state: 'new' }
  return { ...row, state: changed === undefined ? 'accepted' : 'changed' }
}
