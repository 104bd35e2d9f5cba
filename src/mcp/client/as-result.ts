import { copyWith } from '../answers/hidden-links.ts'
import { isObject, type ProtocolHost } from '../host.ts'
import { LISTS } from '../methods/names.ts'
import type { Asked } from './link.ts'

/** A result in the form in which this client takes one. */
export function asResult(host: ProtocolHost, { message, came }: Asked, result: unknown): unknown {
  if (!isObject(result)) return result
  const isOwn = result !== came?.message.result
  const meta = message.params?.['_meta']
  const isModern = isObject(meta) && VERSION in meta
  // A result that does not say that it is the last word is none, in the 2026-07-28 protocol.
  const complete =
    isOwn && isModern && result['resultType'] === undefined
      ? copyWith(result, 'resultType', 'complete')
      : result
  return LISTS.has(message.method) || message.method === 'resources/read'
    ? uncached(host, complete as Record<string, unknown>) // itself, or a copy
    : complete
}

const VERSION = 'io.modelcontextprotocol/protocolVersion'

/** Not kept: what a client answers itself nobody would judge, and what one caller may see is not what the next may. */
function uncached(host: ProtocolHost, result: Record<string, unknown>): object {
  const { ttlMs, cacheScope } = result
  // What says nothing of it is kept as long as the client was told to.
  const { _defaultCacheTtlMs: usual = 0 } = host as { _defaultCacheTtlMs?: unknown }
  const fresh = (ttlMs ?? usual) === 0 ? result : copyWith(result, 'ttlMs', 0)
  return cacheScope === 'public' ? copyWith(fresh, 'cacheScope', 'private') : fresh
}
