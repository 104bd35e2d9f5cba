/** The part of the OpenTelemetry API that the sink calls, so that any version of it can be handed in. */

export type OtelValue = string | number | boolean | string[]
export type OtelAttributes = Record<string, OtelValue>

export interface OtelSpanContext {
  traceId: string
  spanId: string
  traceFlags: number
  isRemote?: boolean
}

export interface OtelSpan {
  spanContext(): OtelSpanContext
  setAttributes(attributes: OtelAttributes): unknown
  setStatus(status: { code: number; message?: string }): unknown
  end(endTime?: Date): void
}

export interface OtelContext {
  getValue(key: symbol): unknown
  setValue(key: symbol, value: unknown): OtelContext
  deleteValue(key: symbol): OtelContext
}

export interface OtelTracer {
  startSpan(
    name: string,
    options?: { kind?: number; attributes?: OtelAttributes; startTime?: Date },
    context?: OtelContext,
  ): OtelSpan
}

export interface OtelLogger {
  emit(record: {
    eventName?: string
    timestamp?: Date
    severityNumber?: number
    severityText?: string
    body?: string
    attributes?: OtelAttributes
    context?: OtelContext
  }): void
}

export interface OtelInstrumentOptions {
  description?: string
  unit?: string
  advice?: { explicitBucketBoundaries?: number[] }
}

export interface OtelMeter {
  createCounter(
    name: string,
    options?: OtelInstrumentOptions,
  ): { add(value: number, attributes?: OtelAttributes): void }
  createHistogram(
    name: string,
    options?: OtelInstrumentOptions,
  ): { record(value: number, attributes?: OtelAttributes): void }
}

/** Of the specification: the same numbers in every version of the API. */
export const SPAN_KIND_INTERNAL = 0
export const SPAN_STATUS_ERROR = 2
