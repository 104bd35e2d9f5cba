import type { CompiledPolicy } from '../core/policy/compile.ts'
import { isClean, type ReplayDecision, type ReplayReport } from '../engine/replay/replay-report.ts'
import { type Paint, printable } from './paint.ts'

/** `loaded RBAC policy: 4 roles, 3 bindings`, or that there is none. */
export function policyLine(policy: CompiledPolicy | undefined, paint: Paint): string {
  if (policy === undefined)
    return `${paint.warning('no policy')}: only the behavioral layer is judged; add --policy to judge by RBAC`
  const roles = policy.document.roles?.length ?? 0
  const bindings = policy.document.bindings?.length ?? 0
  return `loaded RBAC policy: ${counted(roles, 'role')}, ${counted(bindings, 'binding')}`
}

/** One session as people read it, with the lines of the source documents. */
export function renderSession(report: ReplayReport, paint: Paint): string {
  const title = `SESSION REPORT: ${printable(report.name)}`
  const blocks = [
    [paint.strong(title), paint.quiet('-'.repeat(RULE)), ...headLines(report)],
    rbacLines(report),
    report.decisions.map((decision) => decisionLine(decision, paint)),
    noteLines(report),
    findingLines(report, paint),
    [banner(report, paint)],
  ]
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}

const RULE = 43

function headLines(report: ReplayReport): readonly string[] {
  return [
    `Session: ${printable(report.session)}`,
    `Events: ${report.events}    Findings: ${report.findings.length}`,
  ]
}

function rbacLines(report: ReplayReport): readonly string[] {
  if (report.policy_digest === null && report.decisions.length === 0)
    return ['RBAC: not judged, no policy was given']
  const asked = report.decisions.filter(({ effect }) => effect === 'escalate').length
  const more = asked === 0 ? '' : `   asked: ${asked}`
  return [`RBAC allowed: ${report.allowed}   denied: ${report.denied}${more}`]
}

function decisionLine(decision: ReplayDecision, paint: Paint): string {
  const agent = printable(decision.agent ?? '(none)')
  const call = `agent=${agent} tool=${printable(decision.resource)}`
  switch (decision.effect) {
    case 'allow':
    case 'compute':
      return `${paint.good('✓')} ${call} role=${printable(decision.rule?.role ?? '-')}`
    case 'escalate':
      return `${paint.warning('?')} ${call} ${paint.warning(`reason=${decision.reason}`)}`
    case 'deny':
      return `${paint.bad('✗')} ${call} ${paint.bad(`reason=${decision.reason}`)}${detailLine(decision, paint)}`
  }
}

/** What a constraint or gate found, below the denial; the other reasons say it themselves. */
function detailLine(decision: ReplayDecision, paint: Paint): string {
  if (decision.detail === null || SELF_EVIDENT.has(decision.reason)) return ''
  const prefix = `${decision.constraint ?? decision.gate}: `
  const detail = decision.detail.startsWith(prefix) ? decision.detail : prefix + decision.detail
  return `\n    ${paint.quiet(printable(detail))}`
}
const SELF_EVIDENT = new Set(['no_binding', 'no_matching_rule', 'verb_insufficient'])

function noteLines(report: ReplayReport): readonly string[] {
  const { stopped_at: stopped, asked_at: asked } = report
  return [
    ...(report.analysed === 0 ? ['0 events reached the behavioral engine'] : []),
    ...(stopped === null ? [] : [`event ${stopped} is the first that would not have gone through`]),
    ...(asked === null
      ? []
      : [`event ${asked} would have waited for a person; replayed as if approved`]),
  ]
}

function findingLines(report: ReplayReport, paint: Paint): readonly string[] {
  return report.findings.flatMap((finding) => [
    `${paint.bad(finding.rule)} detected  ${chainOf(finding)}  confidence=${finding.confidence.toFixed(2)}`,
    `    ${printable(finding.message)}`,
  ])
}

function chainOf(finding: ReplayReport['findings'][number]): string {
  return [...new Set([...finding.sources, finding.trigger])]
    .map((seq) => `event ${seq}`)
    .join(' -> ')
}

const BANNERS = {
  allow: 'ALLOWED',
  warn: 'WARNED',
  pause: 'PAUSED',
  terminate: 'TERMINATED',
} as const satisfies Record<ReplayReport['disposition'], string>

function banner(report: ReplayReport, paint: Paint): string {
  const style = { allow: paint.good, warn: paint.warning, pause: paint.bad, terminate: paint.bad }
  return style[report.disposition](paint.strong(`SESSION ${BANNERS[report.disposition]}`))
}

/** One line over many sessions. */
export function totalsLine(reports: readonly ReplayTotals[], paint: Paint): string {
  const sum = (of: (one: ReplayTotals) => number): number =>
    reports.reduce((total, one) => total + of(one), 0)
  const clean = sum((one) => (one.clean ? 1 : 0))
  const style = clean === reports.length ? paint.good : paint.bad
  const figures = [
    `${counted(
      sum((one) => one.allowed),
      'call',
    )} allowed`,
    `${sum((one) => one.denied)} denied`,
    counted(
      sum((one) => one.findings),
      'finding',
    ),
  ]
  return `${counted(reports.length, 'session')}, ${style(`${clean} clean`)}: ${figures.join(', ')}`
}

/** What is kept of a session once it is printed. */
export interface ReplayTotals {
  readonly clean: boolean
  readonly allowed: number
  readonly denied: number
  readonly findings: number
}

export function totalsOf(report: ReplayReport): ReplayTotals {
  return {
    clean: isClean(report),
    allowed: report.allowed,
    denied: report.denied,
    findings: report.findings.length,
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
