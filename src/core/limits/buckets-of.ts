import type { Call, ResourceEntry, Subject } from '../model/call.ts'
import { matchesGlob, type Selector } from '../policy/selectors.ts'
import type { Payer } from './accounts.ts'
import type { CompiledLimits, LimitTake } from './compile-limits.ts'
import { limitKey } from './limit-key.ts'
import { principalTakes, standingOf, takeOf } from './standing.ts'

/** What a limit looks at of a call. */
export type LimitedCall = Pick<Call, 'session' | 'subject' | 'resource'>

/** Classes of endpoints that a host may name; a call is `inference` or `mcp` by itself. */
export type EndpointClass =
  | 'oauth_public'
  | 'oauth_auth'
  | 'contexts'
  | 'tasks'
  | 'artifacts'
  | 'agent_registry'
  | 'agents'
  | 'mcp_registry'
  | 'mcp'
  | 'stream'
  | 'content'
  | 'inference'

/** The buckets a call takes from: that of its class, of its session, and of every limit that speaks of it. */
export function bucketsOf(
  call: LimitedCall,
  limits: CompiledLimits,
  endpoint: EndpointClass = call.resource.kind === 'model' ? 'inference' : 'mcp',
): readonly LimitTake[] {
  if (limits.isDisabled) return NONE
  const { takes, ofResources } = standingOf(call, limits)
  let always = takes.get(endpoint)
  if (always === undefined) {
    always = alwaysOf(call, limits, endpoint)
    takes.set(endpoint, always)
  }
  if (ofResources.length === 0) return always
  const covering = ofResources.filter(({ resource }) => covers(resource, call.resource))
  return covering.length === 0 ? always : [...always, ...covering.flatMap((one) => one.takes)]
}

const NONE: readonly LimitTake[] = []

/** Those that do not depend on the resource. */
function alwaysOf(
  { session, subject }: Payer,
  limits: CompiledLimits,
  endpoint: EndpointClass,
): readonly LimitTake[] {
  // As the engine has it: users and tenants never share a session, whatever ids they bring.
  const { tenant, user } = subject
  return [
    classTake(subject, limits, endpoint),
    ...limits.session.rates.map((rate) =>
      takeOf(rate, subject, limitKey('session', rate.id, tenant, user, session), true),
    ),
    ...limits.principals.flatMap((limit) =>
      limit.resource === undefined ? principalTakes(limit, subject) : [],
    ),
  ]
}

function classTake(subject: Subject, limits: CompiledLimits, endpoint: EndpointClass): LimitTake {
  const tier = subject.proof?.rate_tier ?? subject.tier ?? 'user'
  const rate = limits.classes.get(endpoint)?.get(tier)
  // INVARIANT: a class or tier that no rate is known of never means a call without a limit.
  if (rate === undefined) throw new TypeError('there is no such class of endpoints or tier')
  const key = limitKey('class', rate.id, subject.tenant, ...principalOf(subject))
  return takeOf(rate, subject, key)
}

function principalOf(subject: Subject): readonly [kind: string, name: string] {
  // What an anonymous caller says of itself must not give it a bucket of its own.
  if (subject.tier === 'anonymous') return ['agent', 'anonymous']
  return subject.user === undefined ? ['agent', subject.agent] : ['user', subject.user]
}

/** A limit restricts: it also reads a bare name of a known server as `server.name`. */
function covers(selector: Selector, { name, kind, server }: ResourceEntry): boolean {
  if (selector.kind === 'server')
    return server !== undefined && (selector.server === '*' || selector.server === server)
  if (matches(selector, name)) return true
  if (kind !== 'tool' || server === undefined || name.startsWith(`${server}.`)) return false
  return matches(selector, `${server}.${name}`)
}

function matches(selector: Exclude<Selector, { kind: 'server' }>, name: string): boolean {
  return selector.kind === 'exact' ? selector.text === name : matchesGlob(selector.parts, name)
}
