import { evaluate } from '../core/gates/rbac.ts'
import type { CallRequest, Subject } from '../core/model/call.ts'
import { andThen, isPromise, type MaybePromise } from '../core/model/json.ts'
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
  return andThen(identify(asked, parts.identity, parts.gateTimeoutMs), ({ subject }) => {
    if (asked.fault !== undefined || subject === undefined) return []
    return items.filter((item) => isListed(parts, subject, nameOf(item), asked))
  })
}

function isListed(
  parts: LineParts,
  subject: Subject,
  name: string,
  asked: { readonly server: string | undefined; readonly scope: string | undefined },
): boolean {
  try {
    const policy = parts.policyFor(subject)
    const resource = policy.index.resolve(name, asked.server)
    if ('fault' in resource) return false
    const scope = resource.scope ?? asked.scope
    const query = {
      subject,
      verb: 'discover',
      resource,
      scope,
      arguments: {},
      at: parts.now(),
    } as const
    const verdict = evaluate(policy, query, parts.ports)
    return !isPromise(verdict) && verdict.effect !== 'deny'
  } catch {
    return false
  }
}

function defaultName(item: unknown): string {
  if (typeof item === 'string') return item
  const name = typeof item === 'object' && item !== null && 'name' in item ? item.name : undefined
  return typeof name === 'string' ? name : ''
}
