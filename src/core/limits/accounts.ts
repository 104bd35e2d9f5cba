import type { Subject } from '../model/call.ts'
import type { Charge } from '../model/ports.ts'
import type { CompiledBudget, CompiledLine, Unit } from './compile-budgets.ts'
import type { CompiledLimits, SessionLimits } from './compile-limits.ts'
import { limitKey, ownerOf } from './limit-key.ts'
import { whoOf } from './subject-filter.ts'

/** Whose accounts a call is charged to: its own session's, and those of sessions it works for. */
export interface Payer {
  readonly session: string
  readonly subject: Subject
}

export type ChargeUnit = Unit | 'concurrent'

/** A charge with what it takes to settle it, and to say which limit it was. */
export interface LimitCharge extends Charge {
  readonly unit: ChargeUnit
  /** Undefined: a limit of `per_session`. */
  readonly budget: CompiledBudget | undefined
  /** What the policy allows; `limit` is larger where passing it does not deny. */
  readonly allowed: number
  readonly text: string
  /** Where in the section `limits` it stands. */
  readonly place: string
  /** False: an account of somebody the call works for. */
  readonly isOwn: boolean
  /** What is set aside is a guess worth keeping where nothing better is learned. */
  readonly isEstimate: boolean
}

/** Every account of one payer, each with the least amount; which of them count depends on the call. */
export function accountsOf(payer: Payer, limits: CompiledLimits): readonly LimitCharge[] {
  return [
    ...sessionAccounts(payer, limits.session),
    ...limits.budgets.flatMap((budget) =>
      whoOf(budget.filter, payer.subject).flatMap((who) =>
        budget.lines.map((line) => {
          const key = limitKey(line.id, ...who, ...shareOf(budget.per, payer))
          return accountOf(budget, line, key, payer.subject)
        }),
      ),
    ),
  ]
}

function sessionAccounts(
  { session, subject }: Payer,
  { calls, concurrent }: SessionLimits,
): readonly LimitCharge[] {
  const accounts: LimitCharge[] = []
  const limit = (unit: 'calls' | 'concurrent', allowed: number, words: string): void => {
    const key = limitKey(`session ${unit}`, subject.tenant, subject.user, session)
    const text = `${allowed} calls ${words} for each session`
    const owner = ownerOf(subject)
    const place = `per_session.${unit}`
    const named = { text, place }
    accounts.push({
      ...BLANK,
      key,
      unit,
      limit: allowed,
      allowed,
      ...named,
      owner,
      isOfSession: true,
    })
  }
  if (calls !== undefined) limit('calls', calls, 'in all')
  if (concurrent !== undefined) limit('concurrent', concurrent, 'at the same time')
  return accounts
}

// At least one unit: a budget that is spent to the last one lets nothing more begin.
const BLANK = {
  amount: 1,
  windowMs: undefined,
  budget: undefined,
  isOwn: true,
  isEstimate: false,
} as const

function accountOf(
  budget: CompiledBudget,
  line: CompiledLine,
  key: string,
  subject: Subject,
): LimitCharge {
  const { unit, limit: allowed, text, place } = line
  const { per, windowMs } = budget
  const limit = budget.action === 'deny' ? allowed : Number.MAX_SAFE_INTEGER
  // What all share is nobody's, and not given up for want of room.
  const owner = per === 'all' ? undefined : ownerOf(subject)
  const isOfSession = per === 'session'
  return { ...BLANK, key, limit, windowMs, unit, budget, allowed, text, place, owner, isOfSession }
}

/** Those without a user or team share one account: leaving it out must not lift the limit. */
function shareOf(
  per: CompiledBudget['per'],
  { session, subject }: Payer,
): readonly (string | undefined)[] {
  switch (per) {
    case 'session':
      return [subject.tenant, subject.user, session]
    case 'agent':
      return [subject.tenant, subject.agent]
    case 'user':
      return [subject.tenant, subject.user]
    case 'team':
      return [subject.tenant, subject.team]
    case 'tenant':
      return [subject.tenant]
    case 'all':
      return []
  }
}
