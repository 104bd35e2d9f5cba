import type { Finding } from '../../core/model/finding.ts'

/** What is said of a tool's definition. No event belongs to it: it was shown, not called. */
export function definitionFinding(
  rule: 'tool_poisoning_indicator' | 'tool_drift',
  severity: Finding['severity'],
  confidence: number,
  message: string,
): Finding {
  return Object.freeze({
    rule,
    severity,
    confidence,
    message,
    trigger: 0,
    sources: NONE,
    action: 'warn',
    score: severity === 'low' ? 10 : 25,
  })
}

const NONE: readonly number[] = Object.freeze([])
