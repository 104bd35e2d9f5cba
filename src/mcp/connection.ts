import type { Ticket } from '../engine/ticket.ts'
import type { Head } from './guard.ts'
import type { Params, ProtocolHost, RequestId, Transport } from './host.ts'
import { laterFromHere } from './later-from-here.ts'

/** A call that was let through. */
export interface Running {
  readonly head: Head
  readonly ticket: Ticket
}

/** What is known of one connection of a wrapped server. */
export interface Connection {
  readonly id: string
  readonly transport: Transport | undefined
  /** Calls by the id of their request: what an outgoing message is related to. */
  readonly running: Map<RequestId, Running>
  /** Methods by ids of answers that a guarded handler has given: no other answer goes out. */
  readonly answered: Map<RequestId, string>
  /** The last call that was let through: whose session standing messages belong to. */
  last: Running | undefined
  clientInfo(): Params | undefined
  /** Runs something where it was connected. */
  within<T>(run: () => T): T
}

const MAX_OPEN = 10_000

export function createConnection(
  host: Pick<ProtocolHost, 'getClientVersion'>,
  transport: Transport | undefined,
  id = `mcp-${globalThis.crypto.randomUUID()}`,
): Connection {
  return {
    id,
    transport,
    running: new Map(),
    answered: new Map(),
    last: undefined,
    clientInfo: () => host.getClientVersion?.(),
    within: laterFromHere(),
  }
}

/** Bounded: the oldest goes first, and what was forgotten is not let out. */
export function keep<K, V>(map: Map<K, V>, id: K, value: V): void {
  if (map.size >= MAX_OPEN && !map.has(id)) {
    const oldest = map.keys().next()
    if (oldest.done !== true) map.delete(oldest.value)
  }
  map.set(id, value)
}
