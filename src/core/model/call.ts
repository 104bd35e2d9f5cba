import type { JsonObject } from './json.ts'

/** How a resource is used. Ordered: an allow for one grants the weaker ones, a deny takes the stronger. */
export type Verb = 'discover' | 'invoke' | 'admin'
export const VERBS = ['discover', 'invoke', 'admin'] as const satisfies readonly Verb[]
export const VERB_LEVEL: Readonly<Record<Verb, 0 | 1 | 2>> = { discover: 0, invoke: 1, admin: 2 }

/** How far the caller is trusted. */
export type Tier = 'admin' | 'user' | 'service' | 'a2a' | 'mcp' | 'anonymous'
/** Levels of the source documents; a tier implies every tier of the same or a lower level. */
export const TIER_LEVEL: Readonly<Record<Tier, number>> = {
  admin: 100,
  user: 50,
  service: 40,
  a2a: 30,
  mcp: 20,
  anonymous: 10,
}
export const TIERS = Object.keys(TIER_LEVEL) as readonly Tier[]

/** Who asks. `agent` is required; a person, a team and a tenant may stand behind it. */
export interface Subject {
  readonly agent: string
  readonly user?: string
  readonly team?: string
  readonly groups?: readonly string[]
  readonly department?: string
  readonly tenant?: string
  /** @default 'user' when the host's own code names the subject */
  readonly tier?: Tier
  readonly roles?: readonly string[]
  /** If present, intersects with the scopes of every binding. */
  readonly scopes?: readonly string[]
}

/** What an identity provider is shown. Never the arguments: claims a caller makes there are not identity. */
export interface Credentials {
  readonly bearer?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly peer?: string
}

/** What is asked: the only thing an adapter builds. */
export interface CallRequest {
  readonly session: string
  /** `server.tool`, `model:vendor/name`, `prompt:server/name` or `resource:server/uri`. */
  readonly resource: string
  readonly arguments: JsonObject
  /** @default 'invoke' */
  readonly verb?: Verb
  /** The server that registered the tool. Without it the catalogue says, then the longest known server. */
  readonly server?: string
  /** Used only where the catalogue gives the tool no scope. */
  readonly scope?: string
  readonly subject?: Subject
  readonly credentials?: Credentials
  /** The user's own words: trusted text, never recorded raw. */
  readonly task?: string
  readonly ids?: CallIds
  readonly trace?: string
  readonly parent?: string
  readonly signal?: AbortSignal
}

export interface CallIds {
  readonly task?: string
  readonly context?: string
  readonly client?: string
  readonly request?: string
  readonly toolCall?: string
}

export type Tag =
  | 'data_source'
  | 'external_data'
  | 'restricted'
  | 'external_write'
  | 'internal_write'
  | 'network_egress'
  | 'filesystem'
  | 'sql'
  | 'code_exec'
  | 'admin'
  | 'destructive'
  | 'payment'
  | 'credential_change'
  | 'privilege_grant'
  | 'public_post'
export const TAGS = [
  'data_source',
  'external_data',
  'restricted',
  'external_write',
  'internal_write',
  'network_egress',
  'filesystem',
  'sql',
  'code_exec',
  'admin',
  'destructive',
  'payment',
  'credential_change',
  'privilege_grant',
  'public_post',
] as const satisfies readonly Tag[]

export type SqlDialect =
  | 'postgresql'
  | 'mysql'
  | 'mariadb'
  | 'sqlite'
  | 'transactsql'
  | 'bigquery'
  | 'snowflake'
export const SQL_DIALECTS = [
  'postgresql',
  'mysql',
  'mariadb',
  'sqlite',
  'transactsql',
  'bigquery',
  'snowflake',
] as const satisfies readonly SqlDialect[]

/** What the catalogue, or its absence, says of a resource. */
export interface ResourceEntry {
  readonly name: string
  readonly kind: 'tool' | 'model' | 'prompt' | 'resource'
  readonly server: string | undefined
  /** False: the policy's catalogue does not list it. */
  readonly listed: boolean
  readonly scope: string | undefined
  readonly tags: readonly string[]
  readonly payload_class: string | undefined
  readonly sql_dialect: SqlDialect | undefined
  readonly tier: Tier | undefined
}

/** A request with its subject, its catalogue entry and its place in the session: what gates judge. */
export interface Call {
  readonly id: string
  readonly trace: string
  readonly session: string
  readonly sequence: number
  readonly subject: Subject
  readonly verb: Verb
  readonly resource: ResourceEntry
  readonly scope: string | undefined
  /** One frozen snapshot: what is judged is what is hashed and what is dispatched. */
  readonly arguments: JsonObject
  /** Epoch milliseconds, read once a call from the engine's clock. */
  readonly at: number
  readonly task: string | undefined
  readonly ids: CallIds
  readonly parent: string | undefined
}
