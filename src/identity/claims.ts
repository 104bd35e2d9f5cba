import { isPlainObject } from '../core/json-kind.ts'
import type { Proof, Subject, Tier } from '../core/model/call.ts'
import { type ClaimNames, type ClaimPaths, claimPathsOf, DEFAULT_CLAIMS } from './claim-names.ts'
import { claimAt, firstClaim } from './claim-path.ts'
import { tierOfUserType } from './levels.ts'
import { refuse } from './not-authenticated.ts'
import { identifier, identifiers, MAX_AUDIENCES, makeSubject } from './subject.ts'

/** What a token that holds says of its bearer, as a subject. */
export type ReadClaims = (claims: Readonly<Record<string, unknown>>) => Subject

/**
 * Makes the reader of a token's claims. Everything in them is checked as any other name is: a token
 * that holds and says something odd is refused, never read as less.
 * @throws {CallgateError} ERR_OPTIONS_INVALID; the reader throws {NotAuthenticatedError}
 */
export function claimsReader(names?: ClaimNames): ReadClaims {
  const paths = claimPathsOf(names)
  const isUserDefault = paths.user === DEFAULT_CLAIMS.user
  return (claims) => {
    const at = (field: keyof ClaimNames): unknown => firstClaim(claims, paths[field])
    const agent = nameOf('agent', at('agent'))
    if (agent === undefined) return refuse(`the token names no agent (${named(paths.agent)})`)
    const subject = nameOf('user', at('user'))
    // A client that acts for itself is no user.
    const user = isUserDefault && subject === agent ? undefined : subject
    return makeSubject(
      {
        agent,
        user,
        team: at('team'),
        department: at('department'),
        tenant: at('tenant'),
        groups: listOf(at('groups')),
        roles: listOf(at('roles')),
        scopes: scopesOf(at('scopes')),
        tier: tierOf(at('tier')),
        proof: proofOf(claims, paths, agent, user),
      },
      refuseToken,
    )
  }
}

function proofOf(
  claims: Readonly<Record<string, unknown>>,
  paths: ClaimPaths,
  agent: string,
  user: string | undefined,
): Proof {
  const issuer = claimAt(claims, 'iss')
  const session = nameOf('session', firstClaim(claims, paths.session))
  const rateTier = tierOf(firstClaim(claims, paths.rate_tier))
  const expiresAt = millisecondsOf(claimAt(claims, 'exp'))
  const chain = chainOf(claims, agent, user)
  return {
    method: 'jwt',
    ...(typeof issuer === 'string' ? { issuer } : {}),
    audience: audienceOf(firstClaim(claims, paths.audience)),
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
    ...(session === undefined ? {} : { session }),
    ...(rateTier === undefined ? {} : { rate_tier: rateTier }),
    ...(chain === undefined ? {} : { act_chain: chain }),
  }
}

function nameOf(what: string, value: unknown): string | undefined {
  return value === undefined ? undefined : identifier(what, value, refuseToken)
}

function refuseToken(message: string): never {
  return refuse(`the token: ${message}`)
}

function named(paths: readonly string[]): string {
  return paths.map((path) => `\`${path}\``).join(', ')
}

/** A list, or one name, which may hold blanks. */
function listOf(value: unknown): unknown {
  return typeof value === 'string' ? [value] : value
}

/**
 * An empty text is a token for nothing, which is not one that leaves scopes open.
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-4.2
 */
function scopesOf(value: unknown): unknown {
  return typeof value === 'string' ? value.split(/\s+/).filter((scope) => scope !== '') : value
}

function tierOf(value: unknown): Tier | undefined {
  return value === undefined ? undefined : tierOfUserType(value)
}

function audienceOf(value: unknown): readonly string[] {
  return identifiers('audience', listOf(value) ?? [], refuseToken, MAX_AUDIENCES)
}

function millisecondsOf(seconds: unknown): number | undefined {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return undefined
  return Math.max(0, Math.min(Math.floor(seconds * 1000), Number.MAX_SAFE_INTEGER))
}

/** Actors of one token. Far more than any exchange makes. */
const MAX_ACTORS = 8

/**
 * Who acts for whom, from the one in whose name it happens to the one that acts. The outermost actor
 * is the present one; those below it came before.
 * @see https://www.rfc-editor.org/rfc/rfc8693#section-4.1
 */
function chainOf(
  claims: Readonly<Record<string, unknown>>,
  agent: string,
  user: string | undefined,
): readonly string[] | undefined {
  const actors: string[] = []
  let act = claimAt(claims, 'act')
  while (act !== undefined) {
    if (!isPlainObject(act)) return refuseToken('act: it is no object')
    if (actors.length === MAX_ACTORS) return refuseToken(`act: more than ${MAX_ACTORS} actors`)
    actors.push(identifier('act', ownOf(act, 'sub') ?? ownOf(act, 'client_id'), refuseToken))
    act = ownOf(act, 'act')
  }
  if (actors.length === 0)
    return user === undefined || user === agent ? undefined : Object.freeze([user, agent])
  const first = user ?? nameOf('sub', claimAt(claims, 'sub'))
  const last = actors[0] === agent ? [] : [agent]
  return Object.freeze([...(first === undefined ? [] : [first]), ...actors.reverse(), ...last])
}

function ownOf(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? (object[name] ?? undefined) : undefined
}
