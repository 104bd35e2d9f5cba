import { CallgateError } from '../core/model/errors.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import { govern } from './govern.ts'
import { createGuard } from './guard.ts'
import { type GovernedFetchOptions, settingsOf } from './options.ts'
import { routingOf } from './routing/routing.ts'
import { governedBy, markGoverned } from './wrapped.ts'

/**
 * A `fetch` for anything that speaks the API of OpenAI: what it is asked for, and what comes back, passes
 * the policy. A denial is an answer (403, 402 or 429) and never a throw. Wrapping it again with the same
 * engine changes nothing.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function governedFetch(
  inner: typeof fetch,
  engine: PolicyEngine,
  options: GovernedFetchOptions = {},
): typeof fetch {
  if (typeof inner !== 'function')
    throw new CallgateError(
      'ERR_OPTIONS_INVALID',
      '`governedFetch`: the first argument is a `fetch`',
    )
  const settings = settingsOf('governedFetch', engine, options)
  const routing = routingOf(options)
  if (governedBy(inner)?.engine === engine) return inner
  const guard = createGuard(engine, settings, () => options.baseURL)
  const governed = govern(() => inner, guard, routing)
  markGoverned(governed, { engine, inner: () => inner })
  return governed
}
