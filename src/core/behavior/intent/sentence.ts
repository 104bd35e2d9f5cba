/** Where a sentence stood, shared by all sentences of one record. */
export interface SourceRecord {
  /** Number of the event. */
  readonly event: number
  /** Its own number in the session. */
  readonly id: number
  readonly resource: number
  /** Object classes in the name of the tool that gave it. */
  readonly objects: number
  /** Words of its author and title fields. */
  readonly authors: readonly number[]
  /** Values of the call that it answers. */
  readonly pointers: readonly number[]
  /** Its titles, and what the call asked for by name: each as its words. */
  readonly titles: readonly (readonly number[])[]
}

/** An instruction-like sentence as features; holds no text. */
export interface Sentence {
  readonly id: number
  readonly source: SourceRecord
  /** 0 to 1: how much it asks for something. */
  readonly mood: number
  /** 0 to 1: how much it speaks to the model. */
  readonly cue: number
  /** Verb classes in the place of a command, and anywhere. */
  readonly head: number
  readonly verbs: number
  readonly objects: number
  readonly stems: readonly number[]
  readonly values: readonly number[]
}
