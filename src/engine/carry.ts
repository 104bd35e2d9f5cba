import { lineageOf } from '../core/behavior/entry.ts'
import type { Flow } from '../core/behavior/flow.ts'
import type { CarriedBy, Carry } from '../core/behavior/watch.ts'
import { createDroppedReadings } from './dropped-readings.ts'
import { inflate } from './inflate.ts'
import type { Diagnostic, EngineLimits } from './options.ts'
import { createPrincipalReadings, ENTRY_BYTES } from './principal-readings.ts'

export interface CarryBounds {
  readonly key: Uint8Array
  /** Bytes of all principals; the readings of the least recently active go first. */
  readonly maxBytes: number
  /** Bytes a principal and generation. */
  readonly maxPrincipalBytes: number
  /** Principals whose readings were dropped that are known by name, with who had read them. */
  readonly maxDropped: number
  /** Milliseconds after which what was read may be forgotten; it is after twice that. */
  readonly generationMs: number
  /** Nothing is carried from one session to another. */
  readonly isolated: boolean
  /** Told when what a principal had read was dropped before it was too old to count. */
  readonly onForgotten?: () => void
}

/** What outlives sessions, and the bytes that it takes. */
export interface CarryStore extends Carry {
  readonly bytes: number
}

type CarryLimits = Pick<EngineLimits, 'maxBehaviorBytes' | 'maxSessionBytes'>

/** Of the bytes of the behavioural layer, what may outlive sessions. The sessions share the rest. */
const SHARE = 1 / 4
/** Of that, what one principal may have: who reads much must not drop what all others have read. */
const PRINCIPAL_SHARE = 1 / 16
const GENERATIONS = 2

/** The store of an engine. */
export function openCarry(
  { maxBehaviorBytes, maxSessionBytes }: Required<CarryLimits>,
  {
    report,
    ...bounds
  }: Pick<CarryBounds, 'key' | 'isolated'> & { report(diagnostic: Diagnostic): void },
): CarryStore {
  const maxBytes = Math.floor(maxBehaviorBytes * SHARE)
  const principalBytes = Math.min(maxSessionBytes, maxBytes * PRINCIPAL_SHARE)
  return createCarry({
    ...bounds,
    maxBytes,
    maxPrincipalBytes: Math.floor(principalBytes / GENERATIONS),
    maxDropped: Math.min(10_000, Math.floor(maxBytes / (8 * ENTRY_BYTES))),
    generationMs: 30 * 60_000,
    onForgotten: () =>
      report({
        code: 'principal_forgotten',
        message:
          'restricted data that a principal had read was dropped for want of room; for about an hour a person must approve what its other sessions send',
      }),
  })
}

/**
 * What principals have read that is restricted, whatever session they read it in.
 * INVARIANT: what is dropped before it is too old leaves a mark: its principal's sessions then ask.
 */
export function createCarry(bounds: CarryBounds): CarryStore {
  if (bounds.isolated) return NOTHING
  const { key, maxBytes, maxPrincipalBytes: maxEach, generationMs } = bounds
  const dropped = createDroppedReadings({ most: bounds.maxDropped, fadeMs: 2 * generationMs })
  const principals = createPrincipalReadings({
    generationMs,
    room: () => maxBytes - dropped.size * ENTRY_BYTES,
    onDropped(name, { reader }, at) {
      dropped.add(name, reader ?? null, at)
      bounds.onForgotten?.()
    },
  })
  return {
    match(request, by, reader) {
      const readings = principals.known(nameOf(by), by.at)
      if (readings === undefined || readings.reader === reader) return NONE
      const found = [readings.current, readings.previous].flatMap(
        (lineage) => lineage?.match(request) ?? NONE,
      )
      return found.filter(isClose)
    },
    // Only reading opens one: who merely asks takes nobody's place.
    received(response, by, reader) {
      const name = nameOf(by)
      const readings = principals.opened(name, by.at)
      const isAlone = readings.reader === undefined || readings.reader === reader
      readings.reader = isAlone ? reader : null
      readings.current ??= lineageOf({ key, maxBytes: maxEach, inflate })
      readings.current.received(response)
      if (response.unread) dropped.add(name, reader, by.at)
      principals.grown(name, by.at)
    },
    forgot(by, reader) {
      const name = nameOf(by)
      if (dropped.has(name, reader, by.at)) return true
      const readings = principals.known(name, by.at)
      if (readings === undefined || readings.reader === reader) return false
      return readings.current?.forgot === true || readings.previous?.forgot === true
    },
    get bytes() {
      return principals.bytes + dropped.size * ENTRY_BYTES
    },
  }
}

/** Whom sessions belong to: the user, whose agents share them; an agent without a user only itself. */
function nameOf({ subject }: CarriedBy): string {
  const { tenant = null, user, agent } = subject
  return JSON.stringify(user === undefined ? [tenant, null, agent] : [tenant, user])
}

const NONE: readonly Flow[] = Object.freeze([])
const NOTHING: CarryStore = { match: () => NONE, received() {}, forgot: () => false, bytes: 0 }

// What another session has read must match closely to be held against this one.
const LEAST_CONFIDENCE = 0.85
/** What is made of a value is as sure as that, less a fifth for being made of it. */
const LEAST_DERIVED = 0.7

function isClose({ kind, confidence, origin }: Flow): boolean {
  if (!origin.restricted) return false
  if (kind === 'secret') return true
  return confidence >= (kind === 'derived' ? LEAST_DERIVED : LEAST_CONFIDENCE)
}
