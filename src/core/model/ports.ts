import type { AuditRecord } from './audit-record.ts'
import type { Call, Credentials, ResourceEntry, Subject, Verb } from './call.ts'
import type { Decision, GateName, Verdict } from './decision.ts'
import type { Disposition } from './finding.ts'
import type { JsonObject, JsonValue, MaybePromise } from './json.ts'

/** Keeps records. `write` resolves when they are durable, and rejects when they are not. */
export interface AuditSink {
  readonly name: string
  /**
   * `false`: that `write` resolves does not mean that a record is kept. An engine that has only such
   * sinks says so once. @default records are kept
   */
  readonly durable?: false
  write(records: readonly AuditRecord[]): MaybePromise<void>
  close?(): MaybePromise<void>
}

/** What passed through a session, with its payload: a call as it was asked, or what came back. */
export interface SessionMessage {
  readonly direction: 'request' | 'response'
  readonly session: string
  /** Whose session it is, where several principals use its id. Undefined: nobody was found out. */
  readonly subject: Subject | undefined
  /** Id of the call; undefined for what the agent was told without one. */
  readonly call: string | undefined
  /** Name of the resource as it was asked for; undefined where nothing was called. */
  readonly name: string | undefined
  /** What the catalogue says of it; undefined where the call did not get so far. */
  readonly resource: ResourceEntry | undefined
  readonly verb: Verb
  /** As the request had them. */
  readonly server: string | undefined
  readonly scope: string | undefined
  /** Such as `tools/call`. */
  readonly method: string | undefined
  /** The user's own words. */
  readonly task: string | undefined
  /** `redaction.fields` of the policy that judged, in lower case. */
  readonly fields?: ReadonlySet<string> | undefined
  readonly payload: JsonValue
  /** The call has failed, and the payload is its error. */
  readonly isError: boolean
  /** Epoch milliseconds. */
  readonly at: number
}

/**
 * Sees what sinks never do: payloads. Handed in beside them in `audit`; what it accepts or throws counts
 * for no call. `observe` and `ended` are called in the line: they must return at once.
 */
export interface SessionRecorder {
  readonly name: string
  observe(message: SessionMessage): void
  /** The host has ended the session: of one principal, of a tenant, or of all that use its id. */
  ended?(session: string, owner?: SessionRecordOwner): void
  close?(): MaybePromise<void>
}
export interface SessionRecordOwner {
  readonly subject?: { readonly [Field in 'tenant' | 'user']?: Subject[Field] | undefined }
  readonly tenant?: string
}

/** Credentials to subject. `undefined` is anonymous; a throw is `token_invalid`. */
export interface IdentityProvider {
  identify(credentials: Credentials): MaybePromise<Subject | undefined>
}

/** One more check. A throw, a rejection or no answer within the limit is a denial `gate_failed`. */
export interface Gate {
  readonly name: GateName
  check(call: Call, view: GateView): MaybePromise<Verdict>
}

/** What a gate may look at besides the call. */
export interface GateView {
  readonly policy_digest: string
  readonly session: SessionView
  readonly signal: AbortSignal
  /** True in `explain`: say what would happen, and move nothing. */
  readonly dry_run: boolean
}

/** A session as others may see it. */
export interface SessionView {
  readonly id: string
  /** Calls begun so far; the current one included. */
  readonly sequence: number
  /** Requests and responses so far: what findings count by. */
  readonly events: number
  readonly disposition: Disposition
  readonly risk: number
  /** Epoch milliseconds. */
  readonly started_at: number
  readonly denied: number
}

/** What a person is asked. */
export interface Approval {
  readonly id: string
  readonly call: Call
  readonly decision: Decision
  /** The arguments that would be dispatched. */
  readonly arguments: JsonObject
  /** Epoch milliseconds after which the answer is no longer taken. */
  readonly expires_at: number
}

/** Where a person is asked. Absent: an escalated call is denied `approval_required` at once. */
export interface Approvals {
  ask(
    approval: Approval,
    signal: AbortSignal,
  ): MaybePromise<{
    readonly outcome: 'approved' | 'denied'
    readonly by: string
    /** Why; told to the caller with a refusal. */
    readonly reason?: string
  }>
  /** The less of this and the policy's `approvals.timeout` counts. @default 300000 */
  readonly timeoutMs?: number
}

/** What an approval is good for: a call that differs in any of it is another one. */
export interface ApprovalBinding {
  readonly tenant: string | null
  readonly agent: string
  readonly user: string | null
  readonly session: string
  readonly verb: Verb
  readonly resource: string
  readonly server: string | null
  /** Digest of what the policy's catalogue says of the resource. */
  readonly definition: string
  /** Of the definition as its server gives it; null where nobody says. */
  readonly definition_hash: string | null
  /** Digests of what was found in the session that made this call a question: what comes up later is another. */
  readonly findings: readonly string[]
  /** Digest of the canonical arguments that would be dispatched: rewritten ones where a rule rewrites. */
  readonly arguments_hash: string
}

/** Nothing leads back from `used`, `denied` and `expired`. */
export type ApprovalState = 'pending' | 'approved' | 'used' | 'denied' | 'expired'

/**
 * One approval as it is kept. Plain JSON without a raw argument: `text` is escaped, bounded, and without
 * the secrets that were found in it.
 */
export interface ApprovalEntry {
  /** Id of the decision that asked. */
  readonly id: string
  /** Counts changes from 1; what `replace` compares. */
  readonly version: number
  readonly state: ApprovalState
  readonly binding: ApprovalBinding
  /** Who asks, by every name: none of them approves. */
  readonly requesters: readonly string[]
  /** The policy that asked for a person. */
  readonly policy_digest: string
  readonly trace: string
  /** What a screen may show. */
  readonly text: string
  /** Who may approve; null: anybody else. */
  readonly approvers: readonly string[] | null
  readonly four_eyes: boolean
  /** Milliseconds that a given approval is good for. */
  readonly ttl_ms: number
  /** Epoch milliseconds. */
  readonly asked_at: number
  /** Epoch milliseconds: until when it waits for an answer, or since that is yes for its call. */
  readonly expires_at: number
  /** The process whose steady clock `deadline` is read on. */
  readonly boot: string
  /** `expires_at` on that clock. */
  readonly deadline: number
  readonly by: string | null
  readonly reason: string | null
  /** Epoch milliseconds. */
  readonly decided_at: number | null
  /** Id of the decision that used it. */
  readonly used_by: string | null
}

export interface ApprovalFilter {
  readonly state?: ApprovalState
  /** `null`: those of no tenant. */
  readonly tenant?: string | null
  readonly agent?: string
  /** @default no limit */
  readonly limit?: number
}

/**
 * Keeps approvals. What waits, or was given and not used, is never dropped; of the others as many as
 * there is room for, so that a second use can be told from an unknown one.
 */
export interface ApprovalStore {
  get(id: string): MaybePromise<ApprovalEntry | undefined>
  /** False where the id is there already, or no room is left. */
  add(entry: ApprovalEntry): MaybePromise<boolean>
  /**
   * Compare-and-set: puts `entry` in the place of the one of its id where that still has `version`. Of
   * any number of callers with the same version one gets true.
   */
  replace(entry: ApprovalEntry, version: number): MaybePromise<boolean>
  /** Oldest first, by `asked_at`. */
  list(filter: ApprovalFilter): MaybePromise<readonly ApprovalEntry[]>
}

/** One bucket a call takes from. Rates count in calls a second. */
export interface BucketTake {
  /** Whose bucket: tenant, principal and class of calls. Never a secret. */
  readonly key: string
  /** Milliseconds between two calls at the steady rate. */
  readonly intervalMs: number
  /** Calls that may come at once. */
  readonly burst: number
  /** Who gives room first where a store is full: the tenant, else whoever calls. */
  readonly owner?: string | undefined
  /** It ends with a session, and may be forgotten before others of its owner. */
  readonly isOfSession?: boolean | undefined
}

/** What a limit that was not met leaves to be said. */
export interface Refusal {
  /** Index of the take or charge that was refused. */
  readonly index: number
  /** Milliseconds after which it may be tried again; null: never by waiting. */
  readonly retryAfterMs: number | null
}

/** Counts calls. Atomic: either every bucket gives, or none is touched. */
export interface RateLimitStore {
  /** `now` is monotonic, in milliseconds. `undefined`: granted. */
  take(takes: readonly BucketTake[], now: number): MaybePromise<Refusal | undefined>
  /** As `take`, and nothing moves. */
  peek(takes: readonly BucketTake[], now: number): MaybePromise<Refusal | undefined>
}

/** One account a call is charged to. Amounts are whole: nano-dollars, tokens, calls, milliseconds, bytes. */
export interface Charge {
  readonly key: string
  readonly amount: number
  readonly limit: number
  /** The account is emptied after this many milliseconds; undefined: never. */
  readonly windowMs: number | undefined
  /** As of a bucket. */
  readonly owner?: string | undefined
  readonly isOfSession?: boolean | undefined
}

/** Counts what is spent. Reserving is atomic over all charges of one call. */
export interface BudgetStore {
  /** Sets the amounts aside, or says which charge its limit does not cover. */
  reserve(charges: readonly Charge[], now: number): MaybePromise<Refusal | undefined>
  /** The list that was reserved, the same object. What was set aside becomes what was spent: `actual[i]` in place of `charges[i].amount`. */
  settle(charges: readonly Charge[], actual: readonly number[], now: number): MaybePromise<void>
  /** Drops accounts of what has ended. Without it they stay until they are old. */
  forget?(keys: readonly string[]): MaybePromise<void>
  /** Spent and set aside so far in the current window. */
  spent(key: string, windowMs: number | undefined, now: number): MaybePromise<number>
}

/** Looks up where a path really leads. Throws where it cannot (with `code: 'ENOENT'` for a missing path). */
export type RealPath = (path: string) => string
