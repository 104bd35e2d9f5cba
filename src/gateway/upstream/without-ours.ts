import { isObject } from '../../mcp/host.ts'

/** What callgate says of calls and of lists stands under keys that begin so. */
const OURS = 'callgate/'

/** Fields of results whose members have a `_meta` of their own. */
const LISTS = [
  'tools',
  'prompts',
  'resources',
  'resourceTemplates',
  'content',
  'contents',
  'messages',
] as const

/**
 * What callgate says is between it and the agent: no server is told, and none can say it. The same
 * message where there is nothing of it.
 */
export function withoutOurs<T extends object>(message: T, part: 'params' | 'result'): T {
  const { [part]: held, error } = message as Record<string, unknown>
  const said = part === 'result' ? cleanedError(error) : error
  const kept = part === 'result' ? cleanedLists(cleaned(held)) : cleaned(held)
  if (kept === held && said === error) return message
  return {
    ...message,
    ...(kept === held ? {} : { [part]: kept }),
    ...(said === error ? {} : { error: said }),
  }
}

/** The same holder, where nothing in its `_meta` is ours. */
function cleaned(holder: unknown): unknown {
  if (!isObject(holder)) return holder
  const meta = withoutKeys(holder['_meta'])
  return meta === holder['_meta'] ? holder : { ...holder, _meta: meta }
}

function cleanedError(error: unknown): unknown {
  if (!isObject(error)) return error
  const data = withoutKeys(error['data'])
  return data === error['data'] ? error : { ...error, data }
}

function cleanedLists(result: unknown): unknown {
  if (!isObject(result)) return result
  let kept = result
  for (const name of LISTS) {
    const list: unknown = result[name]
    if (!Array.isArray(list)) continue
    const items = list.map(cleanedItem)
    if (items.some((item, at) => item !== list[at])) kept = { ...kept, [name]: items }
  }
  return kept
}

/** A block may hold a resource, and a message of a prompt a block. */
function cleanedItem(given: unknown): unknown {
  const item = cleaned(given)
  if (!isObject(item)) return item
  let kept = item
  for (const name of ['resource', 'content'] as const) {
    const inner = item[name]
    const clean = name === 'content' ? cleanedItem(inner) : cleaned(inner)
    if (clean !== inner) kept = { ...kept, [name]: clean }
  }
  return kept
}

function withoutKeys(values: unknown): unknown {
  if (!isObject(values) || !Object.keys(values).some(isOurs)) return values
  return Object.fromEntries(Object.entries(values).filter(([key]) => !isOurs(key)))
}

function isOurs(key: string): boolean {
  return key.startsWith(OURS)
}
