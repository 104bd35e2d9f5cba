import { CallgateError } from '../../core/model/errors.ts'
import type { Ticket } from '../../engine/ticket.ts'

/**
 * Closes a call that its caller has given up. Nothing goes back from then on: for a handler that goes
 * on, or never answers, nobody waits.
 */
export function cancel({ ticket }: { readonly ticket: Ticket }): void {
  // The engine reports what it could not record.
  void Promise.resolve(ticket.finish({ ok: false, error: cancelled() })).catch(() => undefined)
}

export function cancelled(): CallgateError {
  return new CallgateError('ERR_CALL_CANCELLED', 'the caller gave up')
}
