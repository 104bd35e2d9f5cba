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

/**
 * How a subject was proven. Without one the host's own code vouches for it.
 * Set by identity providers; never part of what two subjects are compared by.
 */
export interface Proof {
  readonly method: 'fixed' | 'jwt' | 'proxy'
  /** Whom a token came from. */
  readonly issuer?: string
  /** Whom a token is for. Absent: nothing was said, so no audience is met. */
  readonly audience?: readonly string[]
  /** Epoch milliseconds. */
  readonly expires_at?: number
  /** The session a token is bound to; used where a call names none. */
  readonly session?: string
  /** Whose rate multiplier counts, where it is not the tier's. */
  readonly rate_tier?: Tier
  /** Who acts for whom, from the one in whose name it happens to the one that acts. */
  readonly act_chain?: readonly string[]
}

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
  readonly proof?: Proof
}

/** What an identity provider is shown. Never the arguments: claims a caller makes there are not identity. */
export interface Credentials {
  readonly bearer?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly peer?: string
  /** The path of the HTTP request, as it came: what `scanner` looks at. */
  readonly path?: string
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
  /** Id of an approval that was given for this very call: the id of the decision that asked for it. */
  readonly approval?: string
  /** What the tool's server says of it, where somebody keeps watch over that. */
  readonly definition?: ToolDefinitionState
  /** By which protocol and method the call came, for the record. */
  readonly origin?: CallOrigin
}

/** How a tool's definition stands to the one that was accepted. */
export interface ToolDefinitionState {
  /** `sha256:<hex>` of name, description, schemas and annotations. */
  readonly hash: string
  /** What is no longer as it was accepted, such as `description`. Such a call is denied `tool_changed`. */
  readonly changed?: string
  /** What the accepted definition says of its effects: they add to the catalogue's, and take nothing away. */
  readonly tags?: readonly Tag[]
}

export interface CallOrigin {
  /** Such as `tools/call`. */
  readonly method?: string
  /** Such as `mcp`. */
  readonly source?: string
  /**
   * No model has chosen it: the protocol's own machinery makes it. What outside text asks for then
   * explains nothing; where data goes is watched all the same.
   */
  readonly automatic?: boolean
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

/**
 * What callers of a resource must show besides a rule that allows it: of the tool and of its server
 * together. Every part must hold.
 */
export interface AccessNeeds {
  /** A caller that is proven or vouched for: not `anonymous`. */
  readonly authenticated: boolean
  /** Least tiers: each must be reached. */
  readonly tiers: readonly Tier[]
  /** Each must be among the subject's scopes, or be a tier that its own implies. */
  readonly scopes: readonly string[]
  /** The subject's department must be one of each list. */
  readonly departments: readonly (readonly string[])[]
  /** A token must be for one of these; undefined: for whom does not matter. */
  readonly audience: readonly string[] | undefined
  readonly issuer: string | undefined
}

/** What the catalogue, or its absence, says of a resource. */
export interface ResourceEntry {
  readonly name: string
  readonly kind: 'tool' | 'model' | 'prompt' | 'resource'
  readonly server: string | undefined
  /** False: the policy's catalogue does not list it. */
  readonly listed: boolean
  readonly scope: string | undefined
  readonly tags: readonly string[]
  /** Those of `tags` that only the tool's own definition claims: they take no presumption away. */
  readonly claimed?: readonly string[] | undefined
  readonly payload_class: string | undefined
  readonly sql_dialect: SqlDialect | undefined
  readonly tier: Tier | undefined
  /** Undefined: a rule that allows it is enough. */
  readonly needs?: AccessNeeds | undefined
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
  readonly definition?: ToolDefinitionState | undefined
  /** True where no model has chosen the call. */
  readonly automatic?: boolean
}
