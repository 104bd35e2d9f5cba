import { withoutCause } from '../core/behavior/ledger.ts'
import type { BehaviorSettings } from '../core/behavior/settings.ts'
import type { Assessment, Watch } from '../core/behavior/watch.ts'
import type { Call } from '../core/model/call.ts'
import type { Verdict } from '../core/model/decision.ts'
import type { Finding } from '../core/model/finding.ts'
import type { SessionView } from '../core/model/ports.ts'
import { coversResource } from '../core/policy/selectors.ts'
import type { CompiledRoutes } from '../core/routing/compile-routes.ts'

/** What the behavioural layer judges a request with. */
export interface BehaviorRun {
  readonly watch: Watch
  readonly settings: BehaviorSettings
  /** Number of the request's event. */
  readonly number: number
}

export type BehaviorVerdict = Verdict & { readonly assessment: Assessment }

/**
 * Prompts repeat whatever the session has read: a model is in its flow of data only where the catalogue
 * says what it is, as of one that others can read along with.
 */
export function isWatched({ kind, tags, payload_class }: Call['resource']): boolean {
  return kind !== 'model' || tags.length > 0 || payload_class !== undefined
}

/** Restricted data that a session has read goes to no model but those the policy lists for it. */
export function checkModel(
  { resource }: Call,
  routes: CompiledRoutes | undefined,
  { tainted, forgot }: Pick<Watch, 'tainted' | 'forgot'>,
): Verdict {
  const allowed = routes?.restricted
  if (allowed === undefined || !(tainted || forgot)) return PASS
  if (allowed.some((selector) => coversResource(selector, resource))) return PASS
  return {
    kind: 'deny',
    reason: 'behavior_blocked',
    detail:
      'the session has read restricted data, which goes only to models of `router.restricted_models`',
  }
}
const PASS: Verdict = Object.freeze({ kind: 'pass' })

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
