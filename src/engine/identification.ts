import type { Subject } from '../core/model/call.ts'
import type { IdentityProvider } from '../core/model/ports.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import { identityOf } from '../identity/identity-of.ts'

/** How an engine learns who asks. */
export interface Identification {
  /** Undefined: the host's own code says who asks. */
  readonly provider: IdentityProvider | undefined
  /** A caller without credentials is denied `no_principal`. */
  readonly required: boolean
  /** Who a caller without credentials is. */
  readonly anonymous: Subject
}

/** The host's provider, or `'host'` where its own code names subjects, whatever the policy says. */
export type IdentityOption = IdentityProvider | 'host' | undefined

const ANONYMOUS: Subject = Object.freeze({ agent: 'anonymous', tier: 'anonymous' })
const VOUCHED: Identification = Object.freeze({
  provider: undefined,
  required: false,
  anonymous: ANONYMOUS,
})

const derived = new WeakMap<CompiledPolicy, Identification>()

/**
 * The host's provider wins over the one that the policy's `identity` section describes; what the
 * section says of callers without credentials holds for both.
 * @throws {CallgateError} ERR_OPTIONS_INVALID where the section needs a key that nobody has given
 */
export function identificationOf(
  option: IdentityOption,
  policy: CompiledPolicy | undefined,
): Identification {
  if (option === 'host') return VOUCHED
  const described = policy === undefined ? VOUCHED : describedBy(policy, option)
  return option === undefined || described.provider === option
    ? described
    : { ...described, provider: option }
}

function describedBy(policy: CompiledPolicy, option: IdentityProvider | undefined): Identification {
  const { identity } = policy.document
  if (identity === undefined) return VOUCHED
  const known = derived.get(policy)
  if (known !== undefined) return known
  // Where the host has a provider of its own, the section's keys are not needed.
  const { jwt: _, trusted_proxy: _also, ...rest } = identity
  const { provider, required, anonymousTier } = identityOf(option === undefined ? identity : rest)
  const built: Identification = Object.freeze({
    provider,
    required,
    anonymous: Object.freeze({ agent: 'anonymous', tier: anonymousTier }),
  })
  if (option === undefined) derived.set(policy, built)
  return built
}
