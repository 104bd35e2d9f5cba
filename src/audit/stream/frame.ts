import type { StreamAbout, StreamViewer } from './events.ts'
import { sseText } from './to-sse.ts'

/** One event as it goes out, written once for all connections. */
export interface Frame {
  /** Place in the order of all events; 0 for what is not kept, and cannot be resumed after. */
  readonly at: number
  readonly event: string
  readonly type: string
  readonly user: string | null
  readonly tenant: string | null
  readonly session: string | null
  readonly bytes: number
  /** A message of a WebSocket. */
  readonly text: string
  /** An event of an event stream. */
  sse(): Uint8Array
}

/** @param data - JSON, which has no line break */
export function frameOf(
  head: { readonly at: number; readonly id: string | null; readonly event: string },
  type: string,
  data: string,
  about: StreamAbout = {},
): Frame {
  const { at, id, event } = head
  const idField = id === null ? '' : `"id":"${id}",`
  const text = `{${idField}"event":"${event}","data":${data}}`
  let encoded: Uint8Array | undefined
  return {
    at,
    event,
    type,
    user: about.user ?? null,
    tenant: about.tenant ?? null,
    session: about.session ?? null,
    bytes: Buffer.byteLength(text),
    text,
    sse() {
      encoded ??= new TextEncoder().encode(sseText(event, id, data))
      return encoded
    },
  }
}

/** How many frames a reader has missed; null: nobody knows any more. */
export function droppedFrame(count: number | null): Frame {
  const data = JSON.stringify({ type: 'dropped', count })
  return frameOf({ at: 0, id: null, event: 'dropped' }, 'dropped', data)
}

/** Fails closed: without a word of the host on what a viewer sees, it is what is about that user. */
export function sees(viewer: StreamViewer, frame: Frame): boolean {
  return isMeantFor(viewer, frame) && passes(viewer, frame)
}

function isMeantFor({ sees: scope = 'own', user, tenant }: StreamViewer, frame: Frame): boolean {
  if (scope === 'all') return true
  if (frame.tenant !== (tenant ?? null)) return false
  return scope === 'tenant' || frame.user === user
}

function passes({ filter = {} }: StreamViewer, frame: Frame): boolean {
  const holds = (list: readonly string[] | undefined, value: string | null): boolean =>
    list === undefined || (value !== null && list.includes(value))
  return (
    holds(filter.families, frame.event) &&
    holds(filter.sessions, frame.session) &&
    holds(filter.users, frame.user) &&
    holds(filter.kinds, frame.type)
  )
}
