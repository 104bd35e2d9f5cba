import type { ResourceEntry } from '../model/call.ts'
import { isToolPartBounded, kindOfResource, resourceNameFault } from '../names.ts'
import { needsOf } from './access-needs.ts'
import type { ServerDocument, ToolDocument } from './document.ts'

/** What the policy says of servers and their tools. */
interface Listed {
  readonly catalogue: ReadonlyMap<string, ToolDocument>
  readonly servers: ReadonlySet<string>
  readonly described: ReadonlyMap<string, ServerDocument>
}

/** What the catalogue says of a name, or what the name alone says; `fault` where it is none. */
export function resolveEntry(
  name: unknown,
  server: string | undefined,
  { catalogue, servers, described }: Listed,
): ResourceEntry | { readonly fault: string } {
  const fault = resourceNameFault(name)
  if (fault !== undefined || typeof name !== 'string')
    return { fault: fault ?? 'a resource name is a string' }
  // INVARIANT: a name registered by one server never borrows what is said of another's.
  const tool = listedAs(name, server, catalogue, servers)
  const listedUnder = tool && (tool.server ?? serverOf(name, servers))
  if (listedUnder !== undefined && server !== undefined && listedUnder !== server)
    return { fault: 'the catalogue lists this tool under another server' }
  const owner = server ?? listedUnder ?? serverOf(name, servers)
  if (owner !== undefined && resourceNameFault(owner) !== undefined)
    return { fault: 'the server name is not well formed' }
  const kind = kindOfResource(name)
  if (kind === 'tool' && !isToolPartBounded(name, owner))
    return { fault: 'the tool part of the name is longer than 128 characters' }
  return Object.freeze({
    name,
    kind,
    server: owner,
    listed: tool !== undefined,
    scope: tool?.scope,
    tags: Object.freeze([...new Set(tool?.tags)]),
    payload_class: tool?.payload_class,
    sql_dialect: tool?.sql_dialect,
    tier: tool?.tier,
    needs: needsOf(tool, owner === undefined ? undefined : described.get(owner)),
  })
}

/** The catalogue entry of a name: under that name, or under its bare or its full spelling. */
function listedAs(
  name: string,
  server: string | undefined,
  catalogue: ReadonlyMap<string, ToolDocument>,
  servers: ReadonlySet<string>,
): ToolDocument | undefined {
  const exact = catalogue.get(name)
  if (exact !== undefined || kindOfResource(name) !== 'tool') return exact
  const owner = server ?? serverOf(name, servers)
  if (owner === undefined) return undefined
  const isFull = name.startsWith(`${owner}.`)
  const other = catalogue.get(isFull ? name.slice(owner.length + 1) : `${owner}.${name}`)
  if (other === undefined) return undefined
  return (other.server ?? serverOf(other.name, servers)) === owner ? other : undefined
}

/** Where nothing says the server: the longest known one before a dot, else the part before the first. */
export function serverOf(name: string, servers: ReadonlySet<string>): string | undefined {
  const kind = kindOfResource(name)
  if (kind === 'model') return undefined
  if (kind !== 'tool') {
    const rest = name.slice(name.indexOf(':') + 1)
    const slash = rest.indexOf('/')
    return slash < 0 ? rest : rest.slice(0, slash)
  }
  const known = knownServerOf(name, servers)
  if (known !== undefined) return known
  const dot = name.indexOf('.')
  return dot > 0 ? name.slice(0, dot) : undefined
}

/** The longest known server that a tool's name begins with, up to a dot. */
function knownServerOf(name: string, servers: ReadonlySet<string>): string | undefined {
  if (kindOfResource(name) !== 'tool') return undefined
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const server = name.slice(0, dot)
    if (servers.has(server)) return server
  }
  return undefined
}
