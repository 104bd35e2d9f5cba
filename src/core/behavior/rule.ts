import type { ScanMatch } from '../detection/match.ts'
import type { Call } from '../model/call.ts'
import type { Finding } from '../model/finding.ts'
import type { JsonValue } from '../model/json.ts'
import type { SessionView } from '../model/ports.ts'
import type { Flow } from './flow.ts'
import type { Explanation } from './intent/intent.ts'
import type { Argument } from './lineage/lineage.ts'
import type { Leaf } from './payload/leaf.ts'
import type { ProposalMatch } from './proposals.ts'
import type { BehaviorSettings, RuleSettings } from './settings.ts'

/** One side of a call: its request before it goes out, or its response before the agent sees it. */
export type SessionEvent = RequestEvent | ResponseEvent

interface EventFields {
  /** Its number in the session: requests and responses count alike, from 1. */
  readonly number: number
  readonly call: Call
  /** Epoch milliseconds. */
  readonly at: number
  /** How the resource is used, from its tags, its verb and its name. */
  readonly traits: Traits
}
export interface RequestEvent extends EventFields {
  readonly direction: 'request'
  readonly arguments: readonly Argument[]
}
export interface ResponseEvent extends EventFields {
  readonly direction: 'response'
  /** Number of the request it answers. */
  readonly request: number
  readonly leaves: readonly Leaf[]
  readonly isError: boolean
}

/** What calling a resource does, as far as can be known. */
export interface Traits {
  /** Data leaves what is trusted: `external_write`, `network_egress`, `public_post`; presumed of unlisted tools that write. */
  readonly egress: boolean
  /** Something is changed, sent or run. */
  readonly writes: boolean
  /** Its output is restricted: by tag or payload class. */
  readonly restricted: boolean
  /** `destructive`, `payment`, `credential_change`, `privilege_grant`, `admin`: by tag, or by a name that says so. */
  readonly sensitive: boolean
  has(tag: string): boolean
}

/** What a rule may look at besides the event. Everything here is read-only. */
export interface RuleView {
  readonly session: SessionView
  readonly settings: RuleSettings
  readonly behavior: BehaviorSettings
  /** Data of earlier responses that the request carries; empty for responses. */
  readonly flows: readonly Flow[]
  /** Secrets, personal data and instructions in the event's texts. */
  readonly matches: readonly EventMatch[]
  /** Why the call was made, where outside text explains it better than the task does. */
  readonly explanation: Explanation | undefined
  /** How the call stands to what models have proposed; undefined where nobody knows. */
  readonly proposal: ProposalMatch | undefined
  /** Highest number of a response with text that speaks to the model, 0 for none. */
  readonly suspiciousEvent: number
  /** What `remember` gave last; undefined at first. */
  readonly memory: JsonValue | undefined
  /** Destinations of the request: addresses, hosts, recipients, account numbers; as written. */
  readonly destinations: readonly Destination[]
}

/** A scan's match in one of the event's leaves or arguments. */
export interface EventMatch extends ScanMatch {
  readonly leaf: number
}

export interface Destination {
  readonly text: string
  /** Named in the task, allowed by the policy, or taken from a source that no stranger writes. */
  readonly known: boolean
  readonly allowed: boolean
  readonly denied: boolean
}

/** A finding and what tells it from its repeats. */
export interface RuleFinding extends Finding {
  /** Findings of one rule with the same cause count once a session. Never a payload. */
  readonly cause?: string
}

/**
 * Looks for one pattern of behaviour. `evaluate` has no effect: the same event and view give the same
 * answer. What it must keep between events goes through `remember`.
 */
export interface Rule {
  readonly id: string
  readonly on: 'request' | 'response'
  readonly severity: Finding['severity']
  evaluate(event: SessionEvent, view: RuleView): Finding | readonly RuleFinding[] | undefined
  /**
   * Called for every request that goes out and every response, in their order. What it gives is kept
   * with the session: plain JSON, bounded, without raw values.
   */
  remember?(event: SessionEvent, view: RuleView): JsonValue | undefined
}
