import { type CallOrigin, TAGS, type Tag, type ToolDefinitionState } from '../core/model/call.ts'

type Fields = Readonly<Record<string, unknown>>

const MAX_TEXT = 256

/** Known fields only, each read once. What cannot be read counts as changed. */
export function takeDefinition(definition: unknown): ToolDefinitionState | undefined {
  if (definition === undefined) return undefined
  if (typeof definition !== 'object' || definition === null) return UNREADABLE
  const { hash, changed, tags } = definition as Fields
  if (typeof hash !== 'string' || hash.length > MAX_TEXT) return UNREADABLE
  const given = Array.isArray(tags) ? TAGS.filter((tag) => tags.includes(tag)) : NONE
  return Object.freeze({
    hash,
    ...(changed === undefined ? {} : { changed: String(changed).slice(0, MAX_TEXT) }),
    ...(given.length === 0 ? {} : { tags: Object.freeze(given) }),
  })
}

const NONE: readonly Tag[] = Object.freeze([])
const UNREADABLE: ToolDefinitionState = Object.freeze({ hash: '', changed: 'definition' })

export function takeOrigin(origin: unknown): CallOrigin | undefined {
  if (typeof origin !== 'object' || origin === null) return undefined
  const { method, source, automatic } = origin as Fields
  return Object.freeze({
    ...(typeof method === 'string' ? { method: method.slice(0, MAX_TEXT) } : {}),
    ...(typeof source === 'string' ? { source: source.slice(0, MAX_TEXT) } : {}),
    ...(automatic === true ? { automatic } : {}),
  })
}
