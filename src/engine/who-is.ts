import type { CallRequest, Subject } from '../core/model/call.ts'
import { andThen, type MaybePromise } from '../core/model/json.ts'
import { identify } from './identify.ts'
import type { LineParts } from './line-record.ts'
import { receive } from './receive.ts'

/** Who a request comes from, found out as for a call; undefined where nobody was. */
export function whoIs(
  parts: LineParts,
  request: Omit<CallRequest, 'arguments' | 'resource'>,
): MaybePromise<Subject | undefined> {
  const asked = receive({ ...request, resource: '*', arguments: {} }, parts.context(), parts.limits)
  if (asked.fault !== undefined) return undefined
  return andThen(identify(asked, parts.identity(), parts.gateTimeoutMs), ({ subject }) => subject)
}
