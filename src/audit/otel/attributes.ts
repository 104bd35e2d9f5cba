import type { AuditRecord } from '../../core/model/audit-record.ts'
import { REASONS } from '../../core/model/decision.ts'
import { kindOfResource } from '../../core/names.ts'
import type { Reading } from '../siem/reading.ts'
import { bounded, boundedJson } from '../siem/text.ts'
import type { OtelAttributes } from './api.ts'
import { CONVENTION_NAMES, OWN_NAMES } from './names.ts'

const MAX_ARGUMENTS = 8192
const MAX_FINDINGS = 16

/** Of a span and of a log record. Holds what the record says of a call but its payload. */
export function attributesOf(
  record: AuditRecord,
  reading: Reading,
  captureArguments: boolean,
): OtelAttributes {
  const { findings } = record
  const rules = [...new Set(findings.slice(0, MAX_FINDINGS).map(({ rule }) => bounded(rule, 128)))]
  return {
    ...present({
      [CONVENTION_NAMES.method]: record.request_method,
      [CONVENTION_NAMES.requestId]: record.request_id,
      [CONVENTION_NAMES.operation]: operationOf(record),
      [CONVENTION_NAMES.tool]: toolOf(record),
      [CONVENTION_NAMES.toolCall]: record.tool_call_id,
      [CONVENTION_NAMES.agent]: record.agent,
      [CONVENTION_NAMES.user]: record.user_id,
      [CONVENTION_NAMES.error]: errorTypeOf(record, reading),
      [OWN_NAMES.id]: record.id,
      [OWN_NAMES.kind]: record.kind,
      [OWN_NAMES.status]: record.status,
      [OWN_NAMES.effect]: record.effect,
      [OWN_NAMES.reason]: record.reason,
      [OWN_NAMES.gate]: record.gate,
      [OWN_NAMES.constraint]: record.constraint,
      [OWN_NAMES.role]: record.rule?.role ?? null,
      [OWN_NAMES.mode]: record.mode,
      [OWN_NAMES.enforced]: record.enforced,
      [OWN_NAMES.policy]: record.policy_digest,
      [OWN_NAMES.server]: record.server,
      [OWN_NAMES.resource]: record.resource,
      [OWN_NAMES.verb]: record.verb,
      [OWN_NAMES.scope]: record.scope,
      [OWN_NAMES.tenant]: record.tenant,
      [OWN_NAMES.session]: record.session_id,
      [OWN_NAMES.parent]: record.parent_id,
      [OWN_NAMES.approval]: record.approval_id,
      [OWN_NAMES.disposition]: record.disposition,
      [OWN_NAMES.risk]: record.risk,
      [OWN_NAMES.inputHash]: record.input_hash,
      [OWN_NAMES.outputHash]: record.output_hash,
    }),
    ...(rules.length === 0 ? {} : { [OWN_NAMES.findings]: rules }),
    ...(captureArguments ? argumentsOf(record) : {}),
  }
}

function present(fields: Record<string, string | number | boolean | null>): OtelAttributes {
  const kept: OtelAttributes = {}
  for (const [name, value] of Object.entries(fields))
    if (value !== null && value !== '')
      kept[name] = typeof value === 'string' ? bounded(value) : value
  return kept
}

/** What the policy lets be recorded of the arguments: redacted already. */
function argumentsOf({ arguments: recorded }: AuditRecord): OtelAttributes {
  if (recorded === null) return {}
  const text = JSON.stringify(boundedJson(recorded, MAX_ARGUMENTS))
  return { [CONVENTION_NAMES.toolArguments]: bounded(text, MAX_ARGUMENTS) }
}

function isToolCall({ resource }: AuditRecord): boolean {
  return resource !== null && kindOfResource(resource) === 'tool'
}

function operationOf(record: AuditRecord): string | null {
  return isToolCall(record) && record.verb !== 'discover' ? 'execute_tool' : null
}

function toolOf(record: AuditRecord): string | null {
  return isToolCall(record) ? record.tool : null
}

/** Few values: the reason of a denial, else the class of what was thrown, else how it ended. */
function errorTypeOf(record: AuditRecord, { outcome, action }: Reading): string | null {
  if (action === null || outcome !== 'failure') return null
  if (record.status === 'denied') return record.reason ?? 'denied'
  return record.error ?? record.status
}

/** By the conventions: the method, then the tool. Never a URI, which would make a name of every call. */
export function spanNameOf(record: AuditRecord): string {
  const tool = toolOf(record)
  const first = record.request_method ?? operationOf(record) ?? 'callgate'
  return bounded(tool === null ? first : `${first} ${tool}`, 256)
}

const KNOWN_REASONS: ReadonlySet<string> = new Set(REASONS)

/** A label of few values: what is not known is `_OTHER`. */
export function reasonLabel(reason: string | null): string {
  return reason !== null && KNOWN_REASONS.has(reason) ? reason : '_OTHER'
}
