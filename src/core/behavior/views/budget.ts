/**
 * What decoding may cost, in units of text: one for all texts of a request, so that many small texts
 * cost no more than a large one. What is left over is not looked at, and told.
 */
export interface Budget {
  /** What may still be done: to decode a unit counts as one, to pass over it as an eighth. */
  work: number
  /** Units that may still be given out. */
  output: number
  /** Something was not decoded for want of either. */
  unread: boolean
}

/** Each unit of a text is looked at by dozens of decoders, most of which pass over it quickly. */
const WORK = 16
const WORK_ALLOWANCE = 393_216
/** Decoded text may be so many times the text, and so many units more. */
const OUTPUT = 8
const OUTPUT_ALLOWANCE = 65_536

/** For texts of so many units together. */
export function createBudget(units: number): Budget {
  return {
    work: WORK * units + WORK_ALLOWANCE,
    output: OUTPUT * units + OUTPUT_ALLOWANCE,
    unread: false,
  }
}

/** Takes work out of a budget; false: there is not so much left, and what was to be done is not. */
export function spend(budget: Budget, work: number): boolean {
  if (work > budget.work) {
    budget.unread = true
    return false
  }
  budget.work -= work
  return true
}
