import { isObject, type Params } from '../mcp/host.ts'

/** Keys that belong to one hop, to the protocol or to callgate, and are not handed on. */
function isReserved(key: string): boolean {
  if (key === 'progressToken') return true
  const slash = key.indexOf('/')
  if (slash < 0) return false
  const prefix = key.slice(0, slash)
  return (
    prefix === 'callgate' ||
    prefix.split('.').some((label) => label === 'mcp' || label === 'modelcontextprotocol')
  )
}

/** Under this key a caller says which server it means, where several have what it asks for. */
export const SERVER_KEY = 'callgate/server'

/**
 * What a caller says of its request, for the next hop. `keep`: what is read before it is sent.
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic#_meta
 */
export function forwardedMeta(meta: unknown, keep: readonly string[] = []): Params | undefined {
  if (!isObject(meta)) return undefined
  const kept = Object.entries(meta).filter(([key]) => keep.includes(key) || !isReserved(key))
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

/** Params with what may be handed on of their `_meta`. */
export function withMeta(params: Params, meta: Params | undefined): Params {
  const { _meta, ...rest } = params
  return meta === undefined ? rest : { ...rest, _meta: meta }
}
