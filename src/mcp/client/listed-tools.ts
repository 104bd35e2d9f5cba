import type { ToolDefinitionState } from '../../core/model/call.ts'
import type { Finding } from '../../core/model/finding.ts'
import { andThen, type MaybePromise } from '../../core/model/json.ts'
import { METHOD_NOT_FOUND } from '../answers/denial.ts'
import type { DefinitionWatch } from '../definitions/watch-definitions.ts'
import type { Head } from '../guard.ts'
import { type IncomingRequest, isObject, type Params } from '../host.ts'
import { toolResource } from '../methods/names.ts'
import type { ClientGuard } from './client-guard.ts'
import { type Asked, closeAsked, endAsked, type Link, openAsked, sendAsked } from './link.ts'

const LIST = 'tools/list'
const LIMIT_MS = 10_000
const MAX_PAGES = 100
/** A list may change while it is read. */
const MAX_ROUNDS = 3

/**
 * Takes in one page of the server's tools, as it came. Its definitions are pinned here, not where lists
 * are filtered: which page it is only the request says.
 */
export function learnTools(
  { definitions, server, outputSchemas }: ClientGuard,
  link: Link,
  { params }: IncomingRequest,
  { result, since }: Listed,
): readonly Finding[] {
  const tools = isObject(result) ? result['tools'] : undefined
  if (!isObject(result) || !Array.isArray(tools)) return NONE
  const isFirst = params?.['cursor'] === undefined
  const isLast = result['nextCursor'] === undefined
  if (isFirst) outputSchemas.clear()
  for (const tool of tools)
    if (isObject(tool) && typeof tool['name'] === 'string' && outputSchemas.size < MAX_SCHEMAS)
      outputSchemas.set(tool['name'], tool['outputSchema'])
  // A list that was made before the last change is not the one.
  if (isLast && since === link.changes) link.tools = 'listed'
  return definitions.learn(server, tools, { isFirst, isLast })
}

/** A page, and how many changes had been told of when it was asked for. */
interface Listed {
  readonly result: unknown
  readonly since: number
}

const NONE: readonly Finding[] = Object.freeze([])
const MAX_SCHEMAS = 10_000

/**
 * Before a tool is called its server's list is read, once on a connection and again when the server says
 * that it has changed: otherwise a tool that is no longer what was accepted would be called unseen.
 */
export function listFirst(
  guard: ClientGuard,
  link: Link,
  head: Head,
  request: IncomingRequest,
): MaybePromise<void> {
  if (request.method !== 'tools/call' || link.tools === 'listed') return undefined
  const resource = toolResource(guard.server, request.params?.['name'])
  // What may not even be known of is denied, whatever its definition.
  return andThen(guard.engine.discover(head, [resource]), ({ length }) => {
    if (length === 0) return undefined
    link.listing ??= listAll(guard, link, head, request).finally(() => {
      link.listing = undefined
    })
    return link.listing
  })
}

async function listAll(
  guard: ClientGuard,
  link: Link,
  head: Head,
  request: IncomingRequest,
): Promise<void> {
  const timer = setTimeout(() => {
    const asked = link.asked.get(LIST_ID)
    if (asked !== undefined) endAsked(link, asked, new Error('no answer in time'))
  }, LIMIT_MS)
  timer.unref()
  try {
    const findings: Finding[] = []
    for (let round = 0, before = -1; round < MAX_ROUNDS && before !== link.changes; round++) {
      before = link.changes
      findings.push(...(await readPages(guard, link, request)))
    }
    if (findings.length > 0)
      await guard.engine.hear(head, { method: LIST, payload: null, findings })
  } catch (error) {
    // A server that has no list has tools of which nothing is known; one that keeps it back has not.
    const isWithout = isObject(error) && error['code'] === METHOD_NOT_FOUND
    link.tools = isWithout ? 'listed' : 'unknown'
  } finally {
    clearTimeout(timer)
  }
}

const LIST_ID = 'callgate-tools'

async function readPages(
  guard: ClientGuard,
  link: Link,
  request: IncomingRequest,
): Promise<readonly Finding[]> {
  const found: Finding[] = []
  const since = link.changes
  let cursor: unknown
  for (let page = 0; page < MAX_PAGES; page++) {
    const params: Params = { ...metaOf(request), ...(cursor === undefined ? {} : { cursor }) }
    const asked = { jsonrpc: '2.0', id: LIST_ID, method: LIST, params }
    const open = openAsked(link, asked, { resolve: () => undefined, reject: () => undefined })
    sendAsked(link, open, asked, undefined)
    const result = await answerOf(link, open)
    found.push(...learnTools(guard, link, asked, { result, since }))
    cursor = isObject(result) ? result['nextCursor'] : undefined
    if (cursor === undefined) return found
  }
  return found
}

async function answerOf(link: Link, asked: Asked): Promise<unknown> {
  try {
    return await asked.answer
  } finally {
    closeAsked(link, asked)
  }
}

/** What every request of the 2026-07-28 protocol carries; not what is this one's own. */
function metaOf({ params }: IncomingRequest): Params {
  const meta = params?.['_meta']
  if (!isObject(meta)) return {}
  const shared = Object.entries(meta).filter(([name]) => name.startsWith(PROTOCOL))
  return shared.length === 0 ? {} : { _meta: Object.fromEntries(shared) }
}

const PROTOCOL = 'io.modelcontextprotocol/'

/** What the guard asks of definitions: where a list is not to be had, nothing is as it was accepted. */
export function statesOf(definitions: DefinitionWatch, link: () => Link): DefinitionWatch {
  return {
    ...definitions,
    stateOf: (server, tool) =>
      link().tools === 'listed' ? definitions.stateOf(server, tool) : UNLISTED,
  }
}

const UNLISTED: ToolDefinitionState = Object.freeze({
  hash: '',
  changed: 'definition (its server does not list its tools)',
})
