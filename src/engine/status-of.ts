import type { RecordStatus } from '../core/model/audit-record.ts'
import { isCallgateError } from '../core/model/errors.ts'
import type { Outcome } from './ticket.ts'

/** How a record calls what became of a call. */
export function statusOf(outcome: Outcome, signal: AbortSignal | undefined): RecordStatus {
  if (outcome.ok) return 'success'
  if (isCallgateError(outcome.error)) {
    if (outcome.error.code === 'ERR_DISPATCH_TIMEOUT') return 'timeout'
    if (outcome.error.code === 'ERR_CALL_CANCELLED') return 'cancelled'
  }
  return signal?.aborted === true ? 'cancelled' : 'failed'
}
