import { type AccessNeeds, type Subject, TIER_LEVEL, type Tier } from '../model/call.ts'
import type { Reason } from '../model/decision.ts'
import { isPermission, PERMISSION_LEVEL } from './permissions.ts'

/** Why a caller does not come up to what a resource asks for. */
export interface AccessFault {
  readonly reason: Reason
  readonly detail: string
}

/**
 * Holds a subject against what a tool and its server ask for: who is proven, for whom the token is,
 * which tier, scopes and department. Names what was required and what the caller has.
 */
export function accessFault(needs: AccessNeeds, subject: Subject): AccessFault | undefined {
  return (
    proofFault(needs, subject) ??
    tierFault(needs, subject) ??
    scopeFault(needs, subject) ??
    departmentFault(needs, subject)
  )
}

/**
 * True where the subject's own scopes, if it has any, cover the scope of a call. Scopes that are names of
 * permissions are levels, and limit no data.
 */
export function inOwnScopes({ scopes }: Subject, scope: string | undefined): boolean {
  if (scopes === undefined || (scopes.length > 0 && scopes.every(isPermission))) return true
  return scope !== undefined && scopes.includes(scope)
}

/** Proven, or vouched for by name: not merely whoever came. */
function isAuthenticated({ agent, tier, proof }: Subject): boolean {
  return proof !== undefined || (tier !== 'anonymous' && agent !== 'anonymous')
}

function proofFault(needs: AccessNeeds, subject: Subject): AccessFault | undefined {
  const { proof } = subject
  if (needs.authenticated && !isAuthenticated(subject))
    return { reason: 'no_principal', detail: 'the server needs a caller that is authenticated' }
  // Whom the host's own code vouches for has shown no token that could be for somebody else.
  if (proof === undefined || proof.method === 'fixed') return undefined
  const { audience, issuer } = needs
  if (audience !== undefined && !audience.some((one) => proof.audience?.includes(one)))
    return {
      reason: 'token_invalid',
      detail: `the token is not for this server: it needs audience ${quoted(audience)}, the token has ${quoted(proof.audience ?? [])}`,
    }
  if (issuer !== undefined && proof.issuer !== issuer)
    return {
      reason: 'token_invalid',
      detail: `the server takes tokens of issuer ${quoted([issuer])} only`,
    }
  return undefined
}

function tierFault(needs: AccessNeeds, subject: Subject): AccessFault | undefined {
  const actual = tierOf(subject)
  const missing = needs.tiers.find((tier) => TIER_LEVEL[actual] < TIER_LEVEL[tier])
  if (missing === undefined) return undefined
  return { reason: 'tier_insufficient', detail: tierDetail(missing, actual) }
}

/** A scope that is the name of a permission is met by every permission that implies it. */
function scopeFault(needs: AccessNeeds, subject: Subject): AccessFault | undefined {
  const { scopes = [] } = subject
  const actual = tierOf(subject)
  const levels = [TIER_LEVEL[actual], ...scopes.map((scope) => levelOf(scope))]
  for (const needed of needs.scopes) {
    if (scopes.includes(needed)) continue
    if (isPermission(needed)) {
      if (levels.some((level) => level >= PERMISSION_LEVEL[needed])) continue
      return { reason: 'tier_insufficient', detail: tierDetail(needed, actual) }
    }
    return {
      reason: 'scope_mismatch',
      detail: `needs scope ${quoted([needed])}, the caller has ${quoted(scopes)}`,
    }
  }
  return undefined
}

function levelOf(scope: string): number {
  return isPermission(scope) ? PERMISSION_LEVEL[scope] : 0
}

function departmentFault(needs: AccessNeeds, { department }: Subject): AccessFault | undefined {
  for (const list of needs.departments) {
    if (department !== undefined && list.includes(department)) continue
    return {
      reason: 'scope_mismatch',
      detail: `needs department ${quoted(list)}, the caller is of ${quoted(department === undefined ? [] : [department])}`,
    }
  }
  return undefined
}

/** What a proven caller's token lacks of the scope that its agent declares. */
export function declaredScopeFault(declared: string, subject: Subject): AccessFault | undefined {
  const { scopes, proof } = subject
  // Vouched for, and nothing said of scopes: there is no token to hold it against.
  if (scopes === undefined && (proof === undefined || proof.method === 'fixed')) return undefined
  if (scopes?.includes(declared)) return undefined
  return {
    reason: 'scope_mismatch',
    detail: `the agent declares scope ${quoted([declared])}, its token has ${quoted(scopes ?? [])}`,
  }
}

function tierOf({ tier }: Subject): Tier {
  return tier ?? 'user'
}

function tierDetail(needed: string, actual: string): string {
  return `needs tier \`${needed}\`, the caller has \`${actual}\``
}

const MAX_NAMED = 10

function quoted(names: readonly string[]): string {
  if (names.length === 0) return 'none'
  const some = names.slice(0, MAX_NAMED).map((name) => `\`${name.slice(0, 128)}\``)
  return `${some.join(', ')}${names.length > MAX_NAMED ? ', ...' : ''}`
}
