import { isMap } from '../../../core/json-kind.ts'
import type { AuditRecord } from '../../../core/model/audit-record.ts'
import {
  type Call,
  type Subject,
  TIER_LEVEL,
  type Tier,
  VERB_LEVEL,
  type Verb,
} from '../../../core/model/call.ts'
import type { JsonObject } from '../../../core/model/json.ts'
import type { CompiledPolicy } from '../../../core/policy/compile.ts'
import { hashOf } from '../../record.ts'
import type { Unknown } from './judgement.ts'

/** A call as far as its record tells. */
export interface RecordedCall {
  readonly call: Call
  /** Why `call.arguments` are not those that were judged; undefined where they are. */
  readonly missing: Extract<Unknown, 'arguments_not_recorded' | 'arguments_redacted'> | undefined
}

/**
 * The call that a record is about, under the catalogue of a policy; `malformed` where that policy knows
 * no such resource, `unreadable` where the record does not say who asked for what.
 */
export function recordedCall(
  record: AuditRecord,
  policy: CompiledPolicy,
): RecordedCall | 'malformed' | 'unreadable' {
  const { verb } = record
  const subject = subjectOf(record)
  if (subject === undefined || record.resource === null || !isVerb(verb)) return 'unreadable'
  if (NAMES.some((name) => STOOD_IN.test(record[name] ?? ''))) return 'unreadable'
  const resource = policy.index.resolve(record.resource, record.server ?? undefined)
  if ('fault' in resource) return 'malformed'
  const known = argumentsOf(record)
  return {
    call: {
      id: record.id,
      trace: record.trace_id ?? record.id,
      session: record.session_id ?? '',
      sequence: 1,
      subject,
      verb,
      resource,
      scope: resource.scope ?? record.scope ?? undefined,
      arguments: 'missing' in known ? NOTHING : known.arguments,
      at: Date.parse(record.ts),
      task: undefined,
      ids: {},
      parent: undefined,
    },
    missing: 'missing' in known ? known.missing : undefined,
  }
}

const NOTHING: JsonObject = Object.freeze({})
const HASH_OF_NOTHING = hashOf(NOTHING)
const NAMES = [
  'agent',
  'user_id',
  'team',
  'department',
  'tenant',
  'resource',
  'server',
  'scope',
] as const
/** A name that held a secret is recorded as a keyed hash: nobody can tell what it was. */
const STOOD_IN = /\[[a-z0-9_]{1,64}#[a-p]{12}\]/
/** A token of redaction may have been turned back before the call was judged. */
const TOKEN = /\[[a-z0-9_]{1,64}~[A-Za-z0-9_-]{8,20000}\]/

type Arguments =
  | { readonly arguments: JsonObject }
  | { readonly missing: NonNullable<RecordedCall['missing']> }

/** INVARIANT: arguments count as known only where their hash is that of what was asked. */
function argumentsOf({ arguments: recorded, input_hash: hash }: AuditRecord): Arguments {
  if (hash === HASH_OF_NOTHING) return { arguments: NOTHING }
  if (recorded === null) return { missing: 'arguments_not_recorded' }
  if (!isMap(recorded) || hashOf(recorded) !== hash) return { missing: 'arguments_redacted' }
  if (TOKEN.test(JSON.stringify(recorded))) return { missing: 'arguments_redacted' }
  return { arguments: recorded as JsonObject } // a map of parsed JSON
}

function subjectOf(record: AuditRecord): Subject | undefined {
  const { agent, user_id: user, team, department, tenant, tier } = record
  if (agent === null || agent === '') return undefined
  return {
    agent,
    ...(user === null ? {} : { user }),
    ...(team === null ? {} : { team }),
    ...(department === null ? {} : { department }),
    ...(tenant === null ? {} : { tenant }),
    ...(isTier(tier) ? { tier } : {}),
  }
}

function isVerb(verb: string | null): verb is Verb {
  return verb !== null && Object.hasOwn(VERB_LEVEL, verb)
}

function isTier(tier: string | null): tier is Tier {
  return tier !== null && Object.hasOwn(TIER_LEVEL, tier)
}
