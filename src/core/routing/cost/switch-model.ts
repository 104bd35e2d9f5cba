/** Whether a session's next turn may go to another model, and why. */
export interface SwitchDecision {
  readonly switches: boolean
  readonly reason: 'required' | 'bound_to_vendor' | 'unknown_price' | 'saves' | 'does_not_pay'
}

export interface SwitchCase {
  /** A capability that is needed, or the policy, rules out to stay. */
  readonly required: boolean
  /** In a tool loop or a chain of sealed reasoning: another vendor could not go on with it. */
  readonly bound_to_vendor: boolean
  /** Nano-dollars, over the turns that are expected; null: not known. */
  readonly expected_saving: number | null
  readonly switch_cost: number | null
}

/**
 * Switches where it must; else never inside of what only the same vendor can go on with; else where it
 * pays. Where a price is not known the session stays.
 */
export function decideSwitch(
  { required, bound_to_vendor: isBound, expected_saving: saving, switch_cost: cost }: SwitchCase,
  { margin }: { readonly margin: number },
): SwitchDecision {
  if (required) return { switches: true, reason: 'required' }
  if (isBound) return { switches: false, reason: 'bound_to_vendor' }
  if (saving === null || cost === null) return { switches: false, reason: 'unknown_price' }
  const pays = worthSwitching({ expected_saving: saving, switch_cost: cost, margin })
  return { switches: pays, reason: pays ? 'saves' : 'does_not_pay' }
}

/** True where what is saved is more than the switch costs and `margin` besides. All in nano-dollars. */
export function worthSwitching({
  expected_saving: saving,
  switch_cost: cost,
  margin,
}: {
  readonly expected_saving: number
  readonly switch_cost: number
  readonly margin: number
}): boolean {
  return saving > cost + margin
}
