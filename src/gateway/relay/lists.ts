import type { ServerCapabilities } from '@modelcontextprotocol/sdk/types.js'
import { isObject, type Params } from '../../mcp/host.ts'
import type { NameKind } from '../directory.ts'
import { SERVER_KEY } from '../meta.ts'
import { wireNames } from '../names.ts'
import { isExposed } from '../options.ts'
import { ownSignal } from '../own-signal.ts'
import type { Asking, Session } from '../session-state.ts'
import { faultOf, labelOf } from '../upstream/errors.ts'
import type { Connected, Link } from '../upstream/link.ts'
import { within } from '../upstream/within.ts'

type Item = Readonly<Record<string, unknown>>

export interface MergedList {
  readonly method: string
  readonly field: 'tools' | 'prompts' | 'resources' | 'resourceTemplates'
  /** The field of a server's capabilities without which it is not asked. */
  readonly capability: keyof ServerCapabilities
  readonly schema: 'ToolSchema' | 'PromptSchema' | 'ResourceSchema' | 'ResourceTemplateSchema'
}

export const TOOLS: MergedList = {
  method: 'tools/list',
  field: 'tools',
  capability: 'tools',
  schema: 'ToolSchema',
}
export const PROMPTS: MergedList = {
  method: 'prompts/list',
  field: 'prompts',
  capability: 'prompts',
  schema: 'PromptSchema',
}
export const RESOURCES: MergedList = {
  method: 'resources/list',
  field: 'resources',
  capability: 'resources',
  schema: 'ResourceSchema',
}
export const TEMPLATES: MergedList = {
  method: 'resources/templates/list',
  field: 'resourceTemplates',
  capability: 'resources',
  schema: 'ResourceTemplateSchema',
}

/** Of one server: a list that goes on beyond this is cut, and its server is degraded. */
const MAX_PAGES = 100
const MAX_ITEMS = 10_000

/**
 * What all servers have of one kind. One that is down, slow or says nothing sensible is left out, and
 * never keeps the others from being seen.
 */
export async function mergedList(asking: Asking, list: MergedList): Promise<Params> {
  const { session } = asking
  const links = [...session.links.values()]
  const lists = await Promise.all(links.map((link) => listOf(asking, link, list)))
  asking.signal.throwIfAborted()
  session.isListed = true
  const items = lists.flatMap((given, index) => {
    const link = links[index]
    return given === undefined || link === undefined ? [] : takeIn(session, link, list, given)
  })
  if (list === TOOLS && items.length === 0 && lists.some((given) => given !== undefined))
    session.report({
      code: 'nothing_shown',
      message: `\`${asking.caller.subject?.agent ?? 'an agent'}\` is shown no tool: the policy permits it none of what the servers have, or \`expose\` leaves them out`,
    })
  return {
    [list.field]:
      list.capability === 'resources'
        ? marked(session, list, items)
        : items.map(({ item }) => item),
  }
}

/** The list of one server; undefined where there is none to be had now. */
export async function listOf(
  asking: Asking,
  link: Link,
  list: MergedList,
): Promise<readonly Item[] | undefined> {
  const { session, signal } = asking
  const limit = new AbortController()
  const ms = session.settings.limits.connectTimeoutMs
  const either = ownSignal(signal, limit.signal)
  let client: Connected['client'] | undefined
  try {
    return await within(
      link.connected().then((connected) => {
        client = connected.client
        if (connected.capabilities === undefined) return undefined
        if (connected.capabilities[list.capability] === undefined) return []
        return pagesOf(asking, link, connected.client, list, either.signal)
      }),
      ms,
    )
  } catch (error) {
    if (!signal.aborted) degraded(session, link, client, error)
    return undefined
  } finally {
    limit.abort()
    either.release()
  }
}

function degraded(
  session: Session,
  link: Link,
  client: Connected['client'] | undefined,
  error: unknown,
): void {
  const { isLost } = faultOf(link.ns, error)
  const isLate = isObject(error) && error['name'] === 'TimeoutError'
  link.health.failed(labelOf(error))
  if (client === undefined) return
  if (isLost && !isLate) {
    link.lose(client, labelOf(error))
    return
  }
  link.health.state('degraded')
  session.report({
    code: 'upstream_degraded',
    message: `server \`${link.ns}\` does not give its lists: ${labelOf(error)}`,
  })
}

async function pagesOf(
  asking: Asking,
  link: Link,
  client: Connected['client'],
  { method, field }: MergedList,
  signal: AbortSignal,
): Promise<readonly Item[]> {
  const { session, caller } = asking
  const { ResultSchema } = session.sdk.types
  const items: Item[] = []
  const cursors = new Set<string>()
  let cursor: string | undefined
  do {
    const params = cursor === undefined ? {} : { cursor }
    const own = ownSignal(signal)
    const page: Params = await session
      .enter(caller, () =>
        client.request({ method, params }, ResultSchema, {
          signal: own.signal,
          timeout: session.settings.limits.connectTimeoutMs,
        }),
      )
      .finally(own.release)
    const given = page[field]
    if (Array.isArray(given)) items.push(...given.filter(isObject))
    const { nextCursor } = page
    cursor = typeof nextCursor === 'string' && nextCursor !== '' ? nextCursor : undefined
    const isOver = cursors.size >= MAX_PAGES || items.length > MAX_ITEMS
    if (cursor !== undefined && (cursors.has(cursor) || isOver)) {
      endless(session, link)
      return items.slice(0, MAX_ITEMS)
    }
    if (cursor !== undefined) cursors.add(cursor)
  } while (cursor !== undefined)
  link.health.state('up')
  return items
}

function endless(session: Session, link: Link): void {
  link.health.failed('endless_list')
  link.health.state('degraded')
  session.report({
    code: 'upstream_degraded',
    message: `server \`${link.ns}\` gives a list without an end: its beginning is shown`,
  })
}

interface Taken {
  readonly ns: string
  readonly item: Item
}

/** Notes what the server has, and calls it as agents do. */
export function takeIn(
  session: Session,
  link: Link,
  list: MergedList,
  given: readonly Item[],
): readonly Taken[] {
  const { ns } = link
  const schema = session.sdk.types[list.schema]
  // One that is none would make the agent's client refuse all of them.
  const items = given.filter((item) => schema.safeParse(item).success)
  if (list.field === 'tools' || list.field === 'prompts')
    return renamed(session, link, list.field, items).map((item) => ({ ns, item }))
  const key = list.field === 'resources' ? 'uri' : 'uriTemplate'
  session.directory.setUris(
    list.field,
    ns,
    items.map((item) => String(item[key])),
  )
  return items.map((item) => ({ ns, item }))
}

function renamed(
  session: Session,
  link: Link,
  kind: NameKind,
  items: readonly Item[],
): readonly Item[] {
  const { settings, directory } = session
  const { ns } = link
  const expose = kind === 'tools' ? settings.expose.get(ns) : undefined
  const shown = items.filter(({ name }) => isExposed(expose, String(name)))
  const names = wireNames(
    ns + settings.separator,
    shown.map(({ name }) => String(name)),
  )
  directory.setNames(kind, ns, names)
  if (kind === 'tools') link.health.tools(names.wire.size)
  for (const [what, list] of [
    ['are served under other names', names.renamed],
    ['are not served', names.dropped],
  ] as const)
    if (list.length > 0)
      session.report({
        code: 'name_collision',
        message: `${kind} of server \`${ns}\` that would have one name ${what}: ${someOf(list)}`,
      })
  const seen = new Set<string>()
  return shown.flatMap((item) => {
    const wire = names.wire.get(String(item['name']))
    if (wire === undefined || seen.has(wire)) return []
    seen.add(wire)
    // How it may be run as a task is between this gateway and the server.
    const { execution: _, ...rest } = item
    return [{ ...rest, name: wire }]
  })
}

const MOST_TOLD = 10

/** A server says how many there are, and how long. */
function someOf(names: readonly string[]): string {
  const told = names.slice(0, MOST_TOLD).map((name) => name.slice(0, 100))
  const more = names.length - told.length
  return more > 0 ? `${told.join(', ')} and ${more} more` : told.join(', ')
}

/**
 * Where several servers list the same URI, each says whose it is: whoever reads it has to say which.
 * Templates that it fits are not looked for: there may be as many of both as there are bytes in a list.
 */
function marked(session: Session, list: MergedList, items: readonly Taken[]): readonly Item[] {
  const { directory } = session
  return items.map(({ ns, item }) => {
    const owners =
      list.field === 'resources'
        ? directory.listersOf(String(item['uri']))
        : directory.ownersOfTemplate(String(item['uriTemplate']))
    if (owners.length < 2) return item
    const meta = isObject(item['_meta']) ? item['_meta'] : {}
    return { ...item, _meta: { ...meta, [SERVER_KEY]: ns } }
  })
}
