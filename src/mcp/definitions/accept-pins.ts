import type { Definition } from './definition.ts'
import { rowOf } from './definition-state.ts'
import type { Kept } from './kept.ts'
import { pinKey } from './pins.ts'
import type { WatchedTool } from './watch-definitions.ts'

/** Puts what was listed last in the place of what was accepted. Returns the names. */
export function acceptListed(
  kept: Kept,
  server: string,
  tool: string | undefined,
  hash: string | undefined,
): readonly string[] {
  const taken = new Map<string, Definition>()
  for (const name of tool === undefined ? kept.namesOf(server) : [tool]) {
    const { offered } = kept.pair(server, name)
    if (offered !== undefined && (hash === undefined || hash === offered.hash))
      taken.set(name, offered)
  }
  kept.update((table) => {
    for (const [name, accepted] of taken)
      table.set(pinKey(server, name), { server, tool: name, accepted, offered: undefined })
    return taken.size > 0
  })
  return [...taken.keys()]
}

export function forgetPins(
  kept: Kept,
  server: string,
  tool: string | undefined,
): readonly string[] {
  const known = kept.servers.get(server)
  const names = kept.namesOf(server).filter((name) => tool === undefined || name === tool)
  kept.update((table) => names.filter((name) => table.delete(pinKey(server, name))).length > 0)
  for (const name of names) {
    known?.seen.delete(name)
    known?.states.delete(name)
  }
  return names
}

export function listPins(kept: Kept): readonly WatchedTool[] {
  const servers = new Set(kept.servers.keys())
  for (const pin of kept.pins().values()) servers.add(pin.server)
  return [...servers]
    .sort()
    .flatMap((server) =>
      kept
        .namesOf(server)
        .map((tool) =>
          rowOf(server, tool, kept.pair(server, tool), kept.servers.get(server)?.seen.get(tool)),
        ),
    )
}
