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
  { headers: { authorization: '' } },
  { headers: { authorization: 'Bearer ' } },
  { headers: { authorization: 'Bearer a, Bearer b' } },
  { headers: { authorization: 'Bearer a', Authorization: 'Bearer b' } },
  { bearer: 'a', headers: { authorization: 'Bearer b' } },
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
          return subjectFault(answer.subject) ?? namelessFault(answer.subject)
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
  const said = String(answer.error)
  const isShown = tokensOf(credentials).some((token) => token.length > 3 && said.includes(token))
  return isShown ? 'its error repeats the credentials' : undefined
}

/** What must never be repeated: the bearer, and the credentials of an `authorization` header. */
function tokensOf({ bearer, headers }: Credentials): readonly string[] {
  const shown = Object.entries(headers ?? {})
    .filter(([name]) => name.toLowerCase() === 'authorization')
    .map(([, value]) => value.replace(/^\S+\s+/, ''))
  return bearer === undefined ? shown : [bearer, ...shown]
}

/** There is nothing between somebody and nobody: an empty agent is neither. */
function namelessFault(subject: unknown): string | undefined {
  const { agent } = subject as { readonly agent?: unknown } // an object, as subjectFault says
  return agent === undefined || agent === '' ? 'it names a subject without an agent' : undefined
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
