import type { Disposition } from '../model/finding.ts'
import { dispositionAt, dispositionOf, type Ledger, worse } from './ledger.ts'
import type { RuleFinding } from './rule.ts'
import type { BehaviorSettings } from './settings.ts'

/** What the findings of one event come to, together with what the session has come to before. */
export interface Sum {
  readonly findings: readonly RuleFinding[]
  /** `ask`: a person must decide. */
  readonly outcome: Disposition | 'ask'
  /** The findings that stand behind an outcome of more than `warn`. */
  readonly decisive: readonly RuleFinding[]
}

export function sumFindings(
  findings: readonly RuleFinding[],
  ledger: Ledger,
  settings: BehaviorSettings,
): Sum {
  if (findings.length === 0) return NOTHING_FOUND
  let outcome: Disposition = 'allow'
  let asks = false
  for (const finding of findings) {
    if (finding.action === 'ask') asks ||= !ledger.isApproved(finding)
    outcome = worse(outcome, dispositionOf(finding.action))
  }
  outcome = worse(outcome, risenTo(findings, ledger, settings))
  const stops = outcome === 'pause' || outcome === 'terminate'
  const decisive = findings.filter(
    ({ action }) => action !== 'warn' && (!stops || action !== 'ask'),
  )
  return {
    findings,
    outcome: asks && !stops ? 'ask' : outcome,
    // Where the sum alone is too much, everything found stands behind it.
    decisive: decisive.length === 0 ? findings : decisive,
  }
}

const NONE: readonly RuleFinding[] = Object.freeze([])
const NOTHING_FOUND: Sum = Object.freeze({ findings: NONE, decisive: NONE, outcome: 'allow' })

/** The disposition the risk rises to with these, or none where it stays in its band. */
function risenTo(
  findings: readonly RuleFinding[],
  ledger: Ledger,
  { risk }: BehaviorSettings,
): Disposition {
  const before = dispositionAt(ledger.risk, risk)
  const after = dispositionAt(ledger.riskWith(findings), risk)
  // A person may have resumed the session in spite of its risk: only more of it stops it again.
  return after === before ? 'allow' : after
}
