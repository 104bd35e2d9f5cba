import type { Call } from '../model/call.ts'
import type { Disposition, Finding } from '../model/finding.ts'
import type { JsonValue } from '../model/json.ts'
import type { SessionView } from '../model/ports.ts'
import type { Flow } from './flow.ts'
import type { Explanation } from './intent/intent.ts'
import type { Ledger, SavedLedger } from './ledger.ts'
import type { LineageRequest, LineageResponse } from './lineage/lineage.ts'
import type { ProposedCall } from './proposals.ts'
import type { RequestEvent, ResponseEvent, Rule, RuleFinding } from './rule.ts'
import type { Evidence } from './run-rules.ts'
import type { BehaviorSettings } from './settings.ts'
import type { Inflate } from './views/views-of.ts'

/** What is watched of one session of one principal. Holds keyed hashes and numbers, no raw value. */
export interface Watch {
  /** The user's own words, before the call that brings them is judged. */
  task(text: string): void
  /** A model has proposed a call that may be executed: what is executed is held against it. */
  proposed(call: ProposedCall): void
  /** Judges a request against what the session has seen. Changes nothing. */
  judge(call: Call, number: number, context: WatchContext): Assessment
  /** Counts what was found, once a cause; gives what is new. */
  admit(assessment: Assessment | Answer): readonly Finding[]
  approved(assessment: Assessment): void
  refused(assessment: Assessment): void
  /** The request goes out. */
  sent(assessment: Assessment, context: WatchContext, approved: boolean): void
  /** Judges a response before the agent sees it. Changes nothing. */
  inspect(assessment: Assessment, response: Response, context: WatchContext): Answer
  /** The agent sees the response: what it holds can come back from here on. */
  received(answer: Answer, context: WatchContext): void
  readonly ledger: Ledger
  /** What the session cannot prove: restricted data was dropped for want of room, or was not looked at. */
  readonly forgot: boolean
  /** True once data was seen that must not be forgotten. */
  readonly tainted: boolean
  /** True once outside text was seen that speaks to the model. */
  readonly suspicious: boolean
  readonly bytes: number
  save(): JsonValue
}

export interface WatchContext {
  readonly settings: BehaviorSettings
  readonly session: SessionView
}

export interface Response {
  /** Number of the event. */
  readonly number: number
  readonly payload: JsonValue
  readonly isError: boolean
  /** Epoch milliseconds. */
  readonly at: number
  /** Not all of it is in `payload`: it is over a bound, or cannot be read. @default false */
  readonly unread?: boolean
}

/** What a request looks like in the light of its session. */
export interface Assessment {
  readonly event: RequestEvent
  readonly findings: readonly RuleFinding[]
  readonly flows: readonly Flow[]
  /** What an answer may be made of: the flows, also of a call that does not leave, whoever read them. */
  readonly sources: readonly Flow[]
  readonly explanation: Explanation | undefined
  readonly evidence: Evidence
  /** What the findings and the risk come to; `ask` where a person must decide. */
  readonly outcome: Disposition | 'ask'
  /** The findings that stand behind an outcome of more than `warn`. */
  readonly decisive: readonly RuleFinding[]
}

/** What a response looks like. */
export interface Answer {
  readonly event: ResponseEvent
  readonly findings: readonly RuleFinding[]
  readonly evidence: Evidence
  readonly outcome: Disposition
  readonly decisive: readonly RuleFinding[]
  readonly request: Assessment
  /** Not all of it was looked at. */
  readonly unread: boolean
}

export interface WatchOptions {
  /** Keys the hashes; 16 bytes or more. */
  readonly key: Uint8Array
  readonly rules: readonly Rule[]
  readonly maxBytes: number
  /** What the principal's other sessions have read, shared by all of them. */
  readonly carry?: Carry
  /** What was found in the session before; default: as it was saved. */
  readonly ledger?: Ledger
  /** The session was dropped before, with what it had read. @default false */
  readonly forgot?: boolean
  /** What `save` gave under the same key; anything else goes on as a session that has forgotten. */
  readonly saved?: SavedWatch
  /** Undoes compression, so that compressed data can be looked into. */
  readonly inflate?: Inflate
  /** Kinds of evidence to leave out, for measuring. */
  readonly without?: ReadonlySet<string>
}

/**
 * What the principal of a call has read in any session: a new session does not wash it off. `reader`
 * stands for one watch, which knows better itself what only it has read.
 */
export interface Carry {
  match(request: LineageRequest, by: CarriedBy, reader: object): readonly Flow[]
  received(response: CarriedResponse, by: CarriedBy, reader: object): void
  /** True where some of it was dropped for want of room, or could not be looked at. */
  forgot(by: CarriedBy, reader: object): boolean
}
export type CarriedResponse = LineageResponse & Pick<Answer, 'unread'>
export type CarriedBy = Pick<Call, 'subject' | 'at'>

/** Plain JSON. */
export interface SavedWatch {
  readonly ledger: SavedLedger
  readonly memory: Readonly<Record<string, JsonValue>>
  readonly lineage?: JsonValue
  readonly intent?: JsonValue
  readonly known?: readonly string[]
  readonly suspicious: number
  readonly forgot: boolean
  readonly tainted: boolean
  /** Tells whether it is as it was saved. */
  readonly seal: string
}
