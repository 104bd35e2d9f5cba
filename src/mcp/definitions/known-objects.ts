import { DEFINITION_PARTS } from '../../core/behavior/rules/evidence/tool-definition.ts'

/** Hashes of objects that were read before. A server that keeps its list hands out the same ones. */
export interface KnownObjects {
  /** Undefined: not known, or one of its parts is another value now. */
  hashOf(server: string, tool: Readonly<Record<string, unknown>>): string | undefined
  note(server: string, tool: Readonly<Record<string, unknown>>, hash: string): void
}

interface Known {
  readonly server: string
  readonly hash: string
  readonly name: unknown
  readonly parts: readonly unknown[]
}

export function createKnownObjects(): KnownObjects {
  const known = new WeakMap<object, Known>()
  return {
    hashOf(server, tool) {
      const before = known.get(tool)
      if (before === undefined || before.server !== server) return undefined
      if (before.name !== tool['name']) return undefined
      for (let at = 0; at < DEFINITION_PARTS.length; at++)
        if (before.parts[at] !== tool[DEFINITION_PARTS[at] ?? '']) return undefined
      return before.hash
    },
    note(server, tool, hash) {
      const parts = DEFINITION_PARTS.map((part) => tool[part])
      known.set(tool, { server, hash, name: tool['name'], parts })
    },
  }
}
