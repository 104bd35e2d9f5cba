import type { Subject } from '../core/model/call.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import { assertPolicy, type EngineOptions } from './options.ts'

type PolicyOption = EngineOptions['policy']

export interface PolicyHolder {
  /** Undefined where a function chooses by subject. */
  current(): CompiledPolicy | undefined
  digest(): string
  policyFor(subject: Subject): CompiledPolicy
  /** Returns the digest now in force. */
  swap(policy: PolicyOption): string
}

/** The one owner of the policy in force. One assignment swaps it. */
export function holdPolicy(
  first: PolicyOption,
  /** Throws where the host lacks what a policy needs: then that policy is not taken. */
  check: (policy: CompiledPolicy) => void = () => {},
): PolicyHolder {
  let current = first
  const admit = (policy: PolicyOption): PolicyOption => {
    if (typeof policy === 'function') return policy
    assertPolicy(policy)
    check(policy)
    return policy
  }
  admit(first)
  return {
    current: (): CompiledPolicy | undefined =>
      typeof current === 'function' ? undefined : current,
    digest: (): string => (typeof current === 'function' ? 'unavailable' : current.digest),
    policyFor(subject: Subject): CompiledPolicy {
      if (typeof current !== 'function') return current
      const chosen = current(subject)
      assertPolicy(chosen)
      return chosen
    },
    swap(policy: PolicyOption): string {
      current = admit(policy)
      return typeof current === 'function' ? 'unavailable' : current.digest
    },
  }
}
