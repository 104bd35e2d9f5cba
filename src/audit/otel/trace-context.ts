import { readTraceparent } from '../../core/trace-context.ts'
import type { OtelContext, OtelSpanContext } from './api.ts'

// What every 1.x of the API keeps the current span under: its keys come from `Symbol.for`.
const SPAN_KEY = Symbol.for('OpenTelemetry Context Key SPAN')

/** The span that a `traceparent` names; undefined for what is none. */
export function remoteSpan(traceparent: string | null): OtelSpanContext | undefined {
  const read = readTraceparent(traceparent)
  if (read === undefined) return undefined
  const { traceId, spanId, isSampled } = read
  return { traceId, spanId, traceFlags: isSampled ? 1 : 0, isRemote: true }
}

/** A context in which a span is the current one. */
export function contextOf(spanContext: OtelSpanContext): OtelContext {
  return contextWith(new Map([[SPAN_KEY, { spanContext: () => spanContext }]]))
}

function contextWith(values: ReadonlyMap<symbol, unknown>): OtelContext {
  return {
    getValue: (key) => values.get(key),
    setValue: (key, value) => contextWith(new Map(values).set(key, value)),
    deleteValue(key) {
      const left = new Map(values)
      left.delete(key)
      return contextWith(left)
    },
  }
}
