import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import type { SiemOptions } from './options.ts'
import { readRecord } from './reading.ts'
import { boundedJson, printable, withoutEmpty } from './text.ts'

/** Of the record in it, in characters before JSON escapes. Events over 64 KiB need not be passed on. */
const MAX_DATA = 24_576

/**
 * A CloudEvent 1.0 in the JSON format. Its data is the record as it is kept, with what is too long cut:
 * the only form that holds `arguments`, `patch` and `obligations`, as far as the policy records them.
 */
export function toCloudEvent(record: AuditRecord, options: SiemOptions = {}): JsonObject {
  const reading = readRecord(record)
  return withoutEmpty({
    specversion: '1.0',
    // With the source it is unique, as it must be: a call's two records share the first part.
    id: printable(`${record.id}/${record.kind}`, 256),
    source: printable(options.source ?? 'urn:callgate', 1024),
    type: `callgate.${reading.event}`,
    subject: record.resource === null ? undefined : printable(record.resource),
    time: reading.at === null ? undefined : new Date(reading.at).toISOString(),
    datacontenttype: 'application/json',
    traceparent: TRACEPARENT.test(record.trace_id ?? '') ? record.trace_id : undefined,
    // In the order of texts too, as the extension asks.
    sequence: String(record.seq).slice(0, 16).padStart(16, '0'),
    partitionkey: record.session_id === null ? undefined : printable(record.session_id, 256),
    data: boundedJson(record as unknown as JsonValue, MAX_DATA), // plain JSON by its type
  })
}

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/
