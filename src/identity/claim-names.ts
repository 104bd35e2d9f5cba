import { checkNames } from '../core/option-checks.ts'
import { namesOf } from './settings.ts'

/** Where a claim is: its name, a way into nested ones (`realm_access.roles`), or several to try. */
export type ClaimName = string | readonly string[]

/** Which claim holds what. One that is named here is looked for there and nowhere else. */
export interface ClaimNames {
  /** @default agent, act.sub, azp, client_id, sub; a token without any names nobody and is refused */
  readonly agent?: ClaimName
  /** @default sub, where that is not the agent itself */
  readonly user?: ClaimName
  /** @default team */
  readonly team?: ClaimName
  /** @default groups */
  readonly groups?: ClaimName
  /** @default department */
  readonly department?: ClaimName
  /** @default tenant, tenant_id, tid */
  readonly tenant?: ClaimName
  /** @default user_type, tier */
  readonly tier?: ClaimName
  /** @default roles */
  readonly roles?: ClaimName
  /** A text of scopes with blanks between, or a list. @default scope, scp, scopes */
  readonly scopes?: ClaimName
  /** @default session_id, sid */
  readonly session?: ClaimName
  /** @default rate_limit_tier */
  readonly rate_tier?: ClaimName
  /** What servers hold their own `audience` against. @default aud */
  readonly audience?: ClaimName
}

export type ClaimPaths = Readonly<Record<keyof ClaimNames, readonly string[]>>

export const DEFAULT_CLAIMS: ClaimPaths = {
  agent: ['agent', 'act.sub', 'azp', 'client_id', 'sub'],
  user: ['sub'],
  team: ['team'],
  groups: ['groups'],
  department: ['department'],
  tenant: ['tenant', 'tenant_id', 'tid'],
  tier: ['user_type', 'tier'],
  roles: ['roles'],
  scopes: ['scope', 'scp', 'scopes'],
  session: ['session_id', 'sid'],
  rate_tier: ['rate_limit_tier'],
  audience: ['aud'],
}

const FIELDS = Object.keys(DEFAULT_CLAIMS) as readonly (keyof ClaimNames)[] // its type says so

/** @throws {CallgateError} ERR_OPTIONS_INVALID */
export function claimPathsOf(names: ClaimNames = {}): ClaimPaths {
  checkNames('claims', names, FIELDS)
  const paths: Record<keyof ClaimNames, readonly string[]> = { ...DEFAULT_CLAIMS }
  for (const field of FIELDS) {
    const given = names[field]
    if (given !== undefined) paths[field] = namesOf(`claims.${field}`, given)
  }
  return paths
}
