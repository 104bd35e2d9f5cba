import { MemoryApprovals } from './memory-approvals.ts'
import { MemoryBudgets } from './memory-budgets.ts'
import { MemoryRateLimits } from './memory-rates.ts'

export interface MemoryStoresOptions {
  /** Rate limit buckets. Where all are in use, those who hold most lose some, or wait. @default 100000 */
  readonly maxBuckets?: number
  /** Budget accounts. Where all are in use, those who hold most lose some, or wait. @default 100000 */
  readonly maxAccounts?: number
  /**
   * Milliseconds after which an unused account of a budget without a window may be forgotten, where
   * room is needed. @default 86400000
   */
  readonly idleMs?: number
}

export interface MemoryStores {
  readonly rateLimits: MemoryRateLimits
  readonly budgets: MemoryBudgets
  readonly approvals: MemoryApprovals
}

/** Limits of one process, kept in memory of a bounded size. Synchronous, so decisions stay so too. */
export function memoryStores(options: MemoryStoresOptions = {}): MemoryStores {
  const { maxBuckets = 100_000, maxAccounts = 100_000, idleMs = 86_400_000 } = options
  for (const [name, value] of Object.entries({ maxBuckets, maxAccounts }))
    if (!(Number.isSafeInteger(value) && value >= 1))
      throw new RangeError(`\`${name}\` must be a whole number of at least 1`)
  if (!(idleMs >= 0)) throw new RangeError('`idleMs` must not be negative')
  return {
    rateLimits: new MemoryRateLimits(maxBuckets),
    budgets: new MemoryBudgets({ maxAccounts, idleMs }),
    approvals: new MemoryApprovals(),
  }
}
