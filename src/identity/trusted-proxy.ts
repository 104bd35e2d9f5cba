import type { Proof, Subject, Tier } from '../core/model/call.ts'
import type { IdentityProvider } from '../core/model/ports.ts'
import { checkNames, refuseOption } from '../core/option-checks.ts'
import { pickHeaders } from './headers.ts'
import { highestTier, tierOfUserType } from './levels.ts'
import { refuse } from './not-authenticated.ts'
import { compilePeers } from './peers.ts'
import { identifier, identifiers, MAX_AUDIENCES, makeSubject } from './subject.ts'

/**
 * Which header holds what. Those without a default are read only where they are named here: a proxy
 * takes away or sets the headers it knows of, and passes others on as a client wrote them.
 */
export interface ProxyHeaders {
  /** Says `true` where the proxy has checked the caller. @default x-proxy-verified */
  readonly verified?: string
  /** @default x-user-id */
  readonly user?: string
  /** Permissions, with blanks or commas between: scopes, and the words of tiers. @default x-user-permissions */
  readonly scopes?: string
  /** Without it the user is the agent. */
  readonly agent?: string
  readonly team?: string
  /** With commas between; so are roles and audiences. */
  readonly groups?: string
  readonly department?: string
  readonly tenant?: string
  /** Without it the highest tier among the permissions. */
  readonly tier?: string
  readonly roles?: string
  readonly audience?: string
  readonly session?: string
  readonly rate_tier?: string
}

export interface TrustedProxyOptions {
  /** Addresses and networks whose headers are believed, such as `10.0.0.0/8`. */
  readonly peers: readonly string[]
  readonly headers?: ProxyHeaders
}

type Field = keyof ProxyHeaders
type Names = Readonly<Partial<Record<Field, string>>>

const DEFAULT_HEADERS = {
  verified: 'x-proxy-verified',
  user: 'x-user-id',
  scopes: 'x-user-permissions',
} as const
const FIELDS = [
  'verified',
  'user',
  'scopes',
  'agent',
  'team',
  'groups',
  'department',
  'tenant',
  'tier',
  'roles',
  'audience',
  'session',
  'rate_tier',
] as const satisfies readonly Field[]

/** Gives what a header says, or undefined where it is not there. */
type Said = (field: Field) => string | undefined

/**
 * Callers that a proxy in front has checked, told by its headers. They are believed from the listed
 * peers only (`credentials.peer`); from any other they are an attempt to be somebody, and throw. No
 * such headers: anonymous.
 * @throws {CallgateError} ERR_OPTIONS_INVALID; `identify` throws {NotAuthenticatedError}
 */
export function trustedProxyIdentity(options: TrustedProxyOptions): IdentityProvider {
  checkNames('trustedProxyIdentity', options, ['peers', 'headers'])
  const isListed = compilePeers(options.peers)
  const names = headerNames(options.headers)
  const wanted = new Set(Object.values(names))
  return {
    identify(credentials) {
      const found = pickHeaders(credentials, wanted)
      const said: Said = (field) => found.get(names[field] ?? '')
      const isClaimed = said('user') !== undefined || said('scopes') !== undefined
      if (!isClaimed && said('verified') === undefined) return undefined
      if (!isListed(credentials.peer))
        refuse('headers of a proxy came from a peer that is not listed as one')
      const verified = said('verified')?.trim().toLowerCase()
      // A proxy that says of somebody nameless that it has not checked them: anonymous.
      if (verified === 'false' && !isClaimed) return undefined
      if (verified !== 'true') refuse('the proxy does not say that it has checked the caller')
      return subjectOf(said, names)
    },
  }
}

function subjectOf(said: Said, names: Names): Subject {
  const user = oneOf('user', said('user'))
  const agent = names.agent === undefined ? user : oneOf('agent', said('agent'))
  const scopes = said('scopes')
    ?.split(/[\s,]+/)
    .filter((word) => word !== '')
  return makeSubject(
    {
      agent,
      user,
      team: said('team')?.trim(),
      department: said('department')?.trim(),
      tenant: said('tenant')?.trim(),
      groups: listOf(said('groups')),
      roles: listOf(said('roles')),
      scopes,
      tier: tierOf(said('tier')) ?? highestTier(scopes ?? []),
      proof: proofOf(said, user, agent),
    },
    refuseHeader,
  )
}

/** A header that came twice is joined with a comma and a blank: then it says two things. */
function oneOf(what: string, text: string | undefined): string {
  const name = text?.trim() ?? ''
  if (name === '') return refuse(`the proxy names no ${what}`)
  return name.includes(', ') ? refuse(`the proxy names more than one ${what}`) : name
}

function proofOf(said: Said, user: string, agent: string): Proof {
  const session = said('session')?.trim()
  const rateTier = tierOf(said('rate_tier'))
  const audience = listOf(said('audience'))
  return {
    method: 'proxy',
    ...(audience === undefined
      ? {}
      : { audience: identifiers('audience', audience, refuseHeader, MAX_AUDIENCES) }),
    ...(session === undefined ? {} : { session: identifier('session', session, refuseHeader) }),
    ...(rateTier === undefined ? {} : { rate_tier: rateTier }),
    ...(agent === user
      ? {}
      : { act_chain: Object.freeze([user, identifier('agent', agent, refuseHeader)]) }),
  }
}

function refuseHeader(message: string): never {
  return refuse(`a header of the proxy: ${message}`)
}

function listOf(text: string | undefined): readonly string[] | undefined {
  return text
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function tierOf(text: string | undefined): Tier | undefined {
  return text === undefined ? undefined : tierOfUserType(text.trim())
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 (token) */
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/

function headerNames(given: ProxyHeaders = {}): Names {
  checkNames('trustedProxyIdentity: headers', given, FIELDS)
  const names: Partial<Record<Field, string>> = { ...DEFAULT_HEADERS }
  for (const field of FIELDS) {
    const name: unknown = given[field]
    if (name === undefined) continue
    if (typeof name !== 'string' || !HEADER_NAME.test(name))
      return refuseOption(`trustedProxyIdentity: \`headers.${field}\` is the name of a header`)
    names[field] = name.toLowerCase()
  }
  const used = Object.values(names)
  if (new Set(used).size !== used.length)
    refuseOption('trustedProxyIdentity: one of `headers` stands for two things')
  return Object.freeze(names)
}
