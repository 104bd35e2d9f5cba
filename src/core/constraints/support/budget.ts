import { type Judgement, UNSURE } from '../constraint.ts'

/**
 * What one constraint may still do for one call. All values of the call share it, so that no number,
 * length or nesting of arguments keeps the engine busy for long: what is left over is unsure.
 */
export interface Budget {
  /** A step is work of 5 to 15 ns. */
  left: number
}

/** Some 40 ms. */
export const MOST_STEPS = 3_000_000

/** Steps to compare a value with one entry of a list in the policy. */
export const ENTRY_STEPS = 3

export const TOO_MUCH: Judgement = {
  standing: UNSURE,
  detail: 'is more than is judged in one call',
}

export function newBudget(): Budget {
  return { left: MOST_STEPS }
}

/** Takes steps from the budget; false where they are more than it has left. */
export function spend(budget: Budget, steps: number): boolean {
  budget.left -= steps
  return budget.left >= 0
}
