import { andThen, type MaybePromise } from '../../core/model/json.ts'
import type { Ticket } from '../../engine/ticket.ts'
import { INTERNAL_ERROR, INVALID_PARAMS, ProtocolDenial } from '../answers/denial.ts'
import { isObject } from '../host.ts'
import type { Incoming } from '../server/server-guard.ts'
import { methodResource } from './names.ts'

/**
 * Anybody may ask for a list. An error in its place is text that belongs to no call: it is looked at, and
 * read by who may read what a server says by itself. To others it says no more than its code.
 * @throws what may be said of the error
 */
export function listFailed(incoming: Incoming, error: unknown): MaybePromise<never> {
  const { guard, context } = incoming
  // A wrapped client looks at what comes from its server, in the place where it comes in.
  if (!guard.learnsLists) throw error
  return andThen(guard.headOf(context), (head) => {
    const resource = methodResource(guard.server, 'notifications')
    const asked = { ...head, resource, arguments: {}, verb: 'discover' as const }
    return andThen(guard.engine.begin(asked), (ticket) => failedWith(ticket, error))
  })
}

/** @throws what the ticket lets out of an error */
export function failedWith(ticket: Ticket, error: unknown): MaybePromise<never> {
  const told = ticket.permitted ? ticket.inspect(error) : undefined
  return andThen(ticket.finish({ ok: true, value: null }), () => {
    throw told?.ok === true ? told.value : plainError(error)
  })
}

function plainError(error: unknown): ProtocolDenial {
  const code = isObject(error) ? error['code'] : undefined
  return code === INVALID_PARAMS
    ? new ProtocolDenial(code, 'Invalid params')
    : new ProtocolDenial(
        Number.isSafeInteger(code) ? Number(code) : INTERNAL_ERROR,
        'Internal error',
      )
}
