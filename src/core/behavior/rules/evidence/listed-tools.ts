import type { Leaf } from '../../payload/leaf.ts'
import type { ResponseEvent } from '../../rule.ts'
import type { Row } from './memory.ts'
import { fieldsHash, textHash } from './text-hash.ts'

/** More tools of one list are not looked at. */
export const MOST_LISTED = 256

const LIST = /(?:^|[./:_-])(?:tools?[./_-]list|list[_-]?tools)$/i
const NAME_KEYS: ReadonlySet<string> = new Set(['name', 'tool', 'tool_name'])
const DESCRIBING_KEYS: ReadonlySet<string> = new Set(['description', 'title', 'instructions'])

/** True for the name under which a server's list of its tools is heard. */
export function isToolList(resource: string): boolean {
  return LIST.test(resource)
}

/**
 * Tools that a list describes: what calls have for a name, a hash of all that is said of them, the schema
 * included, and what the server calls them. A record with a name and a description begins a tool; what follows, up to the
 * next, belongs to it.
 * @see https://modelcontextprotocol.io/specification/2025-06-18/server/tools
 */
export function listedTools({ call, leaves, isError }: ResponseEvent): readonly Row[] {
  if (isError || (call.verb !== 'discover' && !isToolList(call.resource.name))) return []
  const names = toolNames(leaves)
  const rows = new Map<number, Leaf[]>()
  const bare = new Map<number, number>()
  let current: Leaf[] | undefined
  for (const leaf of leaves) {
    const name = names.get(leaf.record)
    if (name !== undefined && rows.size < MOST_LISTED) {
      const id = listedId(name, call.resource.server)
      bare.set(id, textHash(name))
      current = rows.get(id) ?? []
      rows.set(id, current)
    }
    current?.push(leaf)
  }
  return [...rows].map(([id, said]) => [id, fieldsHash(said), bare.get(id) ?? id])
}

/** As a call's resource has it, which begins with the server's name where that is known. */
function listedId(name: string, server: string | undefined): number {
  const isFull = server === undefined || name.startsWith(`${server}.`)
  return textHash(isFull ? name : `${server}.${name}`)
}

/** Names of tools by the records that describe one. */
function toolNames(leaves: readonly Leaf[]): ReadonlyMap<number, string> {
  const names = new Map<number, string>()
  const described = new Set<number>()
  for (const { key, record, text } of leaves) {
    if (NAME_KEYS.has(key) && !names.has(record)) names.set(record, text)
    else if (DESCRIBING_KEYS.has(key)) described.add(record)
  }
  for (const record of names.keys()) if (!described.has(record)) names.delete(record)
  return names
}
