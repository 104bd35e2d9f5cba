/** Where a value was first seen. */
export interface Origin {
  /** Number of the event; 0: an earlier session of the same principal. */
  readonly event: number
  readonly resource: string
  readonly server: string | undefined
  readonly scope: string | undefined
  /** The tool or its payload class is restricted, or the response held secrets. */
  readonly restricted: boolean
  /** Strangers may have written it: it came out of a tool that is not trusted. */
  readonly outside: boolean
}

/** How a value came back. `derived`: not itself, but the output of a call that had been given it. */
export type FlowKind = 'secret' | 'value' | 'text' | 'part' | 'split' | 'derived'

/** What part of a request a value ended up in. */
export type ArgumentRole = 'destination' | 'content' | 'identifier'

/** Data of an earlier response that goes out with a request. Holds no raw value. */
export interface Flow {
  readonly from: number
  readonly to: number
  readonly kind: FlowKind
  /** 0 to 1: kind of match, length, entropy, and how rare the value is in the session. */
  readonly confidence: number
  /** Calls between the first source and this request, 1 for a direct one. */
  readonly hops: number
  /** Numbers of the events from the first source to this request. */
  readonly chain: readonly number[]
  readonly origin: Origin
  readonly role: ArgumentRole
  /** How it was hidden, outermost first, such as `['base64', 'gzip']`; empty: as it was. */
  readonly encoded: readonly string[]
  /** A keyed hash that stands for the value: the same for the same value in one session. */
  readonly value: string
  /** The value is also known from the task or another source that is trusted. */
  readonly trusted: boolean
  /** Approximate number of UTF-16 units of the source that this request carries. */
  readonly length: number
}
