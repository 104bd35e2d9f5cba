import type { AuditRecord, RecordKind } from '../../core/model/audit-record.ts'
import type { RuleRef } from '../../core/model/decision.ts'
import type { Finding } from '../../core/model/finding.ts'

const KINDS: ReadonlySet<string> = new Set<RecordKind>([
  'decision',
  'outcome',
  'finding',
  'approval',
  'policy',
  'session',
  'route',
])

/**
 * The same record where its lists hold what their types say. Else one without what they should not
 * hold, and a record of no known kind as a call of which nothing is known.
 */
export function ofItsTypes(record: AuditRecord): AuditRecord {
  const { kind, act_chain: chain, gates, findings, rule } = record
  const isKnown = KINDS.has(kind)
  if (isKnown && isTexts(chain) && isTexts(gates) && isRule(rule) && findings.every(isFinding))
    return record
  return {
    ...record,
    ...(isKnown ? {} : { kind: 'decision', status: 'unknown', effect: null }),
    act_chain: chain.filter(isText),
    gates: gates.filter(isText),
    findings: findings.filter(isFinding),
    rule: isRule(rule) ? rule : null,
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function isTexts(values: readonly unknown[]): boolean {
  return values.every(isText)
}

function isRule(value: unknown): boolean {
  if (value === null) return true
  if (typeof value !== 'object') return false
  const { role, name, index } = value as Partial<Record<keyof RuleRef, unknown>>
  return isText(role) && (name === null || isText(name)) && typeof index === 'number'
}

function isFinding(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { rule, severity, confidence, message } = value as Partial<Record<keyof Finding, unknown>>
  return isText(rule) && isText(severity) && typeof confidence === 'number' && isText(message)
}
