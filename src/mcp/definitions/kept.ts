import type { ToolDefinitionState } from '../../core/model/call.ts'
import { CallgateError } from '../../core/model/errors.ts'
import type { Definition } from './definition.ts'
import { fits, MAX_KEPT, type Pin, type PinStore, type PinTable, pinKey } from './pins.ts'

export const MAX_TOOLS = 10_000
export const MAX_SERVERS = 256

/** What a tool was listed as last. */
export interface Seen {
  /** Undefined: over a bound or not kept. */
  readonly definition: Definition | undefined
  readonly hash: string
  /** Of its parts as they were written: cheaper to compare by, and more particular. */
  readonly text: string | undefined
  /** Why it cannot be accepted. */
  readonly refused: string | undefined
}

export interface Server {
  readonly seen: Map<string, Seen>
  /** Answers for calls, until something is listed, accepted or written by another process. */
  readonly states: Map<string, ToolDefinitionState>
  /** More tools than are kept were listed. */
  isFull: boolean
  round: Round
}

/** One list, of one page or several. */
export interface Round {
  /** Hashes by names. */
  readonly listed: Map<string, string>
  /** Names that had no pin. */
  readonly fresh: string[]
  isFull: boolean
}

export function newRound(): Round {
  return { listed: new Map(), fresh: [], isFull: false }
}

/** What was accepted of a tool, and what was listed last where that differs. */
export type Pair = Pick<Pin, 'accepted' | 'offered'>

/** What is kept, and what this process has seen. */
export interface Kept {
  readonly servers: ReadonlyMap<string, Server>
  /** Undefined where there are too many servers. */
  serverOf(server: string): Server | undefined
  /** All that is kept, by whichever process. Throws where that cannot be read. */
  pins(): ReadonlyMap<string, Pin>
  /** Throws where there is no room, or it cannot be written. */
  update(edit: (pins: PinTable) => boolean): void
  pair(server: string, tool: string): Pair
  /** In order. */
  namesOf(server: string): readonly string[]
}

const UNKNOWN: Pair = { accepted: undefined, offered: undefined }

export function createKept(store: PinStore): Kept {
  const servers = new Map<string, Server>()
  let read: ReadonlyMap<string, Pin> | undefined
  const pins = (): ReadonlyMap<string, Pin> => {
    const now = store.read()
    if (now !== read) for (const { states } of servers.values()) states.clear()
    read = now
    return now
  }
  return {
    servers,
    pins,
    serverOf(name) {
      const known = servers.get(name)
      if (known !== undefined || servers.size >= MAX_SERVERS) return known
      const made = { seen: new Map(), states: new Map(), isFull: false, round: newRound() }
      servers.set(name, made)
      return made
    },
    update(edit) {
      store.update((table) => {
        const changed = edit(table)
        if (changed && !fits(table))
          throw new CallgateError('ERR_PINS_INVALID', `more than ${MAX_KEPT} characters to keep`)
        return changed
      })
      pins()
    },
    // Of this process where it has seen the tool, else of the last one that has.
    pair(server, tool) {
      const { accepted, offered } = pins().get(pinKey(server, tool)) ?? UNKNOWN
      const seen = servers.get(server)?.seen.get(tool)
      if (seen === undefined) return { accepted, offered }
      return { accepted, offered: seen.hash === accepted?.hash ? undefined : seen.definition }
    },
    namesOf(server) {
      const names = new Set(servers.get(server)?.seen.keys())
      for (const pin of pins().values()) if (pin.server === server) names.add(pin.tool)
      return [...names].sort()
    },
  }
}

/** Keeps what a list has that is not kept yet. Throws where it cannot. */
export function keepListed(
  { update }: Kept,
  server: string,
  fresh: ReadonlyMap<string, Seen>,
  acceptNew: boolean,
): void {
  update((table) => {
    let changed = false
    for (const [tool, { definition }] of fresh)
      if (definition !== undefined)
        changed = keepOne(table, server, tool, definition, acceptNew) || changed
    return changed
  })
}

/** INVARIANT: who was first stays accepted; nothing but `accept` puts another in its place. */
function keepOne(
  table: PinTable,
  server: string,
  tool: string,
  definition: Definition,
  acceptNew: boolean,
): boolean {
  const key = pinKey(server, tool)
  const { accepted, offered } = table.get(key) ?? UNKNOWN
  if (accepted === undefined && acceptNew)
    table.set(key, { server, tool, accepted: definition, offered: undefined })
  else if (accepted?.hash === definition.hash) {
    if (offered === undefined) return false
    table.set(key, { server, tool, accepted, offered: undefined })
  } else {
    if (offered?.hash === definition.hash) return false
    table.set(key, { server, tool, accepted, offered: definition })
  }
  return true
}
