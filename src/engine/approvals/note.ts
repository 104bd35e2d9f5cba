import type { RecordStatus } from '../../core/model/audit-record.ts'
import { andThen, type MaybePromise } from '../../core/model/json.ts'
import type { ApprovalEntry, ApprovalState } from '../../core/model/ports.ts'
import type { LineParts } from '../line-record.ts'
import { eventRecord } from '../record.ts'

/** Records that a person was asked, or what came of it. The record of an answer names who gave it. */
export function noteApproval(
  parts: Pick<LineParts, 'audit' | 'nextId' | 'now'>,
  { id, state, by, binding, trace, policy_digest }: ApprovalEntry,
): MaybePromise<void> {
  if (!parts.audit.isNeeded()) return undefined
  const isAnswer = by !== null && state !== 'expired'
  const fields = {
    id: parts.nextId(),
    kind: 'approval' as const,
    status: STATUS[state],
    approval_id: id,
    session_id: binding.session,
    tenant: binding.tenant,
    agent: binding.agent,
    user_id: isAnswer ? by : binding.user,
    actor_kind: isAnswer ? ('user' as const) : ('agent' as const),
    server: binding.server,
    resource: binding.resource,
    verb: binding.verb,
    trace_id: trace,
    policy_digest,
    input_hash: binding.arguments_hash,
  }
  return andThen(parts.audit.write(eventRecord(fields, parts.now())), () => undefined)
}

const STATUS: Readonly<Record<ApprovalState, RecordStatus>> = {
  pending: 'pending',
  approved: 'success',
  used: 'success',
  denied: 'denied',
  expired: 'timeout',
}
