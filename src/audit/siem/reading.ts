import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { Reason } from '../../core/model/decision.ts'
import type { Finding } from '../../core/model/finding.ts'
import { ofItsTypes } from './of-its-types.ts'
import { ownOf } from './text.ts'

export type Severity = 'informational' | 'low' | 'medium' | 'high' | 'critical'
const SEVERITIES = ['informational', 'low', 'medium', 'high', 'critical'] as const

/** What every form asks of a record, answered once. */
export interface Reading {
  /** The record, with what is not of its types taken out: files hold what others have written. */
  readonly record: AuditRecord
  /** Noun then verb, such as `call.denied`. */
  readonly event: string
  /** One line for people. Holds names and codes, no payload. */
  readonly message: string
  readonly severity: Severity
  /** Epoch milliseconds; null where the record has no readable time. */
  readonly at: number | null
  /** What became of the call at the gate; null where the record is about no call. `observed`: it would have been denied. */
  readonly action: 'allowed' | 'denied' | 'observed' | 'modified' | null
  readonly outcome: 'success' | 'failure' | 'unknown'
  /** The gravest of its findings. */
  readonly finding: Finding | null
}

export function readRecord(asKept: AuditRecord): Reading {
  const record = ofItsTypes(asKept)
  const finding = gravest(record.findings)
  const event = eventOf(record)
  const action = actionOf(record)
  return {
    record,
    event,
    message: messageOf(record, event, finding),
    severity: severityOf(record, action, finding),
    at: timeOf(record.ts),
    action,
    outcome: outcomeOf(record),
    finding,
  }
}

function actionOf({ kind, status, effect }: AuditRecord): Reading['action'] {
  if (kind !== 'decision' && kind !== 'outcome' && kind !== 'route') return null
  if (status === 'denied') return 'denied'
  if (effect === 'deny') return 'observed'
  if (effect === 'compute') return 'modified'
  return effect === 'allow' || effect === 'escalate' ? 'allowed' : null
}

function outcomeOf({ kind, status }: AuditRecord): Reading['outcome'] {
  if (status === 'success') return 'success'
  if (status === 'pending' || status === 'unknown') return 'unknown'
  // That an approval was refused is an answer like another: the question was put and settled.
  return kind === 'approval' && status === 'denied' ? 'success' : 'failure'
}

const OF_CALL: Readonly<Record<AuditRecord['status'], string>> = {
  pending: 'call.permitted',
  denied: 'call.denied',
  success: 'call.succeeded',
  failed: 'call.failed',
  timeout: 'call.timed_out',
  cancelled: 'call.cancelled',
  unknown: 'call.unknown',
}
const OF_APPROVAL: Readonly<Record<AuditRecord['status'], string>> = {
  pending: 'approval.asked',
  denied: 'approval.denied',
  success: 'approval.given',
  failed: 'approval.failed',
  timeout: 'approval.expired',
  cancelled: 'approval.cancelled',
  unknown: 'approval.unknown',
}

function eventOf(record: AuditRecord): string {
  switch (record.kind) {
    case 'decision':
    case 'outcome':
      return ownOf(OF_CALL, record.status) ?? 'call.unknown'
    case 'approval':
      return ownOf(OF_APPROVAL, record.status) ?? 'approval.unknown'
    case 'finding':
      return 'finding.made'
    case 'policy':
      return 'policy.changed'
    case 'session':
      return ownOf(SESSION_EVENT, record.disposition) ?? 'session.changed'
    case 'route':
      return 'route.chosen'
  }
}

const SESSION_EVENT: Readonly<Record<string, string>> = {
  allow: 'session.resumed',
  warn: 'session.warned',
  pause: 'session.paused',
  terminate: 'session.terminated',
}

function messageOf(record: AuditRecord, event: string, finding: Finding | null): string {
  const parts = [
    event.replace('.', ' ').replaceAll('_', ' '),
    record.resource,
    record.agent === null ? null : `by ${record.agent}`,
    record.reason === null ? null : `(${record.reason}${record.gate ? ` at ${record.gate}` : ''})`,
    finding === null ? null : `finding ${finding.rule}`,
  ]
  return parts.filter((part) => part !== null).join(' ')
}

/** How grave a denial for each reason is: what an operator should look at stands out from what is everyday. */
const OF_REASON: Readonly<Record<Reason, Severity>> = {
  allowed: 'informational',
  malformed_request: 'low',
  no_principal: 'medium',
  no_binding: 'medium',
  scope_mismatch: 'medium',
  explicit_deny: 'medium',
  no_matching_rule: 'medium',
  verb_insufficient: 'medium',
  constraint_violation: 'medium',
  constraint_unverifiable: 'medium',
  tier_insufficient: 'medium',
  token_invalid: 'high',
  secret_detected: 'high',
  scanner_detected: 'high',
  blocklisted: 'high',
  rate_limited: 'low',
  budget_exceeded: 'low',
  behavior_blocked: 'high',
  session_paused: 'medium',
  session_terminated: 'medium',
  approval_required: 'low',
  approval_denied: 'medium',
  approval_expired: 'low',
  approval_mismatch: 'high',
  approval_used: 'high',
  tool_changed: 'high',
  payload_limit: 'low',
  gate_failed: 'high',
  audit_unavailable: 'high',
}
const OF_SESSION: Readonly<Record<string, Severity>> = {
  warn: 'low',
  pause: 'medium',
  terminate: 'high',
}

function severityOf(
  record: AuditRecord,
  action: Reading['action'],
  finding: Finding | null,
): Severity {
  const candidates: (Severity | undefined)[] = [finding?.severity]
  if (action === 'denied' || action === 'observed')
    candidates.push(ownOf(OF_REASON, record.reason) ?? 'medium')
  if (record.kind === 'session') candidates.push(ownOf(OF_SESSION, record.disposition))
  if (outcomeOf(record) === 'failure') candidates.push('low')
  return SEVERITIES[Math.max(0, ...candidates.map(levelOf))] ?? 'informational'
}

/** 0 to 4. */
export function levelOf(severity: Severity | undefined): number {
  return severity === undefined ? 0 : Math.max(0, SEVERITIES.indexOf(severity))
}

function gravest(findings: readonly Finding[]): Finding | null {
  return findings.reduce<Finding | null>(
    (worst, finding) =>
      worst === null || levelOf(finding.severity) > levelOf(worst.severity) ? finding : worst,
    null,
  )
}

const LATEST = Date.UTC(9999, 11, 31)

function timeOf(ts: string): number | null {
  const at = Date.parse(ts.slice(0, 64))
  return Number.isFinite(at) && at >= 0 && at <= LATEST ? at : null
}
