import type { Refusal } from '../model/ports.ts'
import type { ChargeUnit, LimitCharge } from './accounts.ts'
import { NANO } from './compile-budgets.ts'
import type { LimitTake } from './compile-limits.ts'

export interface RateDenial {
  readonly kind: 'deny'
  readonly reason: 'rate_limited'
  /** Which limit, by its place in the section: `per_session.per_minute`, `budgets.daily.usd`. */
  readonly constraint?: string
  readonly detail: string
  readonly retry_after_ms?: number
}

export interface BudgetDenial {
  readonly kind: 'deny'
  readonly reason: 'rate_limited' | 'budget_exceeded'
  /** Likewise. */
  readonly constraint?: string
  readonly detail: string
  readonly retry_after_ms?: number
}

/** A budget that is nearly spent, or spent. Amounts as the policy has them: dollars, seconds, ... */
export interface BudgetWarning {
  readonly budget: string
  readonly unit: ChargeUnit
  readonly spent: number
  readonly limit: number
  readonly detail: string
}

/** Names the limit and what to do; of principals only what the policy itself says. */
export function rateDenial(takes: readonly LimitTake[], refusal: Refusal): RateDenial {
  const wait = refusal.retryAfterMs
  const take = takes[refusal.index]
  const limit = take?.limit ?? 'a rate limit of the policy'
  const remedy =
    wait === null ? 'it lets no call pass' : `try again in ${wait} ms, and call less often`
  return {
    kind: 'deny',
    reason: 'rate_limited',
    ...(take === undefined ? {} : { constraint: take.place }),
    detail: `too many calls: the limit is ${limit}; ${remedy}`,
    ...retryOf(wait),
  }
}

// When another call ends cannot be known.
const CONCURRENT_RETRY_MS = 1_000

export function budgetDenial(
  charges: readonly LimitCharge[],
  refusal: Refusal,
  isForeseen = false,
): BudgetDenial {
  const charge = charges[refusal.index]
  if (charge?.unit === 'concurrent')
    return {
      kind: 'deny',
      reason: 'rate_limited',
      constraint: charge.place,
      detail: `too many calls under way: the limit is ${charge.text}; wait until one has ended`,
      retry_after_ms: CONCURRENT_RETRY_MS,
    }
  const wait = refusal.retryAfterMs
  const limit = charge === undefined ? 'a budget of the policy is spent' : spentText(charge)
  return {
    kind: 'deny',
    reason: 'budget_exceeded',
    ...(charge === undefined ? {} : { constraint: charge.place }),
    detail: `${limit}; ${remedyOf(charge, wait, isForeseen)}`,
    ...retryOf(wait),
  }
}

function retryOf(wait: number | null): { readonly retry_after_ms?: number } {
  return wait === null ? {} : { retry_after_ms: wait }
}

function remedyOf(
  charge: LimitCharge | undefined,
  wait: number | null,
  isForeseen: boolean,
): string {
  if (wait !== null) return `try again in ${wait} ms, when there is room in it again`
  if (charge !== undefined && charge.amount > charge.allowed)
    return 'this call alone is expected to take more: ask for less at once'
  if (isForeseen && charge?.windowMs !== undefined) return 'wait until it is filled again'
  return 'it is not filled again: whoever keeps the policy may raise it'
}

function spentText({ budget, text, isOwn }: LimitCharge): string {
  const whose = isOwn ? '' : ' of a session that this one works for'
  const name = budget === undefined ? 'the limit' : `the budget \`${budget.name}\``
  return `${name}${whose} does not cover this call: it allows ${text}`
}

export type Stage = 'fine' | 'warn' | 'escalate'

/** What the amount, this call's included, means where nothing is denied. */
export function stageOf({ budget, allowed }: LimitCharge, amount: number): Stage {
  if (budget === undefined) return 'fine'
  // NaN, where a store says nothing sensible, counts as spent.
  if (!(amount <= allowed)) return budget.action === 'escalate' ? 'escalate' : 'warn'
  const { warnAt } = budget
  return warnAt !== undefined && amount >= warnAt * allowed ? 'warn' : 'fine'
}

const FACTORS: Readonly<Partial<Record<ChargeUnit, number>>> = { usd: NANO, seconds: 1_000 }

export function warningOf(charge: LimitCharge, amount: number): BudgetWarning {
  const { budget, unit, allowed, text, isOwn } = charge
  const factor = FACTORS[unit] ?? 1
  const name = budget?.name ?? 'per_session'
  const whose = isOwn ? '' : ' of a session that this one works for'
  // Nano-dollars that are only set aside are nobody's business.
  const spent = Math.floor((amount / factor) * 1e6) / 1e6
  const state = amount <= allowed ? 'nearly spent' : 'spent'
  return {
    budget: name,
    unit,
    spent,
    limit: allowed / factor,
    detail: `the budget \`${name}\`${whose} is ${state}: ${spent} of ${text}`,
  }
}
