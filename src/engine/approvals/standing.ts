import type { Reason } from '../../core/model/decision.ts'
import type { ApprovalBinding, ApprovalEntry } from '../../core/model/ports.ts'
import { approverFault } from './approvers.ts'
import { differenceOf, isSamePrincipal } from './binding.ts'
import type { ApprovalSettings } from './settings.ts'

/** What an approval is worth to a call. */
export type Standing =
  | { readonly ok: true; readonly entry: ApprovalEntry }
  | {
      readonly ok: false
      readonly reason: Extract<Reason, `approval_${string}`>
      readonly detail: string
      /** Undefined where the caller may not know whether there is one. */
      readonly entry: ApprovalEntry | undefined
    }

/** Told apart in this order: whose it is, what it is for, what became of it, who gave it. */
export function standingOf(
  entry: ApprovalEntry | undefined,
  binding: ApprovalBinding,
  settings: ApprovalSettings,
): Standing {
  // The same word for both: nobody learns of another's approvals by trying ids.
  if (entry === undefined || !isSamePrincipal(entry.binding, binding))
    return not('approval_mismatch', 'there is no such approval for this caller', undefined)
  const other = differenceOf(entry.binding, binding)
  if (other !== undefined)
    return not('approval_mismatch', `not the call that was approved: another ${other}`, entry)
  return entry.state === 'approved' ? given(entry, settings) : notGiven(entry)
}

/** The policy may have changed since: who gave it must still be somebody who may. */
function given(
  entry: ApprovalEntry,
  { approvers, fourEyes }: Pick<ApprovalSettings, 'approvers' | 'fourEyes'>,
): Standing {
  const fault = approverFault(entry.by, { requesters: entry.requesters, approvers, fourEyes })
  return fault === undefined ? { ok: true, entry } : not('approval_denied', fault, entry)
}

function notGiven(entry: ApprovalEntry): Standing {
  switch (entry.state) {
    case 'used':
      return not('approval_used', 'this approval was good for one call, and has been used', entry)
    case 'denied':
      return not('approval_denied', refusalOf(entry), entry)
    case 'pending':
      return not('approval_required', 'nobody has answered yet: send the call again later', entry)
    default:
      return not(
        'approval_expired',
        'the approval is over: send the call without it to ask anew',
        entry,
      )
  }
}

/** What a person said, for the caller to go by. */
export function refusalOf({ reason }: ApprovalEntry): string {
  return reason === null ? 'a person refused this call' : `a person refused this call: ${reason}`
}

function not(
  reason: Extract<Reason, `approval_${string}`>,
  detail: string,
  entry: ApprovalEntry | undefined,
): Standing {
  return { ok: false, reason, detail, entry }
}
