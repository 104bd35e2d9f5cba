import type { Call } from '../core/model/call.ts'
import type { Decision } from '../core/model/decision.ts'
import type { JsonObject, JsonValue } from '../core/model/json.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import { redactValue } from '../core/redaction/redact-value.ts'
import type { Keyed } from '../core/redaction/replace.ts'
import type { Redaction } from '../core/redaction/settings.ts'
import { gateSettings } from './gate-settings.ts'

/** What a record may hold of a call's arguments: redacted and bounded, or nothing. */
export interface RecordedForm {
  /** Null while the policy has no `redaction` for records: a raw argument is never kept. */
  readonly arguments: JsonValue
  readonly patch: JsonValue
}

const NOTHING: RecordedForm = Object.freeze({ arguments: null, patch: null })
const ALWAYS: Redaction = Object.freeze({
  classes: Object.freeze(['secret', 'pii'] as const),
  kinds: undefined,
  fields: new Set<string>(),
  action: 'label',
})
// UTF-16 units of JSON: what is longer is told by its hash alone.
const LONGEST = 8_192

export function recordedForm(
  { redaction: keyed }: { readonly redaction: Keyed },
  call: Call | undefined,
  policy: CompiledPolicy | undefined,
  decision: Decision,
): RecordedForm {
  if (call === undefined || policy === undefined) return NOTHING
  const { redaction } = gateSettings(policy)
  const isKept = redaction?.on.has('record') === true
  if (!isKept && decision.patch === null) return NOTHING
  return {
    arguments:
      isKept && redaction !== undefined
        ? bounded(redactValue(call.arguments, redaction, keyed))
        : null,
    patch:
      decision.patch === null
        ? null
        : bounded(redactValue(steps(decision.patch), redaction ?? ALWAYS, keyed)),
  }
}

function steps(patch: NonNullable<Decision['patch']>): JsonValue {
  return patch as readonly JsonObject[] // plain JSON by its type
}

function bounded(value: JsonValue): JsonValue {
  const { length } = JSON.stringify(value)
  return length <= LONGEST ? value : { truncated: true, characters: length }
}
