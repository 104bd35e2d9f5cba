import type { CallRequest } from '../core/model/call.ts'
import type { Decision, RuleRef } from '../core/model/decision.ts'
import type { Explanation } from '../engine/explain.ts'

/** A line with a name in front. */
export type Row = readonly [name: string, text: string]

const LONGEST_ARGUMENTS = 200

/** `role[2] "name of the rule"`; `null` is no rule. */
export function describeRule(rule: RuleRef | null): string {
  if (rule === null) return 'none'
  const name = rule.name === null ? '' : ` "${rule.name}"`
  return `${rule.role}[${rule.index}]${name}`
}

/** `deny constraint_violation`, or the effect alone where its reason says no more. */
export function describeEffect(decision: Pick<Decision, 'effect' | 'reason'>): string {
  return decision.reason === 'allowed' ? decision.effect : `${decision.effect} ${decision.reason}`
}

/** Who does what, on one line. */
export function describeCall(call: CallRequest): string {
  const scope = call.scope === undefined ? '' : ` in scope ${call.scope}`
  const who = call.subject?.agent ?? 'nobody'
  const text = JSON.stringify(call.arguments)
  const args = text.length > LONGEST_ARGUMENTS ? `${text.slice(0, LONGEST_ARGUMENTS)}...` : text
  return `${who} ${call.verb ?? 'invoke'} ${call.resource}${scope} ${args}`
}

/** Everything that helps to see why it was decided so. */
export function describeExplanation(call: CallRequest, explanation: Explanation): readonly Row[] {
  const { decision, remedy } = explanation
  const rows: Row[] = [
    ['call', describeCall(call)],
    ['gate', decision.gate],
    ['rule', describeRule(decision.rule)],
  ]
  if (decision.constraint !== null) rows.push(['constraint', decision.constraint])
  if (decision.detail !== null) rows.push(['detail', decision.detail])
  if (remedy !== undefined) rows.push(['remedy', remedy.operator])
  return rows
}

/** Rows with their texts in one column. */
export function alignedRows(rows: readonly Row[], indent: string): readonly string[] {
  const width = Math.max(0, ...rows.map(([name]) => name.length))
  return rows.map(([name, text]) => `${indent}${name.padEnd(width)}  ${text}`)
}
