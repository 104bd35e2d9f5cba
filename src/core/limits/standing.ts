import type { Subject } from '../model/call.ts'
import type { Selector } from '../policy/selectors.ts'
import { accountsOf, type LimitCharge, type Payer } from './accounts.ts'
import type { EndpointClass } from './buckets-of.ts'
import type { CompiledLimits, CompiledRate, LimitTake, PrincipalLimit } from './compile-limits.ts'
import { limitKey, ownerOf } from './limit-key.ts'
import { whoOf } from './subject-filter.ts'

/** Buckets and accounts of one subject in one session: making their keys is most of the work. */
export interface Standing extends Payer {
  /** Those that every resource of a class takes from. */
  readonly takes: Map<EndpointClass, readonly LimitTake[]>
  /** Those that only some resources take from. */
  readonly ofResources: readonly ResourceTakes[]
  readonly accounts: readonly LimitCharge[]
}

export interface ResourceTakes {
  readonly resource: Selector
  readonly takes: readonly LimitTake[]
}

// Sessions arrive with callers: memory stays bounded however many there are.
const MAX_SESSIONS = 10_000
const MAX_SUBJECTS = 8

export function standingOf({ session, subject }: Payer, limits: CompiledLimits): Standing {
  const { standings } = limits
  const known = standings.get(session)
  if (known !== undefined)
    for (const standing of known) if (sameLimits(standing.subject, subject)) return standing
  const made = makeStanding({ session, subject }, limits)
  if (known !== undefined) {
    if (known.length >= MAX_SUBJECTS) known.length = 0
    known.push(made)
    return made
  }
  if (standings.size >= MAX_SESSIONS) standings.clear()
  standings.set(session, [made])
  return made
}

function makeStanding(payer: Payer, limits: CompiledLimits): Standing {
  const ofResources = limits.principals.flatMap((limit): readonly ResourceTakes[] => {
    if (limit.resource === undefined) return []
    const takes = principalTakes(limit, payer.subject)
    return takes.length === 0 ? [] : [{ resource: limit.resource, takes }]
  })
  return { ...payer, takes: new Map(), ofResources, accounts: accountsOf(payer, limits) }
}

export function principalTakes(limit: PrincipalLimit, subject: Subject): readonly LimitTake[] {
  return whoOf(limit.filter, subject).flatMap((who) =>
    limit.rates.map((rate) => takeOf(rate, subject, limitKey('principal', rate.id, ...who))),
  )
}

export function takeOf(
  { intervalMs, burst, limit, place }: CompiledRate,
  subject: Subject,
  key: string,
  isOfSession = false,
): LimitTake {
  return { key, intervalMs, burst, limit, place, owner: ownerOf(subject), isOfSession }
}

/** True where no limit can tell the two apart. */
function sameLimits(one: Subject, other: Subject): boolean {
  if (one === other) return true
  return (
    one.agent === other.agent &&
    one.user === other.user &&
    one.tenant === other.tenant &&
    one.team === other.team &&
    one.department === other.department &&
    one.tier === other.tier &&
    one.proof?.rate_tier === other.proof?.rate_tier &&
    sameList(one.groups, other.groups)
  )
}

function sameList(one: readonly string[] = [], other: readonly string[] = []): boolean {
  return (
    one === other || (one.length === other.length && one.every((item, at) => item === other[at]))
  )
}
