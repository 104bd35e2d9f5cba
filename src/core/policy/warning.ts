import type { PolicyProblem } from '../model/errors.ts'

/** What is legal in a policy but surely not meant. Never stops it from loading. */
export interface PolicyWarning extends Omit<PolicyProblem, 'kind'> {
  readonly kind: string
}
