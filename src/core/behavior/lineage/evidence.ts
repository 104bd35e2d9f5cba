import type { ArgumentRole, Flow, FlowKind } from '../flow.ts'
import { confidenceOf } from './information.ts'
import type { Memory } from './memory.ts'
import { KNOWN, kindOf, SECRET, TRUSTED, type ValueTable } from './value-table.ts'

/** Where in a request something was found. */
export interface Place {
  readonly role: ArgumentRole
  /** Encodings undone to see it, outermost first. */
  readonly encoded: readonly string[]
}

/** A flow as far as it is known what it is made of. */
export interface Trace {
  readonly low: number
  readonly high: number
  readonly event: number
  readonly origin: number
  readonly path: number
  readonly kind: FlowKind
  readonly bits: number
  /** Of the kind of match, 0 to 1. */
  readonly factor: number
  readonly trusted: boolean
  readonly length: number
}

/** A flow that is less sure is not reported. */
export const LEAST_CONFIDENCE = 0.3
/** What a derivation leaves of the confidence. */
const DERIVATION = 0.8

/** A value as such in a text; at a field of its own it is surer. */
export const AS_FIELD = 1
export const IN_TEXT = 0.98
export const HIDDEN = 0.98
export const AS_TEXT = 0.95
export const AS_PART = 0.95

/** A flow of which it is known how sure it is, and not yet told. */
export interface Candidate {
  readonly trace: Trace
  readonly place: Place
  /** In hundredths. */
  readonly confidence: number
}

/**
 * Confidence is f(bits x rarity) x factor of the kind of match x 0.8 per derivation, where f(b) is
 * b2 / (b2 + 18 x 18): see `confidenceOf`. A whole 28-character key: 100 bits, 0.97. Undefined where it
 * is too little.
 */
export function candidateOf({ paths }: Memory, place: Place, trace: Trace): Candidate | undefined {
  const derivations = trace.path === 0 ? 0 : paths.derivations(trace.path)
  const left = derivations === 0 ? 1 : DERIVATION ** derivations
  const confidence = confidenceOf(trace.bits) * trace.factor * left
  if (confidence < LEAST_CONFIDENCE) return undefined
  return { trace, place, confidence: Math.round(confidence * 100) }
}

export function flowOf(
  { paths, origins }: Memory,
  to: number,
  { trace, place, confidence }: Candidate,
): Flow {
  const { path, kind, event, trusted, length } = trace
  const isDerived = paths.derivations(path) > 0
  return {
    from: event,
    to,
    kind: isDerived && kind !== 'split' ? 'derived' : kind,
    confidence: confidence / 100,
    hops: 1 + paths.depth(path),
    chain: [event, ...paths.events(path), to],
    origin: origins.at(trace.origin, event),
    role: place.role,
    encoded: place.encoded,
    value: hashText(trace.low, trace.high),
    trusted,
    length,
  }
}

/** The hash as 16 hexadecimal digits. */
export function hashText(low: number, high: number): string {
  return wordText(high) + wordText(low)
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function wordText(word: number): string {
  const high = byteText(word >>> 24) + byteText(word >>> 16)
  return high + byteText(word >>> 8) + byteText(word)
}

function byteText(byte: number): string {
  return BYTES[byte & 255] ?? ''
}

/** The halves of what `hashText` gave. */
export function hashOf(value: string): { low: number; high: number } {
  return {
    low: Number.parseInt(value.slice(8), 16) | 0,
    high: Number.parseInt(value.slice(0, 8), 16) | 0,
  }
}

/** Responses in which a value may be seen before it counts as less rare. */
const RARE = 3

/**
 * What is left of the bits of a value that many new responses hold: three of their number, at least
 * half. Secrets lose nothing: reading one often does not make it less of one.
 */
export function rarityOf(values: ValueTable, slot: number): number {
  const seen = values.seen(slot)
  if (seen <= RARE || (values.flags(slot) & SECRET) !== 0) return 1
  return Math.max(0.5, RARE / seen)
}

/** What the table knows of a slot; undefined: no source has given it. */
export function traceOf(
  memory: Memory,
  slot: number,
  found: { low: number; high: number; bits: number; factor: number; length: number },
): Trace | undefined {
  const { values } = memory
  const flags = values.flags(slot)
  if ((flags & KNOWN) === 0) return undefined
  return {
    low: found.low,
    high: found.high,
    event: values.event(slot),
    origin: values.origin(slot),
    path: values.path(slot),
    kind: kindOf(flags),
    bits: found.bits * rarityOf(values, slot),
    factor: found.factor,
    trusted: (flags & TRUSTED) !== 0,
    length: found.length,
  }
}
