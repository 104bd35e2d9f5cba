import type { Credentials, Subject } from '../core/model/call.ts'
import { andThen, type MaybePromise } from '../core/model/json.ts'
import type { IdentityProvider } from '../core/model/ports.ts'
import { refuseOption } from '../core/option-checks.ts'

/**
 * Asks the providers in order. The first that knows the caller answers; one that throws ends it, so
 * that bad credentials never become somebody else's good ones. Nobody known: anonymous.
 * @throws {CallgateError} ERR_OPTIONS_INVALID without a provider
 */
export function firstOf(...providers: readonly IdentityProvider[]): IdentityProvider {
  if (providers.length === 0) refuseOption('firstOf: it takes at least one provider')
  for (const provider of providers)
    if (typeof provider?.identify !== 'function')
      refuseOption('firstOf: every provider has an `identify` function')
  const ask = (credentials: Credentials, index: number): MaybePromise<Subject | undefined> => {
    const provider = providers[index]
    if (provider === undefined) return undefined
    return andThen(
      provider.identify(credentials),
      (subject): MaybePromise<Subject | undefined> => subject ?? ask(credentials, index + 1),
    )
  }
  return { identify: (credentials) => ask(credentials, 0) }
}
