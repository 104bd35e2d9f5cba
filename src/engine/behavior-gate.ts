import { withoutCause } from '../core/behavior/ledger.ts'
import type { BehaviorSettings } from '../core/behavior/settings.ts'
import type { Assessment, Watch } from '../core/behavior/watch.ts'
import type { Call } from '../core/model/call.ts'
import type { Verdict } from '../core/model/decision.ts'
import type { Finding } from '../core/model/finding.ts'
import type { SessionView } from '../core/model/ports.ts'

/** What the behavioural layer judges a request with. */
export interface BehaviorRun {
  readonly watch: Watch
  readonly settings: BehaviorSettings
  /** Number of the request's event. */
  readonly number: number
}

export type BehaviorVerdict = Verdict & { readonly assessment: Assessment }

/** The last gate: what was allowed so far is held against where the session's data came from. */
export function checkBehavior(
  call: Call,
  { watch, settings, number }: BehaviorRun,
  run: { readonly session: SessionView; readonly dryRun: boolean },
): BehaviorVerdict {
  if (!run.dryRun && call.task !== undefined) watch.task(call.task)
  const assessment = watch.judge(call, number, { settings, session: run.session })
  switch (assessment.outcome) {
    case 'allow':
    case 'warn':
      return { kind: 'pass', assessment }
    case 'ask':
      return {
        kind: 'escalate',
        reason: 'approval_required',
        detail: detailOf(assessment.decisive),
        assessment,
      }
    case 'pause':
    case 'terminate':
      return {
        kind: 'deny',
        reason: 'behavior_blocked',
        detail: detailOf(assessment.decisive),
        assessment,
      }
  }
}

/** Rule and message of the first finding, and how many more there are. */
export function detailOf(findings: readonly Finding[]): string {
  const [first] = findings
  if (first === undefined) return 'the session has come to too much risk'
  const more = findings.length === 1 ? '' : ` (and ${findings.length - 1} more)`
  return `${first.rule}: ${first.message}${more}`
}

/** What a record says was found: what is new, or where the call was stopped all that stopped it. */
export function reported(
  { outcome, findings }: Pick<Assessment, 'outcome' | 'findings'>,
  fresh: readonly Finding[],
): readonly Finding[] {
  if (outcome === 'allow' || outcome === 'warn') return fresh
  return Object.freeze(findings.map(withoutCause))
}
