import { type Ledger, type LineageEdge, MAX_RISK, worse } from '../core/behavior/ledger.ts'
import type { Disposition, Finding } from '../core/model/finding.ts'
import type { Session } from './sessions.ts'

/** What the behavioural layer made of a session. Holds no payload. */
export interface SessionActivity {
  readonly edges: readonly LineageEdge[]
  readonly findings: readonly Finding[]
  readonly risk: number
  readonly disposition: Disposition
}

/** Of all principals' sessions of one id. */
export function activityOf(sessions: readonly Session[]): SessionActivity {
  return Object.freeze({
    edges: Object.freeze(sessions.flatMap((session) => ledgerOf(session)?.edges ?? [])),
    findings: Object.freeze(sessions.flatMap((session) => ledgerOf(session)?.findings ?? [])),
    risk: Math.min(MAX_RISK, Math.max(0, ...sessions.map(({ risk }) => risk))),
    disposition: sessions.reduce<Disposition>((all, one) => worse(all, one.disposition), 'allow'),
  })
}

function ledgerOf({ watch, ledger }: Session): Ledger | undefined {
  return watch?.ledger ?? ledger
}
