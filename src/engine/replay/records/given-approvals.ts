import type { AuditRecord } from '../../../core/model/audit-record.ts'

/** The approvals that a trail shows to have been given. */
export interface GivenApprovals {
  /** Takes note of a record that says that somebody approved. */
  note(record: AuditRecord): void
  /** Whether somebody approved this very call, as far as the trail was read. */
  isGiven(decision: AuditRecord): boolean
}

/** The oldest are forgotten: a decision by one of them cannot be told then. */
const MOST_APPROVALS = 50_000

export function createGivenApprovals(): GivenApprovals {
  const given = new Map<string, string>()
  return {
    note(record) {
      const { kind, status, approval_id: id, input_hash: hash } = record
      if (kind !== 'approval' || status !== 'success' || id === null) return
      given.delete(id)
      given.set(id, bindingOf(record, hash))
      if (given.size <= MOST_APPROVALS) return
      for (const oldest of given.keys()) {
        given.delete(oldest)
        return
      }
    },
    isGiven(decision) {
      const { approval_id: id, dispatch_hash, input_hash } = decision
      // A person approves what is dispatched.
      return id !== null && given.get(id) === bindingOf(decision, dispatch_hash ?? input_hash)
    },
  }
}

function bindingOf(
  { session_id, tenant, agent, resource, verb }: AuditRecord,
  hash: string | null,
): string {
  return JSON.stringify([session_id, tenant, agent, resource, verb, hash])
}
