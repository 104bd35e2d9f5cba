import type { JsonValue } from '../../model/json.ts'
import type { ArgumentRole, Flow, Origin } from '../flow.ts'
import type { Leaf } from '../payload/leaf.ts'
import type { Inflate } from '../views/encodings.ts'

/** An argument of a request, with the part it plays. */
export interface Argument extends Leaf {
  readonly role: ArgumentRole
}

/** A stretch of a leaf that a scan took for a secret. */
export interface SecretSpan {
  /** Index into the leaves. */
  readonly leaf: number
  readonly start: number
  readonly end: number
}

export interface LineageRequest {
  /** Number of the event. */
  readonly event: number
  readonly arguments: readonly Argument[]
  /** True where the request leaves what is trusted: partial and hidden matches are looked for only then. */
  readonly egress: boolean
  /** Set where restricted data may be hidden in the request and could not be looked for: too much is encoded. */
  readonly told?: { unread: boolean }
}

export interface LineageResponse {
  readonly event: number
  readonly origin: Origin
  readonly leaves: readonly Leaf[]
  readonly secrets: readonly SecretSpan[]
  /** Flows that went into the call which this is the answer to: what it gives back may be made of them. */
  readonly sources: readonly Flow[]
}

/**
 * Where the data of one session has gone: an index of keyed hashes, bounded, with a constant cost per
 * call. Never holds a raw value.
 */
export interface Lineage {
  /** Looks a request up. Changes nothing. */
  match(request: LineageRequest): readonly Flow[]
  /** The request went out: parts of values are remembered, so that the rest is known when it follows. */
  sent(request: LineageRequest, flows: readonly Flow[]): void
  received(response: LineageResponse): void
  /** Values that are no secret to anybody: the user's own words. */
  trust(leaves: readonly Leaf[]): void
  /** True once restricted values had to be dropped for want of room: a silence then proves nothing. */
  readonly forgot: boolean
  /** Bytes held, about. */
  readonly bytes: number
  /** For stores that outlive the process: hashes and numbers only. */
  save(): JsonValue
}

export interface LineageOptions {
  /** 16 bytes or more: the same key gives the same hashes. */
  readonly key: Uint8Array
  /** @default 10 MB */
  readonly maxBytes?: number
  /** Default: compressed bytes are not looked into. */
  readonly inflate?: Inflate
  /** What `save` gave under the same key; anything else is as if nothing had been saved. */
  readonly saved?: JsonValue
}
