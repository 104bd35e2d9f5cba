import type { JsonObject } from '../../core/model/json.ts'
import type { RecordField } from './field.ts'
import { RECORD_FIELDS } from './record-fields.ts'

const ENDED = ['denied', 'success', 'failed', 'timeout', 'cancelled', 'unknown'] as const
const FIELDS: Readonly<Record<string, RecordField>> = RECORD_FIELDS

/**
 * JSON Schema of one record, schema 1: one line of a ledger, one event of the stream, one row of a
 * query. A pruned ledger has lines of kind `tombstone` besides, which are no records. Only a ledger has
 * `missing_before`, and only where some are.
 * @see https://json-schema.org/draft/2020-12
 */
export const AUDIT_RECORD_SCHEMA: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://callgate.dev/audit-record.schema.json',
  title: 'Audit record of callgate, schema 1',
  type: 'object',
  required: Object.keys(FIELDS),
  properties: {
    ...Object.fromEntries(Object.entries(FIELDS).map(([name, { schema }]) => [name, schema])),
    missing_before: {
      description: 'how many records of its engine the sink did not take before this one',
      type: 'integer',
      minimum: 1,
    },
  },
  additionalProperties: false,
  allOf: [
    whole('decision', ['pending', 'denied'], ['effect', 'reason', 'gate']),
    whole(
      'outcome',
      ['success', 'failed', 'timeout', 'cancelled', 'denied', 'unknown'],
      ['effect', 'reason', 'gate'],
    ),
    whole('approval', ['pending', 'success', 'denied', 'timeout'], ['approval_id']),
    whole('policy', ['success'], ['policy_digest']),
    whole('session', ENDED, ['session_id']),
    whole('finding', ENDED, []),
  ],
}

/** What a record of a kind must say: its statuses, and the fields that are not null. */
function whole(kind: string, statuses: readonly string[], said: readonly string[]): JsonObject {
  return {
    if: { properties: { kind: { const: kind } }, required: ['kind'] },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    then: {
      properties: {
        status: { enum: [...statuses] },
        ...Object.fromEntries(said.map((name) => [name, { type: 'string' }])),
      },
    },
  }
}
