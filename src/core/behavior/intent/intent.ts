import type { JsonValue } from '../../model/json.ts'
import type { Argument } from '../lineage/lineage.ts'
import type { Leaf } from '../payload/leaf.ts'

/** Text that somebody outside may have written. */
export interface OutsideText {
  /** Number of the event. */
  readonly event: number
  readonly resource: string
  readonly server: string | undefined
  readonly leaves: readonly Leaf[]
  /** Keys of leaves that no stranger writes, as the policy says. */
  readonly trustedFields: (key: string) => boolean
  /** The call that this answers: what it asked for is not news. */
  readonly arguments: readonly Argument[]
}

/** A call that somebody may have talked the agent into. */
export interface Act {
  readonly event: number
  readonly resource: string
  readonly server: string | undefined
  readonly tags: readonly string[]
  readonly arguments: readonly Argument[]
}

/**
 * Why a call was made, as far as texts tell: the outside sentence that explains it best, against the
 * user's task. Holds no text.
 */
export interface Explanation {
  /** 0 to 1: how much of the call outside text explains and the task does not. */
  readonly score: number
  /** Number of the event whose text explains the call best. */
  readonly event: number
  /** The text speaks to the model, claims authority or hides itself: structure, not topic. */
  readonly cue: boolean
  /** Values of the call that stand in that text and nowhere that is trusted. */
  readonly values: number
  /** 0 to 1: how well the task explains the same call. */
  readonly task: number
  /** False: no task was given, so that nothing could be held against it. */
  readonly hasTask: boolean
}

/** The instruction-like sentences a session has seen, as features of keyed hashes; bounded. */
export interface Intent {
  /** The user's own words. Called once, before anything else, and again when the task changes. */
  task(text: string): void
  observe(text: OutsideText): void
  /** Changes nothing. Undefined: no outside text speaks for the call. */
  explain(act: Act): Explanation | undefined
  /** The call went out, or a person approved it: what it was given is no longer news. */
  acted(act: Act, approved: boolean): void
  readonly bytes: number
  save(): JsonValue
}

export interface IntentOptions {
  readonly key: Uint8Array
  readonly saved?: JsonValue
  /** For measuring only: kinds of evidence to leave out. */
  readonly without?: ReadonlySet<'cue' | 'wrapper' | 'imperative' | 'task' | 'values' | 'verbs'>
}
