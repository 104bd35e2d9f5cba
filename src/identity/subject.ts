import { type Proof, type Subject, TIER_LEVEL, type Tier } from '../core/model/call.ts'
import { identifierFault } from '../core/names.ts'

/** Longest list of groups, roles or scopes. */
const MAX_LIST = 1000
/** Most audiences: as many as the engine takes of a proof. */
export const MAX_AUDIENCES = 100

/** What is known of a caller, none of it checked. */
export interface SubjectFields {
  readonly agent: unknown
  readonly user?: unknown
  readonly team?: unknown
  readonly department?: unknown
  readonly tenant?: unknown
  readonly groups?: unknown
  readonly roles?: unknown
  readonly scopes?: unknown
  readonly tier?: Tier | undefined
  readonly proof: Proof
}

/** Says no, with what is wrong. */
export type Refuse = (message: string) => never

const TEXTS = ['agent', 'user', 'team', 'department', 'tenant'] as const
const LISTS = ['groups', 'roles', 'scopes'] as const

/** A subject whose every name is well formed, frozen; `refuse` is told of the first that is not. */
export function makeSubject(fields: SubjectFields, refuse: Refuse): Subject {
  const subject: Record<string, unknown> = { agent: identifier('agent', fields.agent, refuse) }
  for (const name of TEXTS)
    if (fields[name] !== undefined) subject[name] = identifier(name, fields[name], refuse)
  for (const name of LISTS)
    if (fields[name] !== undefined) subject[name] = identifiers(name, fields[name], refuse)
  const { tier, proof } = fields
  if (tier !== undefined) {
    if (typeof tier !== 'string' || !Object.hasOwn(TIER_LEVEL, tier))
      refuse(`tier: it is one of ${Object.keys(TIER_LEVEL).join(', ')}`)
    subject['tier'] = tier
  }
  subject['proof'] = Object.freeze(proof)
  return Object.freeze(subject) as unknown as Subject // every field is checked above
}

/** A name as agents, users and scopes have them. */
export function identifier(what: string, value: unknown, refuse: Refuse): string {
  const fault = identifierFault(value)
  if (fault !== undefined) refuse(`${what}: ${fault}`)
  return value as string // identifierFault refuses all else
}

/** Names, each once. */
export function identifiers(
  what: string,
  value: unknown,
  refuse: Refuse,
  most: number = MAX_LIST,
): readonly string[] {
  if (!Array.isArray(value)) return refuse(`${what}: it is a list of names`)
  if (value.length > most) return refuse(`${what}: it has more than ${most} names`)
  return Object.freeze([...new Set(value.map((item) => identifier(what, item, refuse)))])
}
