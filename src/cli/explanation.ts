import type { ConstraintTrace, RuleTrace } from '../core/gates/rbac-trace.ts'
import type { Remedy } from '../core/gates/remedy.ts'
import type { CallRequest } from '../core/model/call.ts'
import type { ArgumentPatch, Decision, Obligation, RuleRef } from '../core/model/decision.ts'
import type { Explanation } from '../engine/explain.ts'
import { type Paint, printable } from './paint.ts'
import { alignRows } from './table.ts'

/** True where the call would go out as it is, or rewritten. */
export function isYes(decision: Decision): boolean {
  return decision.effect === 'allow' || decision.effect === 'compute'
}

/** One rule as people point at it: `sql-readonly #0 "Read-only SQL"`. */
function ruleName(rule: RuleRef): string {
  const name = rule.name === null ? '' : ` "${rule.name}"`
  return printable(`${rule.role} #${rule.index}${name}`)
}

/** One line on why: the rule that allows, or the reason that does not. */
export function whyLine(decision: Decision): string {
  const rule = decision.rule === null ? '' : `by ${ruleName(decision.rule)}`
  if (isYes(decision)) return rule
  const detail = decision.detail === null ? '' : `: ${printable(decision.detail)}`
  return `${decision.reason}${detail}`
}

/** The whole explanation: the verdict, every rule considered, and what would allow the call. */
export function renderExplanation(
  request: CallRequest,
  explanation: Explanation,
  paint: Paint,
): string {
  const { decision, considered, remedy } = explanation
  return `${[
    ...verdictLines(request, decision, paint),
    '',
    ...consideredLines(considered, decision, paint),
    ...(remedy === undefined ? [] : ['', ...remedyLines(remedy, paint)]),
  ].join('\n')}\n`
}

function verdictLines(request: CallRequest, decision: Decision, paint: Paint): readonly string[] {
  const style = isYes(decision) ? paint.good : paint.bad
  const scope = request.scope === undefined ? '' : ` in scope ${request.scope}`
  const call = `${request.subject?.agent ?? ''} ${request.verb ?? 'invoke'} ${request.resource}${scope}`
  const constraint = decision.constraint === null ? '' : `, constraint ${decision.constraint}`
  const rows = [
    ['call', printable(call)],
    ['decided by', `gate ${decision.gate}${constraint}`],
    ...(decision.rule === null ? [] : [['rule', ruleName(decision.rule)]]),
    ...(decision.detail === null ? [] : [['detail', printable(decision.detail)]]),
    ...(decision.patch ?? []).map((step) => ['rewritten', patchText(step)]),
    ...decision.obligations.map((one) => ['besides', obligationText(one)]),
    ['policy', decision.policy_digest],
  ]
  return [
    `${style(paint.strong(decision.effect))}  ${decision.reason}`,
    '',
    ...alignRows(
      rows.map(([name = '', value = '']) => [paint.quiet(name), value]),
      '  ',
    ),
  ]
}

const MAX_VALUE = 200

function patchText(step: ArgumentPatch): string {
  if (step.op === 'remove') return printable(`${step.path} is taken out`)
  const value = JSON.stringify(step.value)
  const shown = value.length > MAX_VALUE ? `${value.slice(0, MAX_VALUE)}…` : value
  return printable(`${step.path} = ${shown}`)
}

function obligationText(obligation: Obligation): string {
  switch (obligation.kind) {
    case 'mask_columns':
      return printable(`columns masked in the response: ${obligation.columns.join(', ')}`)
    case 'redact':
      return printable(`taken out of the response: ${obligation.classes.join(', ')}`)
    case 'notify':
      return printable(`told: ${obligation.channel}`)
    case 'set_argument':
      return printable(`${obligation.path} is set by the host`)
  }
}

const BECAUSE: Readonly<Record<NonNullable<RuleTrace['because']>, string>> = {
  scope: 'its binding does not cover the scope of the call',
  verb: 'its verbs do not reach so far',
  condition: 'its `when` does not hold for this subject',
  not_listed: 'its selectors do not reach tools outside the catalogue',
  no_grant: 'it only restricts what other rules grant, and none does',
  constraint: 'its constraints do not hold',
}

function consideredLines(
  considered: readonly RuleTrace[],
  decision: Decision,
  paint: Paint,
): readonly string[] {
  if (considered.length === 0) return [paint.strong('no rule of this subject names the resource')]
  const rules = considered.length === 1 ? '1 rule' : `${considered.length} rules`
  return [
    paint.strong(`${rules} considered`),
    ...considered.flatMap((trace) => traceLines(trace, decision, paint)),
  ]
}

function traceLines(trace: RuleTrace, decision: Decision, paint: Paint): readonly string[] {
  const applies = trace.outcome === 'applies'
  const permits = trace.effect !== 'deny'
  const mark = applies ? (permits ? paint.good('✓') : paint.bad('✗')) : paint.quiet('·')
  const isGranting = decision.gate !== 'rbac' && decision.effect === 'deny'
  const words = isGranting ? `  ← granted, then denied by ${decision.gate}` : '  ← decided'
  const decided = sameRule(trace.rule, decision.rule) ? paint.strong(words) : ''
  const why = trace.because === null ? 'applies' : `does not apply: ${BECAUSE[trace.because]}`
  return [
    `  ${mark} ${ruleName(trace.rule)}${decided}`,
    `      ${trace.effect}, binding ${trace.binding}; ${why}`,
    ...alignRows(
      trace.constraints.map((one) => constraintRow(one, paint)),
      '      ',
    ),
  ]
}

function constraintRow(one: ConstraintTrace, paint: Paint): readonly string[] {
  const style = one.standing === 'inside' ? paint.good : paint.warning
  return [one.kind, style(one.standing), paint.quiet(printable(one.detail))]
}

function sameRule(one: RuleRef, other: RuleRef | null): boolean {
  return other !== null && one.role === other.role && one.index === other.index
}

function remedyLines(remedy: Remedy, paint: Paint): readonly string[] {
  const rows = [
    [paint.quiet('for the operator'), printable(remedy.operator)],
    [paint.quiet('for the agent'), printable(remedy.agent)],
    ...(remedy.patch === null
      ? []
      : [[paint.quiet('patch'), printable(JSON.stringify(remedy.patch))]]),
  ]
  return [paint.strong('what would allow it'), ...alignRows(rows, '  ')]
}
