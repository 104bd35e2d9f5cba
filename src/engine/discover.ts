import { discoverable } from '../core/gates/rbac.ts'
import type { CallRequest } from '../core/model/call.ts'
import { andThen, type MaybePromise } from '../core/model/json.ts'
import { gateSettings } from './gate-settings.ts'
import { identify } from './identify.ts'
import type { LineParts } from './line-record.ts'
import { receive } from './receive.ts'

/**
 * Keeps what the subject may discover. The same compiled policy that judges calls answers, so what
 * is listed and what can be called never drift apart. Observing filters nothing.
 */
export function discover<T>(
  parts: LineParts,
  request: Omit<CallRequest, 'arguments' | 'resource'>,
  items: readonly T[],
  nameOf: (item: T) => string = defaultName,
): MaybePromise<readonly T[]> {
  if (parts.mode === 'observe') return items
  const asked = receive({ ...request, resource: '*', arguments: {} }, parts.context(), parts.limits)
  return andThen(identify(asked, parts.identity(), parts.gateTimeoutMs), ({ subject }) => {
    if (asked.fault !== undefined || subject === undefined) return []
    try {
      const policy = parts.policyFor(subject)
      const isListed = discoverable(policy, subject, parts.now())
      const { blocklist } = gateSettings(policy)
      return items.filter((item) => {
        const resource = policy.index.resolve(readName(item, nameOf), asked.server)
        if ('fault' in resource || !isListed(resource, resource.scope ?? asked.scope)) return false
        return blocklist?.find({ resource, subject, arguments: NOTHING }) === undefined
      })
    } catch {
      return []
    }
  })
}

const NOTHING = Object.freeze({})

/** What has no readable name is not listed. */
function readName<T>(item: T, nameOf: (item: T) => string): unknown {
  try {
    return nameOf(item)
  } catch {
    return undefined
  }
}

function defaultName(item: unknown): string {
  if (typeof item === 'string') return item
  const name = typeof item === 'object' && item !== null && 'name' in item ? item.name : undefined
  return typeof name === 'string' ? name : ''
}
