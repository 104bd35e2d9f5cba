import type { OtelContext, OtelSpanContext } from './api.ts'

// What every 1.x of the API keeps the current span under: its keys come from `Symbol.for`.
const SPAN_KEY = Symbol.for('OpenTelemetry Context Key SPAN')

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const ZERO = /^0+$/

/**
 * The span that a `traceparent` names; undefined for what is none.
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function remoteSpan(trace: string | null): OtelSpanContext | undefined {
  const [, version, traceId = '', spanId = '', flags = '', rest] =
    TRACEPARENT.exec((trace ?? '').slice(0, 256)) ?? []
  if (version === undefined || version === 'ff') return undefined
  if (version === '00' && rest !== undefined) return undefined
  if (ZERO.test(traceId) || ZERO.test(spanId)) return undefined
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true }
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
