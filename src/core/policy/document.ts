import type { SqlDialect, Tier, Verb } from '../model/call.ts'
import type { Effect } from '../model/decision.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'

/**
 * What policy files say, checked and merged, otherwise untouched. The JSON Schema in `schema/` is
 * the authority on their shape; a test holds these types against it.
 */
export interface PolicyDocument {
  readonly version?: 1
  readonly extends?: readonly string[]
  readonly servers?: readonly (string | ServerDocument)[]
  readonly tools?: readonly ToolDocument[]
  readonly unlisted?: 'allow' | 'restrict'
  readonly agents?: readonly AgentDocument[]
  readonly roles?: readonly RoleDocument[]
  readonly bindings?: readonly BindingDocument[]
  readonly entities?: readonly EntityDocument[]
  readonly blocklist?: JsonObject
  readonly secrets?: JsonObject
  readonly scanner?: JsonObject
  readonly limits?: JsonObject
  readonly behavior?: JsonObject
  readonly redaction?: JsonObject
  readonly approvals?: JsonObject
  readonly identity?: JsonObject
  readonly hooks?: JsonObject
  readonly router?: JsonObject
}

export interface ServerDocument {
  readonly name: string
  readonly auth?: JsonObject
  /** Least tier of a caller. */
  readonly tier?: Tier
  readonly departments?: readonly string[]
  readonly description?: string
}

export interface ToolDocument {
  readonly name: string
  readonly server?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly scope?: string
  readonly payload_class?: string
  readonly sql_dialect?: SqlDialect
  /** Least tier of a caller. */
  readonly tier?: Tier
  /** Scopes a caller must have besides. */
  readonly scopes?: readonly string[]
  readonly departments?: readonly string[]
}

export interface AgentDocument {
  readonly name: string
  readonly scope?: string
  readonly description?: string
}

export interface RoleDocument {
  readonly name: string
  readonly description?: string
  /** Roles whose rules this role has too. */
  readonly extends?: readonly string[]
  readonly rules?: readonly RuleDocument[]
}

export interface RuleDocument {
  readonly name?: string
  readonly description?: string
  /** @default 'allow' */
  readonly effect?: Effect
  readonly resources: readonly string[]
  readonly verbs: readonly Verb[]
  readonly constraints?: Readonly<Record<string, readonly JsonValue[] | JsonObject>>
  readonly when?: WhenDocument
  readonly compute?: JsonObject
  readonly obligations?: JsonObject
}

/** Tests of the subject: each key must hold, any of its values will do. */
export interface WhenDocument {
  readonly agent?: readonly string[]
  readonly user?: readonly string[]
  readonly team?: readonly string[]
  readonly groups?: readonly string[]
  readonly department?: readonly string[]
  readonly tenant?: readonly string[]
  readonly tier?: readonly Tier[]
  readonly roles?: readonly string[]
  readonly scopes?: readonly string[]
}

/** Whom a binding speaks of: at least one key, and every key given must hold. */
export const BINDING_KEYS = [
  'agent',
  'user',
  'team',
  'group',
  'department',
  'tenant',
  'tier',
] as const
export type BindingKey = (typeof BINDING_KEYS)[number]

export interface BindingDocument extends Readonly<Partial<Record<BindingKey, string>>> {
  readonly roles: readonly string[]
  /** Absent, or holding `*`: every scope. */
  readonly scopes?: readonly string[]
  /** RFC 3339 with a zone. */
  readonly expires_at?: string
  readonly reason?: string
}

export interface EntityDocument {
  readonly for: string
  readonly effect: 'allow' | 'deny'
  readonly on: readonly string[]
}
