import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { ArgumentRole } from '../flow.ts'
import type { Argument } from '../lineage/lineage.ts'
import type { Leaf } from './leaf.ts'
import { nameSegments } from './name-segments.ts'
import { readText } from './read-text.ts'
import { readValue } from './read-value.ts'
import { addLeaf, finishReading, type Reading, type ReadLimits, startReading } from './reading.ts'
import { type NamedRole, roleOfName } from './role-of-name.ts'
import { roleOfShape } from './role-of-shape.ts'
import { isFieldName } from './text-shape.ts'
import { splitName, splitUrl, type UrlPart } from './url-parts.ts'

export { destinationsOf } from './destinations-of.ts'
export { roleOfName } from './role-of-name.ts'

/** Names whose fields are content, whatever they are called themselves. */
const CARRIERS = new Set(['headers', 'header', 'cookies', 'cookie', 'metadata'])

const READS = new Set(
  'get list read search find fetch view show describe lookup query check count browse download open cat head tail stat ls cd exists'.split(
    ' ',
  ),
)
const ADMITS = new Set(
  'invite add share grant assign transfer mention follow send message notify forward reply'.split(
    ' ',
  ),
)

/** An argument that is a part of an address, or of the name that a server knows a resource by. */
export interface AddressPart extends Argument {
  /** The whole of it, as it was written. */
  readonly address: string
}

/**
 * The leaves of a request's arguments with the part each plays. The name of an argument tells first, then
 * what kind of value it is; fields inside an argument go by their own name, and fall back on its. What
 * stands in the name of a resource or a prompt comes last.
 */
export function readArguments(
  args: JsonObject,
  resource: string,
  limits: ReadLimits = {},
): readonly Argument[] {
  const reading = startReading(readText, limits)
  const verbs = nameSegments(resource.slice(resource.lastIndexOf('.') + 1))
  const naming: Naming = { verbs, roles: new Map() }
  const found: Argument[] = []
  for (const name of Object.keys(args)) {
    const from = reading.leaves.length
    const value = args[name] ?? null
    if (!isFieldName(name)) addLeaf(reading, '', name, 1)
    readValue(reading, value, name, 1, 0)
    addArguments(found, reading.leaves, from, name, value, naming)
  }
  const name = NAMED_RESOURCE.exec(resource)?.[1]
  if (name !== undefined) addParts(found, NAME_OF_RESOURCE, splitName(name), name)
  return withRest(found, reading)
}

/** Behind the name of the server. */
const NAMED_RESOURCE = /^(?:resource|prompt):[^/]{0,2048}\/([\s\S]{1,2048})$/
const NAME_OF_RESOURCE = { key: '', record: 1 }

/** What names say in a request to a tool whose own name has these words. */
interface Naming {
  readonly verbs: readonly string[]
  /** By name: rows repeat theirs. */
  readonly roles: Map<string, ArgumentRole | undefined>
}

function namedRole({ verbs, roles }: Naming, name: string): ArgumentRole | undefined {
  const known = roles.get(name)
  if (known !== undefined || roles.has(name)) return known
  const role = resolved(roleOfName(name), verbs)
  roles.set(name, role)
  return role
}

function addArguments(
  found: Argument[],
  leaves: readonly Leaf[],
  from: number,
  name: string,
  value: JsonValue,
  naming: Naming,
): void {
  const outer = namedRole(naming, name)
  const carries = CARRIERS.has(name.toLowerCase())
  const isText = typeof value === 'string'
  for (let index = from; index < leaves.length; index++) {
    const leaf = leaves[index]
    if (leaf === undefined || leaf.text === '') continue
    const own = isText || leaf.key === name ? undefined : namedRole(naming, leaf.key)
    const role = carries ? 'content' : readRole(leaf, roleOf(leaf, outer, own), naming)
    addArgument(found, leaf, role)
  }
}

function roleOf(
  leaf: Leaf,
  outer: ArgumentRole | undefined,
  own: ArgumentRole | undefined,
): ArgumentRole {
  if (outer === 'content') return own === 'destination' ? own : 'content'
  if (leaf.key === '') return outer ?? 'content'
  return own ?? outer ?? roleOfShape(leaf)
}

/** What is read by its address may be called a page or a source. */
function readRole({ text }: Leaf, role: ArgumentRole, { verbs }: Naming): ArgumentRole {
  const isPlace = role === 'identifier' && READS.has(verbs[0] ?? '') && WEB_ADDRESS.test(text)
  return isPlace ? 'destination' : role
}

const WEB_ADDRESS = /^\s{0,64}(?:https?|wss?|ftp):/i

/** A place is written to or read from, and a person let in or looked up, as the tool's name says. */
function resolved(role: NamedRole | undefined, verbs: readonly string[]): ArgumentRole | undefined {
  if (role === 'place') return READS.has(verbs[0] ?? '') ? 'identifier' : 'destination'
  if (role === 'person')
    return verbs.some((verb) => ADMITS.has(verb)) ? 'destination' : 'identifier'
  return role
}

/** An address with a query is two arguments: where it goes, and what it carries there. */
function addArgument(found: Argument[], leaf: Leaf, role: ArgumentRole): void {
  const { key, text, record, kind } = leaf
  const parts = role === 'destination' ? splitUrl(text) : undefined
  if (parts === undefined) found.push({ key, text, record, kind, role })
  else addParts(found, leaf, parts, text)
}

function addParts(
  found: Argument[],
  { key, record }: Pick<Leaf, 'key' | 'record'>,
  parts: readonly UrlPart[],
  address: string,
): void {
  for (const { key: own, text, role } of parts) {
    const part: AddressPart = { key: own || key, text, record, kind: 'field', role, address }
    found.push(part)
  }
}

/** What had no room of its own is content. */
function withRest(found: Argument[], reading: Reading): readonly Argument[] {
  const { length } = reading.leaves
  for (const { key, text, record, kind } of finishReading(reading).slice(length))
    found.push({ key, text, record, kind, role: 'content' })
  return found
}
