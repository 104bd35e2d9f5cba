import { andThen, isPromise, type MaybePromise } from '../model/json.ts'
import type { BudgetStore, RateLimitStore } from '../model/ports.ts'
import type { LimitCharge, Payer } from './accounts.ts'
import { bucketsOf, type EndpointClass, type LimitedCall } from './buckets-of.ts'
import { actualOf, chargesOf, type Outcome, type Spending } from './budgets-of.ts'
import { NANO } from './compile-budgets.ts'
import type { CompiledLimits } from './compile-limits.ts'
import {
  type BudgetDenial,
  type BudgetWarning,
  budgetDenial,
  type RateDenial,
  rateDenial,
  stageOf,
  warningOf,
} from './limit-denial.ts'
import { standingOf } from './standing.ts'

export interface LimiterOptions {
  readonly rates: RateLimitStore
  readonly budgets: BudgetStore & {
    /** Drops accounts of what has ended. Without it they stay. */
    forget?(keys: readonly string[]): MaybePromise<void>
  }
  /** Milliseconds of a clock that is never set. */
  readonly monotonic: () => number
}

export interface LimitCheck extends Spending {
  /** Sessions on whose behalf the call's was begun, with whoever they belong to. */
  readonly ancestors?: readonly Payer[] | undefined
  /** @default `inference` for models, `mcp` for all else */
  readonly endpoint?: EndpointClass | undefined
  /** Says what would happen, and moves nothing. */
  readonly dryRun?: boolean | undefined
  /** What the same call was given before a person was asked: it is not counted twice. */
  readonly held?: Reservation | undefined
}

/** What was set aside for a call. To be settled once, whatever becomes of it. */
export interface Reservation {
  readonly charges: readonly LimitCharge[]
  readonly limits: CompiledLimits
}

interface Granted {
  /** Undefined: there is nothing to settle. */
  readonly reservation?: Reservation
  /** Budgets that are nearly spent, or spent where that does not stop calls. */
  readonly warnings?: readonly BudgetWarning[]
}

export type LimitVerdict =
  | (Granted & { readonly kind: 'pass' })
  | (Granted & {
      readonly kind: 'escalate'
      readonly reason: 'approval_required'
      readonly constraint: string
      readonly detail: string
    })
  | RateDenial
  | BudgetDenial

export interface Limiter {
  /** Takes from the rates, then sets aside of the budgets. Synchronous when the stores are. */
  check(
    call: LimitedCall,
    limits: CompiledLimits | undefined,
    options?: LimitCheck,
  ): MaybePromise<LimitVerdict>
  /** What was set aside becomes what was spent, and the call no longer counts as under way. */
  settle(reservation: Reservation | undefined, outcome: Outcome): MaybePromise<void>
  /** What is left of the budget of money of which the smallest part is; undefined where none counts. */
  left(payer: Payer, limits: CompiledLimits | undefined): MaybePromise<MoneyLeft | undefined>
  /** A session has ended: its accounts may go. */
  forget(payer: Payer, limits: CompiledLimits | undefined): MaybePromise<void>
}

/** Of one budget, in US dollars and as a part of it. */
export interface MoneyLeft {
  readonly remaining_usd: number
  readonly remaining_share: number
}

const PASS: LimitVerdict = Object.freeze({ kind: 'pass' })
const NO_OPTIONS: LimitCheck = Object.freeze({})
const SETTLED = undefined

/** Gate 4: rates and budgets of one call. Who asks again after a refusal pays with the rates. */
export function createLimiter({ rates, budgets, monotonic }: LimiterOptions): Limiter {
  const reservations = createReservations(budgets, monotonic)
  const { reserve, settle } = reservations

  const takeThenReserve = (
    call: LimitedCall,
    limits: CompiledLimits,
    options: LimitCheck,
  ): MaybePromise<LimitVerdict> => {
    const takes = bucketsOf(call, limits, options.endpoint)
    if (takes.length === 0) return reserve(call, limits, options)
    const now = monotonic()
    const refused = options.dryRun === true ? rates.peek(takes, now) : rates.take(takes, now)
    // Not `andThen`: nearly every call comes by here, and a function for each would cost more than it.
    if (isPromise(refused))
      return refused.then((late) =>
        late === undefined ? reserve(call, limits, options) : rateDenial(takes, late),
      )
    return refused === undefined ? reserve(call, limits, options) : rateDenial(takes, refused)
  }

  return {
    check(call, limits, options = NO_OPTIONS) {
      if (limits === undefined) return PASS
      const { held } = options
      if (held === undefined || !reservations.isOpen(held))
        return takeThenReserve(call, limits, options)
      if (held.limits === limits) return { kind: 'pass', reservation: held }
      // The policy has changed meanwhile: its budgets are asked, not its rates again.
      return andThen(settle(held, { dispatched: false }), () => reserve(call, limits, options))
    },
    settle,
    left: (payer, limits) => moneyLeft(budgets, payer, limits, monotonic()),
    forget: reservations.forget,
  }
}

function moneyLeft(
  budgets: BudgetStore,
  payer: Payer,
  limits: CompiledLimits | undefined,
  now: number,
): MaybePromise<MoneyLeft | undefined> {
  if (limits === undefined) return undefined
  const accounts = standingOf(payer, limits).accounts.filter(({ unit }) => unit === 'usd')
  if (accounts.length === 0) return undefined
  return andThen(spentOf(budgets, accounts, now), (spent) => {
    const parts = accounts.map(({ allowed }, index) => {
      const left = Math.max(0, allowed - (spent[index] ?? allowed))
      return { remaining_usd: left / NANO, remaining_share: allowed === 0 ? 0 : left / allowed }
    })
    return parts.reduce((least, one) => (one.remaining_share < least.remaining_share ? one : least))
  })
}

interface Reservations extends Pick<Limiter, 'settle' | 'forget'> {
  reserve(
    call: LimitedCall,
    limits: CompiledLimits,
    options: LimitCheck,
  ): MaybePromise<LimitVerdict>
  isOpen(reservation: Reservation): boolean
}

function createReservations(
  budgets: LimiterOptions['budgets'],
  monotonic: () => number,
): Reservations {
  const open = new WeakSet<Reservation>()
  const settle: Limiter['settle'] = (reservation, outcome) => {
    if (reservation === undefined || !open.delete(reservation)) return SETTLED
    const { charges } = reservation
    return budgets.settle(
      charges,
      charges.map((charge) => actualOf(charge, outcome)),
      monotonic(),
    )
  }
  return {
    isOpen: (reservation) => open.has(reservation),
    settle,
    reserve(call, limits, options) {
      const charges = chargesOf(call, limits, options, options.ancestors)
      if (charges.length === 0) return PASS
      const now = monotonic()
      if (options.dryRun === true)
        return andThen(spentOf(budgets, charges, now), (spent) => foresee(charges, spent))
      return andThen(budgets.reserve(charges, now), (refused) => {
        if (refused !== undefined) return budgetDenial(charges, refused)
        const reservation: Reservation = { charges, limits }
        open.add(reservation)
        const release = () => settle(reservation, { dispatched: false })
        return judgeWatched(budgets, reservation, now, release)
      })
    },
    forget(payer, limits) {
      if (limits === undefined || budgets.forget === undefined) return SETTLED
      const { accounts } = standingOf(payer, limits)
      const keys = accounts.filter(endsWithSession).map(({ key }) => key)
      limits.standings.delete(payer.session)
      return keys.length === 0 ? SETTLED : budgets.forget(keys)
    },
  }
}

/** INVARIANT: where it cannot be judged nothing stays set aside, for nobody would settle it. */
function judgeWatched(
  budgets: BudgetStore,
  reservation: Reservation,
  now: number,
  release: () => MaybePromise<void>,
): MaybePromise<LimitVerdict> {
  const watched = reservation.charges.filter(({ budget }) => isWatched(budget))
  if (watched.length === 0) return { kind: 'pass', reservation }
  const fail = async (cause: unknown): Promise<never> => {
    await release()
    throw cause
  }
  try {
    const spent = spentOf(budgets, watched, now)
    if (!isPromise(spent)) return judge(watched, spent, reservation)
    return spent.then((late) => judge(watched, late, reservation)).catch(fail)
  } catch (cause) {
    return fail(cause)
  }
}

function spentOf(
  budgets: BudgetStore,
  charges: readonly LimitCharge[],
  now: number,
): MaybePromise<readonly number[]> {
  return allOf(charges.map(({ key, windowMs }) => budgets.spent(key, windowMs, now)))
}

/** Those with a window empty themselves, and must not be filled again by ending a session. */
function endsWithSession({ budget }: LimitCharge): boolean {
  return budget === undefined || (budget.per === 'session' && budget.windowMs === undefined)
}

function isWatched(budget: LimitCharge['budget']): boolean {
  return budget !== undefined && (budget.action !== 'deny' || budget.warnAt !== undefined)
}

/** What is spent includes what this call has set aside. */
function judge(
  charges: readonly LimitCharge[],
  spent: readonly number[],
  reservation: Reservation | undefined,
): LimitVerdict {
  const warnings: BudgetWarning[] = []
  let escalated: { readonly detail: string; readonly constraint: string } | undefined
  charges.forEach((charge, index) => {
    const amount = spent[index] ?? Number.NaN
    const stage = stageOf(charge, amount)
    if (stage === 'fine') return
    const warning = warningOf(charge, amount)
    if (stage === 'warn') warnings.push(warning)
    else escalated ??= { detail: warning.detail, constraint: charge.place }
  })
  const granted: Granted = {
    ...(reservation === undefined ? {} : { reservation }),
    ...(warnings.length === 0 ? {} : { warnings }),
  }
  if (escalated === undefined) return { kind: 'pass', ...granted }
  const detail = `${escalated.detail}; a person must approve this call`
  const { constraint } = escalated
  return { kind: 'escalate', reason: 'approval_required', constraint, detail, ...granted }
}

/** What `reserve` would say. When the window ends only the store knows. */
function foresee(charges: readonly LimitCharge[], spent: readonly number[]): LimitVerdict {
  const sums = charges.map((charge, index) => (spent[index] ?? 0) + charge.amount)
  const index = charges.findIndex((charge, at) => !((sums[at] ?? 0) <= charge.limit))
  if (index >= 0) return budgetDenial(charges, { index, retryAfterMs: null }, true)
  return judge(charges, sums, undefined)
}

function allOf(amounts: readonly MaybePromise<number>[]): MaybePromise<readonly number[]> {
  const ready = amounts.filter((amount): amount is number => !isPromise(amount))
  return ready.length === amounts.length ? ready : Promise.all(amounts)
}
