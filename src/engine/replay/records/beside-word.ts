import { canonicalJson } from '../../../core/hash.ts'
import type { AuditRecord } from '../../../core/model/audit-record.ts'
import type { JsonValue } from '../../../core/model/json.ts'
import type { Rewrite } from './derive.ts'

/** Fields beside its word that a decision record is held to. */
export type HeldField = 'status' | 'enforced' | 'dispatch_hash' | 'patch'

/** What is wrong beside the word: fields of the record, or why it cannot be told. */
export interface BesideWord {
  readonly fields: readonly HeldField[]
  /** The patch may be another only because something was taken out of it. */
  readonly isRedacted: boolean
}

/**
 * Compares what a decision record says beside its word with what follows from the word: whether the
 * call went out, and as what. `rewrite` is `unknown` where the arguments are.
 */
export function besideWord(
  record: AuditRecord,
  rewrite: Rewrite | undefined | 'unknown',
): BesideWord {
  const fields: HeldField[] = []
  if (record.enforced !== isEnforced(record)) fields.push('enforced')
  if (record.status !== (isSentOut(record) ? 'pending' : 'denied')) fields.push('status')
  const isAsAsked = record.effect === 'allow' || record.effect === 'deny'
  const expected = isAsAsked ? undefined : rewrite
  if (expected === 'unknown') return { fields, isRedacted: false }
  if (record.dispatch_hash !== (expected?.hash ?? null)) fields.push('dispatch_hash')
  const isPatch = isAny(record.patch, expected === undefined ? [null] : expected.recordable)
  if (!isPatch && expected?.isRedacted !== true) fields.push('patch')
  return { fields, isRedacted: !isPatch && expected?.isRedacted === true }
}

// As `makeDecision` has it: what could not be read is never dispatched.
function isEnforced({ mode, input_hash: hash, reason }: AuditRecord): boolean {
  return mode === 'enforce' || hash === 'unavailable' || reason === 'audit_unavailable'
}

function isSentOut({ enforced, effect }: AuditRecord): boolean {
  return enforced === false || effect === 'allow' || effect === 'compute'
}

function isAny(patch: AuditRecord['patch'], forms: readonly JsonValue[]): boolean {
  const text = canonicalJson(patch as JsonValue) // parsed JSON
  return forms.some((form) => canonicalJson(form) === text)
}
