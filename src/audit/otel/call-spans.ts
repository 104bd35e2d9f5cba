import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { Reading } from '../siem/reading.ts'
import {
  type OtelAttributes,
  type OtelContext,
  type OtelSpan,
  type OtelTracer,
  SPAN_KIND_INTERNAL,
  SPAN_STATUS_ERROR,
} from './api.ts'
import { spanNameOf } from './attributes.ts'
import { CONVENTION_NAMES, OWN_NAMES } from './names.ts'
import { contextOf, remoteSpan } from './trace-context.ts'

interface OpenSpan {
  readonly span: OtelSpan
  /** Epoch milliseconds, by the clock of the records. */
  readonly startedAt: number
  /** By the steady clock of this process. */
  readonly openedAt: number
}

export interface CallSpans {
  /** Opens or ends the span of a record's call. Gives the context of that span, for its log record. */
  take(record: AuditRecord, reading: Reading, attributes: OtelAttributes): OtelContext | undefined
  /** Ends what is open. */
  close(): void
}

export interface CallSpansOptions {
  readonly tracer: OtelTracer
  readonly maxOpenSpans: number
  readonly maxOpenMs: number
}

/**
 * One span a call, from its intent to its outcome. Of those that get none the oldest is ended as
 * `unknown` where there are too many, and each after the limit.
 */
export function callSpans({ tracer, maxOpenSpans, maxOpenMs }: CallSpansOptions): CallSpans {
  const open = new Map<string, OpenSpan>()
  let timer: ReturnType<typeof setTimeout> | undefined

  const abandon = (id: string, { span, startedAt }: OpenSpan): void => {
    open.delete(id)
    span.setAttributes({ [OWN_NAMES.status]: 'unknown' })
    span.end(new Date(Math.max(startedAt, Date.now())))
  }
  /** Oldest first: a map keeps the order in which it was filled. */
  const sweep = (): void => {
    const before = performance.now() - maxOpenMs
    for (const [id, item] of open) {
      if (item.openedAt > before && open.size <= maxOpenSpans) break
      abandon(id, item)
    }
    watch()
  }
  const watch = (): void => {
    clearTimeout(timer)
    timer = undefined
    const [oldest] = open.values()
    if (oldest === undefined) return
    const left = oldest.openedAt + maxOpenMs - performance.now()
    timer = setTimeout(sweep, Math.max(1, left + 1))
    timer.unref() // a call that nobody closes does not keep the process up
  }
  const start = (record: AuditRecord, reading: Reading, attributes: OtelAttributes): OpenSpan => {
    const startedAt = reading.at ?? Date.now()
    const span = tracer.startSpan(
      spanNameOf(record),
      { kind: SPAN_KIND_INTERNAL, attributes, startTime: new Date(startedAt) },
      parentOf(record, open),
    )
    return { span, startedAt, openedAt: performance.now() }
  }
  const end = (item: OpenSpan, reading: Reading, attributes: OtelAttributes): OtelContext => {
    const { [CONVENTION_NAMES.error]: error } = attributes
    if (error !== undefined)
      item.span.setStatus({ code: SPAN_STATUS_ERROR, message: String(error) })
    item.span.end(new Date(Math.max(item.startedAt, reading.at ?? 0)))
    return contextOf(item.span.spanContext())
  }
  const intent = (record: AuditRecord, reading: Reading, attributes: OtelAttributes) => {
    const before = open.get(record.id)
    if (before !== undefined) abandon(record.id, before)
    const item = start(record, reading, attributes)
    if (record.status !== 'pending') return end(item, reading, attributes)
    open.set(record.id, item)
    if (open.size > maxOpenSpans) sweep()
    else if (timer === undefined) watch()
    return contextOf(item.span.spanContext())
  }
  const outcome = (record: AuditRecord, reading: Reading, attributes: OtelAttributes) => {
    const item = open.get(record.id)
    if (item === undefined) return undefined
    open.delete(record.id)
    item.span.setAttributes(attributes)
    return end(item, reading, attributes)
  }
  return {
    take(record, reading, attributes) {
      if (record.kind === 'decision') return intent(record, reading, attributes)
      return record.kind === 'outcome' ? outcome(record, reading, attributes) : undefined
    },
    close() {
      clearTimeout(timer)
      timer = undefined
      for (const [id, item] of open) abandon(id, item)
    },
  }
}

/**
 * Who called, as the request says; else the call on whose behalf it was made, while that is open; else
 * what is current where the engine is called.
 */
function parentOf(
  { traceparent, trace_id: trace, parent_id: parent }: AuditRecord,
  open: ReadonlyMap<string, OpenSpan>,
): OtelContext | undefined {
  // Trails of before have the whole of it as their trace.
  const remote = remoteSpan(traceparent ?? trace)
  if (remote !== undefined) return contextOf(remote)
  const above = parent === null ? undefined : open.get(parent)
  return above && contextOf(above.span.spanContext())
}
