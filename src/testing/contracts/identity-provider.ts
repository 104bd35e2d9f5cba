import type { Credentials } from '../../core/model/call.ts'
import type { MaybePromise } from '../../core/model/json.ts'
import type { IdentityProvider } from '../../core/model/ports.ts'
import { sameSubject, subjectFault } from '../../engine/receive.ts'
import { type ContractCheck, type ContractFailure, runContract } from './contract.ts'

export interface IdentityProviderContractOptions {
  /** Credentials of somebody it knows. */
  readonly valid: Credentials
  /** Credentials that claim to be somebody and are not. */
  readonly invalid: readonly Credentials[]
  /** For each check. @default 5000 */
  readonly timeoutMs?: number
}

const ODD: readonly Credentials[] = [
  {},
  { bearer: '' },
  { bearer: ' ' },
  { bearer: 'a.b.c' },
  { bearer: '\u0000\n' },
  { bearer: 'x'.repeat(100_000) },
  { headers: {} },
  { headers: { constructor: 'x', '': '' } },
  { peer: '' },
  { peer: 'not an address' },
]

/**
 * Holds a provider to what the engine relies on: credentials that claim somebody prove it or throw,
 * nobody is made up, and no error repeats a credential. `make` gives a fresh provider each time.
 */
export function testIdentityProvider(
  make: () => MaybePromise<IdentityProvider>,
  options: IdentityProviderContractOptions,
): Promise<readonly ContractFailure[]> {
  const { valid, invalid } = options
  const checks: ContractCheck[] = [
    {
      check: 'it knows who shows valid credentials, every time',
      run: async () => {
        const provider = await make()
        const first = await provider.identify(valid)
        const again = await provider.identify(valid)
        if (first === undefined || again === undefined) return 'it took them for nobody'
        const fault = subjectFault(first)
        if (fault !== undefined) return fault
        if (!first.agent) return 'the subject names no agent'
        return sameSubject(first, again) ? undefined : 'it named two subjects'
      },
    },
    ...invalid.map(
      (credentials, index): ContractCheck => ({
        check: `it throws for invalid credentials ${index}`,
        run: () => refusal(make, credentials),
      }),
    ),
    ...ODD.map(
      (credentials, index): ContractCheck => ({
        check: `it makes nobody up from odd credentials ${index}`,
        run: async () => {
          const answer = await attempt(make, credentials)
          if ('error' in answer || answer.subject === undefined) return undefined
          return subjectFault(answer.subject)
        },
      }),
    ),
  ]
  return runContract(checks, options.timeoutMs ?? 5_000)
}

async function refusal(
  make: () => MaybePromise<IdentityProvider>,
  credentials: Credentials,
): Promise<string | undefined> {
  const answer = await attempt(make, credentials)
  if (!('error' in answer))
    return answer.subject === undefined ? 'it took them for nobody' : 'it believed them'
  const { bearer } = credentials
  const isShown = bearer !== undefined && bearer.length > 3 && String(answer.error).includes(bearer)
  return isShown ? 'its error repeats the credentials' : undefined
}

async function attempt(
  make: () => MaybePromise<IdentityProvider>,
  credentials: Credentials,
): Promise<{ readonly subject: unknown } | { readonly error: unknown }> {
  const provider = await make()
  try {
    return { subject: await provider.identify(credentials) }
  } catch (error) {
    return { error }
  }
}
