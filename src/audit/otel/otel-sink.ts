import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { AuditSink } from '../../core/model/ports.ts'
import { checkNames, refuseOption } from '../../core/option-checks.ts'
import { levelOf, readRecord } from '../siem/reading.ts'
import { bounded } from '../siem/text.ts'
import { MAX_DELAY_MS, wholeNumber } from '../sink-options.ts'
import type { OtelLogger, OtelMeter, OtelTracer } from './api.ts'
import { attributesOf } from './attributes.ts'
import { callSpans } from './call-spans.ts'
import { measuresOf } from './measures.ts'

export interface OtelSinkOptions {
  /** One span a call. */
  readonly tracer?: OtelTracer
  /** One log record a record. */
  readonly logger?: OtelLogger
  /** Counts of decisions, and how long calls take. */
  readonly meter?: OtelMeter
  /**
   * Whether spans and log records hold the arguments: those of the record, which the policy's `redaction`
   * lets be kept, and nothing where it keeps none.
   * @default false
   */
  readonly captureArguments?: boolean
  /** Calls under way whose span is kept; of more the oldest ends as `unknown`. @default 10000 */
  readonly maxOpenSpans?: number
  /** Milliseconds until the span of a call without an outcome ends as `unknown`. @default 600000 */
  readonly maxOpenMs?: number
}

const OPTIONS = [
  'tracer',
  'logger',
  'meter',
  'captureArguments',
  'maxOpenSpans',
  'maxOpenMs',
] as const satisfies readonly (keyof OtelSinkOptions)[]

/** INFO, INFO2, WARN, ERROR and FATAL. */
const SEVERITY_NUMBER = [9, 10, 13, 17, 21] as const

/**
 * Tells OpenTelemetry of every record. Nothing is imported: the API's tracer, logger and meter are handed
 * in. It accepts as soon as they are told, which is not durable: never the only sink that is required.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function otelSink(options: OtelSinkOptions): AuditSink {
  checkNames('otelSink', options, OPTIONS)
  const { tracer, logger, meter, captureArguments = false } = options
  if (tracer === undefined && logger === undefined && meter === undefined)
    refuseOption('otelSink has nobody to tell: give it a `tracer`, a `logger` or a `meter`')
  const { maxOpenSpans = 10_000, maxOpenMs = 600_000 } = options
  wholeNumber('otelSink `maxOpenSpans`', maxOpenSpans, 1, 1_000_000)
  wholeNumber('otelSink `maxOpenMs`', maxOpenMs, 1, MAX_DELAY_MS - 1)
  const spans = tracer && callSpans({ tracer, maxOpenSpans, maxOpenMs })
  const measure = meter && measuresOf(meter)
  const tell = (record: AuditRecord): void => {
    const reading = readRecord(record)
    const attributes = attributesOf(record, reading, captureArguments)
    const context = spans?.take(record, reading, attributes)
    measure?.(record)
    logger?.emit({
      eventName: `callgate.${reading.event}`,
      ...(reading.at === null ? {} : { timestamp: new Date(reading.at) }),
      severityNumber: SEVERITY_NUMBER[levelOf(reading.severity)] ?? SEVERITY_NUMBER[0],
      severityText: reading.severity,
      body: bounded(reading.message),
      attributes,
      ...(context === undefined ? {} : { context }),
    })
  }
  return {
    name: 'otel',
    durable: false,
    write: (records) => {
      for (const record of records) tell(record)
    },
    close: () => spans?.close(),
  }
}
