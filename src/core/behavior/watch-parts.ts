import type { Call } from '../model/call.ts'
import type { JsonValue } from '../model/json.ts'
import type { Flow, Origin } from './flow.ts'
import type { Act, IntentOptions } from './intent/intent.ts'
import type { Argument, LineageOptions, LineageRequest } from './lineage/lineage.ts'
import type { RequestEvent, ResponseEvent, Traits } from './rule.ts'
import type { Assessment, WatchOptions } from './watch.ts'

/** Of a session's bytes; the rest is for intents, edges and findings, which have bounds of their own. */
const LINEAGE_SHARE = 0.6

export function lineageOptions({ key, maxBytes: all, inflate }: WatchOptions): LineageOptions {
  const maxBytes = Math.floor(all * LINEAGE_SHARE)
  return inflate === undefined ? { key, maxBytes } : { key, maxBytes, inflate }
}

export function intentOptions({ key, without }: WatchOptions): IntentOptions {
  // Names it does not know it passes over.
  return { key, without: (without ?? new Set()) as NonNullable<IntentOptions['without']> }
}

/** An MCP result that reports a failure of the tool. */
export function saysError(payload: JsonValue): boolean {
  return (
    typeof payload === 'object' &&
    payload !== null &&
    'isError' in payload &&
    payload['isError'] === true
  )
}

export function requestEvent(
  call: Call,
  number: number,
  traits: Traits,
  args: readonly Argument[],
): RequestEvent {
  return Object.freeze({
    direction: 'request',
    number,
    call,
    at: call.at,
    traits,
    arguments: args,
  })
}

export function requestOf({ number, arguments: args, traits }: RequestEvent): LineageRequest {
  return { event: number, arguments: args, egress: traits.egress }
}

export function originOf({ number, call, traits }: ResponseEvent, outside: boolean): Origin {
  const { name, server } = call.resource
  const { restricted } = traits
  return { event: number, resource: name, server, scope: call.scope, restricted, outside }
}

export function actOf({ number, arguments: args, call }: RequestEvent): Act {
  const { name, server, tags } = call.resource
  return { event: number, resource: name, server, tags, arguments: args }
}

/** Flows of the session, and those that only other sessions of its principal know. */
export function joinedFlows(
  own: readonly Flow[],
  carried: readonly Flow[],
  egress: boolean,
): Pick<Assessment, 'flows' | 'sources'> {
  if (carried.length === 0) return { flows: own, sources: own }
  // That a tool which is not restricted knows a value too does not make it free to go.
  const isNoLess = ({ origin, trusted }: Flow): boolean => origin.restricted || trusted
  const known = new Set(own.filter(isNoLess).map(({ value }) => value))
  const sources = [...own, ...carried.filter(({ value }) => !known.has(value))]
  return { flows: egress ? sources : own, sources }
}
