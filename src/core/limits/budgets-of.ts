import type { ChargeUnit, LimitCharge, Payer } from './accounts.ts'
import { NANO } from './compile-budgets.ts'
import type { CompiledLimits } from './compile-limits.ts'
import { standingOf } from './standing.ts'

/** What a call is expected to spend. */
export interface Estimate {
  readonly usd?: number | undefined
  readonly tokens?: number | undefined
  readonly ms?: number | undefined
}

export interface Spending {
  readonly estimate?: Estimate | undefined
  /** Bytes that leave with this call, where it leads out and the session has read restricted data. */
  readonly egressBytes?: number | undefined
}

/**
 * The accounts a call is charged to. `ancestors` are the sessions on whose behalf this one was begun:
 * what is spent here is spent there too, so that a helper never has an allowance of its own.
 */
export function chargesOf(
  call: Payer,
  limits: CompiledLimits,
  spending: Spending = {},
  ancestors: readonly Payer[] = NOBODY,
): readonly LimitCharge[] {
  const { session, budgets } = limits
  if (session.calls === undefined && session.concurrent === undefined && budgets.length === 0)
    return NOTHING
  const charges: LimitCharge[] = []
  for (const account of standingOf(call, limits).accounts) add(charges, account, spending)
  for (const payer of ancestors)
    for (const account of standingOf(payer, limits).accounts) {
      // Not how many are under way: the call that began a helper is one of them.
      const isShared = charges.some(({ key }) => key === account.key)
      if (account.unit === 'concurrent' || isShared) continue
      add(charges, { ...account, isOwn: false }, spending)
    }
  return charges
}

const NOTHING: readonly LimitCharge[] = []
const NOBODY: readonly Payer[] = []

function add(charges: LimitCharge[], account: LimitCharge, spending: Spending): void {
  const guess = guessOf(account.unit, spending)
  if (guess !== undefined)
    charges.push({ ...account, amount: wholeUnits(guess) ?? account.amount, isEstimate: true })
  // Bytes are charged only where they leave.
  else if (account.unit !== 'egress_bytes') charges.push(account)
}

function guessOf(unit: ChargeUnit, { estimate, egressBytes }: Spending): number | undefined {
  switch (unit) {
    case 'usd':
      return estimate?.usd === undefined ? undefined : estimate.usd * NANO
    case 'tokens':
      return estimate?.tokens
    case 'seconds':
      return estimate?.ms
    case 'egress_bytes':
      return egressBytes === 0 ? undefined : egressBytes
    default:
      return undefined
  }
}

/** What became of a call that was charged. */
export interface Outcome {
  /** False: it was stopped after all, and nothing was spent. */
  readonly dispatched: boolean
  readonly ms?: number | undefined
  readonly usage?: { readonly usd?: number; readonly tokens?: number } | undefined
}

/** What was spent in place of what was set aside. */
export function actualOf(charge: LimitCharge, { dispatched, ms, usage }: Outcome): number {
  if (!dispatched || charge.unit === 'concurrent') return 0
  const learned = { usd: usage?.usd === undefined ? undefined : usage.usd * NANO }
  switch (charge.unit) {
    case 'calls':
    case 'egress_bytes':
      return charge.amount
    case 'usd':
      return spentOf(learned.usd, charge)
    case 'tokens':
      return spentOf(usage?.tokens, charge)
    case 'seconds':
      return spentOf(ms, charge)
  }
}

/** A figure that cannot be right gives nothing back. */
function spentOf(figure: number | undefined, charge: LimitCharge): number {
  if (figure === undefined) return charge.isEstimate ? charge.amount : 0
  return figure === 0 ? 0 : (wholeUnits(figure) ?? charge.amount)
}

/** Rounded up, since what is spent is not given away; undefined for what is no amount. */
function wholeUnits(amount: number | undefined): number | undefined {
  if (amount === undefined || !(amount >= 0)) return undefined
  // Nano-dollars of a decimal fraction are a hair off the whole number that was meant.
  return Math.max(1, Math.min(Number.MAX_SAFE_INTEGER, Math.ceil(amount - 1e-6)))
}
