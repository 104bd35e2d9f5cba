import { gridTime } from '../core/limits/gcra.ts'
import type { BudgetStore, Charge, Refusal } from '../core/model/ports.ts'
import { type Kept, spareOf, toDrop } from './make-room.ts'

/** An amount that is emptied with its window. */
interface Account extends Kept {
  readonly key: string
  spent: number
  /** When its window began. */
  since: number
  windowMs: number | undefined
  usedAt: number
}

export interface MemoryBudgetBounds {
  readonly maxAccounts: number
  /** Accounts without a window that lie unused for this long go where there is no room for others. */
  readonly idleMs: number
}

// How often, at most, all accounts are looked through for ones that may go.
const SWEEP_EVERY_MS = 1_000
// Short: room may come at any time.
const FULL_RETRY_MS = 1_000

/**
 * Accounts in memory. A window begins with the first amount that is charged in it. What was set
 * aside in a window that is over by the time it is settled stays charged to that one: only what was
 * spent beyond it is charged to the new. A class, as its state is used by each of its steps.
 */
export class MemoryBudgets implements BudgetStore {
  readonly #bounds: MemoryBudgetBounds
  readonly #accounts = new Map<string, Account>()
  // In which windows a list of charges was set aside. Gone with a call that is never settled.
  readonly #windows = new WeakMap<readonly Charge[], readonly number[]>()
  #latest = 0
  #nextSweep = 0
  /** For whom the last look found no room. */
  #refused: string | undefined

  constructor(bounds: MemoryBudgetBounds) {
    this.#bounds = bounds
  }

  get size(): number {
    return this.#accounts.size
  }

  reserve(charges: readonly Charge[], now: number): Refusal | undefined {
    const at = this.#clock(now)
    let hasWindow = false
    for (const [index, charge] of charges.entries()) {
      const account = this.#current(charge, at, charges)
      if (account === undefined || !fits(account, charge)) {
        for (const before of charges.slice(0, index))
          giveBack(this.#accounts.get(before.key), before.amount)
        return { index, retryAfterMs: retryAfter(account, charge, at, now) }
      }
      account.spent += charge.amount
      hasWindow ||= charge.windowMs !== undefined
    }
    if (hasWindow) this.#windows.set(charges, this.#beginnings(charges))
    return undefined
  }

  /** Takes the list that was reserved: an equal one cannot be told to be of the same window. */
  settle(charges: readonly Charge[], actual: readonly number[], now: number): void {
    const at = this.#clock(now)
    const beginnings = this.#windows.get(charges)
    for (const [index, charge] of charges.entries()) {
      const known = this.#accounts.get(charge.key)
      if (known !== undefined) roll(known, charge.windowMs, at)
      const left = charge.amount - wholeOr(actual[index], charge.amount)
      const isSame = charge.windowMs === undefined || known?.since === (beginnings?.[index] ?? null)
      if (isSame) giveBack(known, left)
      else if (left < 0) giveBack(known ?? this.#open(charge, at, charges), left)
    }
  }

  spent(key: string, windowMs: number | undefined, now: number): number {
    const account = this.#accounts.get(key)
    if (account === undefined || isOver(account, windowMs, Math.max(this.#latest, now))) return 0
    return account.spent
  }

  /** Drops accounts of what has ended, such as those of a session. */
  forget(keys: readonly string[]): void {
    for (const key of keys) this.#accounts.delete(key)
  }

  /** The greatest time seen: a clock that steps back ends no window late or early. */
  #clock(now: number): number {
    const asked = gridTime(now)
    if (asked > this.#latest && asked <= Number.MAX_SAFE_INTEGER) this.#latest = asked
    return this.#latest
  }

  #current(charge: Charge, at: number, charges: readonly Charge[]): Account | undefined {
    const account = this.#accounts.get(charge.key)
    if (account === undefined) return this.#open(charge, at, charges)
    roll(account, charge.windowMs, at)
    return account
  }

  #open(charge: Charge, at: number, charges: readonly Charge[]): Account | undefined {
    const { key, windowMs, owner, isOfSession = false } = charge
    if (this.#accounts.size >= this.#bounds.maxAccounts && !this.#makeRoom(owner, at, charges))
      return undefined
    const account = { key, owner, isOfSession, spent: 0, since: at, windowMs, usedAt: at }
    this.#accounts.set(key, account)
    return account
  }

  /** What is as good as new goes first, then what those hold who hold most; nothing of this call. */
  #makeRoom(owner: string | undefined, at: number, charges: readonly Charge[]): boolean {
    if (at < this.#nextSweep && owner === this.#refused) return false
    const { maxAccounts, idleMs } = this.#bounds
    const own = new Set(charges.map(({ key }) => key))
    const others: Account[] = []
    for (const [key, account] of this.#accounts)
      if (mayGo(account, at, idleMs)) this.#accounts.delete(key)
      else if (!own.has(key)) others.push(account)
    const wanted = maxAccounts - spareOf(maxAccounts)
    const excess = this.#accounts.size - wanted
    if (excess > 0) for (const { key } of toDrop(others, excess, owner)) this.#accounts.delete(key)
    if (this.#accounts.size > wanted) {
      this.#nextSweep = at + SWEEP_EVERY_MS
      this.#refused = owner
    }
    return this.#accounts.size < maxAccounts
  }

  #beginnings(charges: readonly Charge[]): readonly number[] {
    return charges.map(({ key }) => this.#accounts.get(key)?.since ?? Number.NaN)
  }
}

function isOver({ since }: Account, windowMs: number | undefined, at: number): boolean {
  return windowMs !== undefined && at - since >= windowMs
}

function roll(account: Account, windowMs: number | undefined, at: number): void {
  account.windowMs = windowMs
  account.usedAt = at
  if (account.spent > 0 && !isOver(account, windowMs, at)) return
  account.spent = 0
  account.since = at
}

function mayGo(account: Account, at: number, idleMs: number): boolean {
  // Nothing is spent and nothing set aside: a new account would be the same.
  if (account.spent === 0 || isOver(account, account.windowMs, at)) return true
  return account.windowMs === undefined && at - account.usedAt > idleMs
}

/** INVARIANT: what is no amount, NaN too, fits nowhere. */
function fits({ spent }: Account, { amount, limit }: Charge): boolean {
  return amount >= 0 && spent + amount <= Math.min(limit, Number.MAX_SAFE_INTEGER)
}

/** Less than nothing takes more. */
function giveBack(account: Account | undefined, amount: number): void {
  if (account === undefined) return
  account.spent = Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, account.spent - amount))
}

function wholeOr(actual: number | undefined, otherwise: number): number {
  return actual !== undefined && actual >= 0 ? Math.ceil(actual) : otherwise
}

function retryAfter(
  account: Account | undefined,
  { amount, limit, windowMs }: Charge,
  at: number,
  now: number,
): number | null {
  if (account === undefined) return FULL_RETRY_MS
  if (windowMs === undefined || !(amount <= limit)) return null
  const behind = Math.max(0, at - gridTime(now)) || 0
  return Math.max(1, Math.ceil(account.since + windowMs - at + behind))
}
