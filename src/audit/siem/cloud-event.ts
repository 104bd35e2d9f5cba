import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import type { SiemOptions } from './options.ts'
import { readRecord } from './reading.ts'
import { bounded, boundedJson, printable, withoutEmpty } from './text.ts'

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
    source: uriReference(options.source || 'urn:callgate:audit'),
    // Prefixed with a domain turned around, as the specification asks.
    type: `dev.callgate.${reading.event}`,
    subject: record.resource === null ? undefined : printable(record.resource),
    time: reading.at === null ? undefined : new Date(reading.at).toISOString(),
    datacontenttype: 'application/json',
    traceparent: traceparentOf(record),
    // In the order of texts too, as the extension asks.
    sequence: String(record.seq).slice(0, 16).padStart(16, '0'),
    partitionkey: record.session_id === null ? undefined : printable(record.session_id, 256),
    data: boundedJson(record as unknown as JsonValue, MAX_DATA), // plain JSON by its type
  })
}

/** What may not stand in a URI as it is, is written as the RFC has it. @see https://www.rfc-editor.org/rfc/rfc3986#section-2 */
function uriReference(text: string): string {
  return bounded(text, 1024).replace(/[^\w.~:/?#[\]@!$&'()*+,;=%-]/gu, encodeURIComponent)
}

/** Records of earlier versions have the whole of it as `trace_id`. */
function traceparentOf({ traceparent, trace_id: trace }: AuditRecord): string | undefined {
  return [traceparent, trace].find((text) => TRACEPARENT.test(text ?? '')) ?? undefined
}

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/
