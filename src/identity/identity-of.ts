import type { Tier } from '../core/model/call.ts'
import type { JsonObject } from '../core/model/json.ts'
import type { IdentityProvider } from '../core/model/ports.ts'
import { refuseOption } from '../core/option-checks.ts'
import type { ClaimNames } from './claim-names.ts'
import { firstOf } from './first-of.ts'
import { type JwtIdentityOptions, jwtIdentity } from './jwt.ts'
import { type ProxyHeaders, trustedProxyIdentity } from './trusted-proxy.ts'

/** What a policy's text cannot hold: keys, and what the host fetches with. */
export interface IdentityHost
  extends Pick<JwtIdentityOptions, 'key' | 'jwks' | 'jwksTimes' | 'fetch' | 'clock'> {}

/** What a policy's `identity` section asks for. */
export interface PolicyIdentity {
  /** Undefined: the section names no way to know a caller. */
  readonly provider: IdentityProvider | undefined
  /** True: a caller without an identity is denied `no_principal`. */
  readonly required: boolean
  /** The tier of callers without credentials. */
  readonly anonymousTier: Tier
}

/** The section as the schema has checked it. */
interface IdentitySection {
  readonly required?: boolean
  readonly jwt?: JwtSection
  readonly trusted_proxy?: { readonly peers: readonly string[]; readonly headers?: ProxyHeaders }
  readonly anonymous?: { readonly tier?: Tier }
}
interface JwtSection {
  readonly issuer: string
  readonly audience: string | readonly string[]
  readonly algorithms?: readonly string[]
  readonly jwks_url?: string
  readonly claims?: ClaimNames
  readonly clock_tolerance_seconds?: number
}

/** With public keys, where the section names none: what the key is decides which of them can be. */
const DEFAULT_ALGORITHMS = ['RS256', 'ES256', 'EdDSA']

/**
 * The provider of a policy's `identity` section. A proxy's headers are looked at before a token: the
 * proxy may pass on a token that is not for this engine.
 * @throws {CallgateError} ERR_OPTIONS_INVALID where section and host together lack something
 */
export function identityOf(
  section: JsonObject | undefined,
  host: IdentityHost = {},
): PolicyIdentity {
  const { required, jwt, trusted_proxy: proxy, anonymous } = (section ?? {}) as IdentitySection // checked by the schema
  const providers = [
    ...(proxy === undefined ? [] : [trustedProxyIdentity(proxy)]),
    ...(jwt === undefined ? [] : [jwtOf(jwt, host)]),
  ]
  return Object.freeze({
    provider: providers.length > 1 ? firstOf(...providers) : providers[0],
    required: required === true,
    anonymousTier: anonymous?.tier ?? 'anonymous',
  })
}

function jwtOf(section: JwtSection, host: IdentityHost): IdentityProvider {
  const { key, jwks = section.jwks_url, ...rest } = host
  if (key === undefined && jwks === undefined)
    return refuseOption(
      'identity.jwt: there is no key; name `jwks_url`, or hand in `key` or `jwks` by `identityOf` in your code (keys never stand in a policy)',
    )
  const algorithms = section.algorithms ?? (key === undefined ? DEFAULT_ALGORITHMS : undefined)
  if (algorithms === undefined)
    return refuseOption('identity.jwt: `algorithms` says what the key that is handed in is for')
  const { claims, clock_tolerance_seconds: tolerance } = section
  return jwtIdentity({
    ...rest,
    issuer: section.issuer,
    audience: section.audience,
    algorithms,
    ...(key === undefined ? {} : { key }),
    ...(key !== undefined || jwks === undefined ? {} : { jwks }),
    ...(claims === undefined ? {} : { claims }),
    ...(tolerance === undefined ? {} : { clockToleranceSeconds: tolerance }),
  })
}
