/** State of a session. Ordered; it never falls by itself. */
export type Disposition = 'allow' | 'warn' | 'pause' | 'terminate'

/** A behavioural rule's match. Holds no raw value of any payload. */
export interface Finding {
  readonly rule: string
  readonly severity: 'low' | 'medium' | 'high' | 'critical'
  /** 0 to 1. */
  readonly confidence: number
  readonly message: string
  /** Sequence number of the event that completed the match. */
  readonly trigger: number
  readonly sources: readonly number[]
  readonly action: 'warn' | 'ask' | 'pause' | 'terminate'
  readonly score: number
}
