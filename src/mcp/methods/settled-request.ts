import type { JsonObject } from '../../core/model/json.ts'
import type { Ticket } from '../../engine/ticket.ts'
import type { IncomingRequest, Params } from '../host.ts'
import { paramsOf } from '../server/server-guard.ts'
import type { Judged } from './judged.ts'
import { thawed } from './thaw.ts'

/**
 * INVARIANT: what was judged is what is dispatched, whatever became of the caller's object meanwhile.
 * Undefined where a policy has rewritten what cannot be: a URI, or what is to be completed.
 */
export function settledRequest({ incoming, target, ticket }: Judged): IncomingRequest | undefined {
  const { request } = incoming
  const params = paramsOf(request)
  if (target.field !== undefined) {
    const isBare = params[target.field] === undefined && Object.keys(ticket.arguments).length === 0
    const args = isBare ? {} : { [target.field]: thawed(ticket.arguments) }
    return { ...request, params: { ...params, name: target.name, ...args } }
  }
  if (target.kind === 'method' && request.params !== undefined)
    return { ...request, params: rewrittenParams(params, ticket.arguments) }
  if (isRewritten(ticket)) return undefined
  return target.kind === 'resource'
    ? { ...request, params: { ...params, uri: target.name } }
    : request
}

export function isRewritten({ decision }: Ticket): boolean {
  return decision.dispatch_hash !== null
}

/** Where all params were judged, but what the protocol itself says with them. */
export function rewrittenParams({ _meta }: Params, args: JsonObject): Params {
  const now = thawed(args) as Params // an object as it is given
  return _meta === undefined ? now : { ...now, _meta }
}
