import type { Assessment } from '../core/behavior/watch.ts'
import type { Call } from '../core/model/call.ts'
import type { ArgumentPatch, Decision } from '../core/model/decision.ts'
import type { JsonValue } from '../core/model/json.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import { withoutEncodedSecrets } from '../core/redaction/encoded-secrets.ts'
import { redactText } from '../core/redaction/redact-text.ts'
import { redactValue } from '../core/redaction/redact-value.ts'
import { type Keyed, replacementFor } from '../core/redaction/replace.ts'
import type { Redaction } from '../core/redaction/settings.ts'
import { withoutSecretsIn } from '../core/redaction/without-secrets.ts'
import { gateSettings } from './gate-settings.ts'
import { inflate } from './inflate.ts'
import type { RedactionKeys } from './redaction-keys.ts'

/** What a record may hold of a call's arguments: redacted and bounded, or nothing. */
export interface RecordedForm {
  /** Null while the policy has no `redaction` for records: a raw argument is never kept. */
  readonly arguments: JsonValue
  /** Likewise, but for what was done and where. */
  readonly patch: JsonValue
}

/** What stands for arguments in which a secret that the session has read was recognized. */
const OMITTED: JsonValue = Object.freeze({ omitted: 'secret_found' })
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
  { redaction: keys }: { readonly redaction: RedactionKeys },
  call: Call | undefined,
  policy: CompiledPolicy | undefined,
  { patch }: Pick<Decision, 'patch'>,
  assessment?: Assessment,
): RecordedForm {
  if (call === undefined || policy === undefined) return NOTHING
  const { redaction } = gateSettings(policy)
  const keyed = keys.for(call.subject.tenant)
  const isOn = redaction?.on.has('record') === true
  if (!isOn && patch === null) return NOTHING
  // What was found may be hidden in ways that no reading of one text undoes, or in several.
  const isOmitted = assessment !== undefined && carriesSecret(assessment)
  if (!isOn || isOmitted) {
    const places = patch?.map(({ op, path }) => ({ op, path: redactedPath(path, ALWAYS, keyed) }))
    return { arguments: isOn ? OMITTED : null, patch: places === undefined ? null : told(places) }
  }
  const kept = (value: JsonValue): JsonValue => told(withoutAnySecret(value, redaction))
  return {
    arguments: kept(redactValue(call.arguments, redaction, keyed)),
    patch: patch === null ? null : kept(patch.map((step) => redactedStep(step, redaction, keyed))),
  }
}

function carriesSecret({ flows, findings }: Assessment): boolean {
  return (
    flows.some(({ kind }) => kind === 'secret') ||
    findings.some(({ rule }) => rule === 'secret_relay')
  )
}

/** A policy may take out less; secrets are never recorded. */
function withoutAnySecret(value: JsonValue, { classes, kinds }: Redaction): JsonValue {
  return classes.includes('secret') && kinds === undefined ? value : withoutSecretsIn(value)
}

/** The value stands under the names of its path, which tell what it is. */
function redactedStep(step: ArgumentPatch, redaction: Redaction, keyed: Keyed): JsonValue {
  const { op } = step
  const path = redactedPath(step.path, redaction, keyed)
  if (step.op === 'remove') return { op, path }
  const names = namesOf(step.path).slice(1)
  if (step.value !== null && names.some((name) => redaction.fields.has(name.toLowerCase())))
    return {
      op,
      path,
      value: replacementFor(JSON.stringify(step.value), 'field', redaction, keyed),
    }
  // Places in a list are no names.
  const name = names.findLast((one) => !/^(?:\d+|-)$/.test(one)) ?? ''
  const [value = null] = Object.values(redactValue({ [name]: step.value }, redaction, keyed) ?? {})
  return { op, path, value }
}

/** Name by name, as each is written: the escapes of a pointer may hide what it is. */
function redactedPath(path: string, redaction: Redaction, keyed: Keyed): string {
  const names = namesOf(path).map((name) => redactText(name, redaction, keyed))
  const escaped = names.map((name) => name.replaceAll('~', '~0').replaceAll('/', '~1'))
  return redactText(escaped.join('/'), redaction, keyed)
}

function namesOf(path: string): readonly string[] {
  return path.split('/').map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Bounded first: so that decoding is too. */
function told(value: JsonValue): JsonValue {
  const { length } = JSON.stringify(value)
  if (length > LONGEST) return { truncated: true, characters: length }
  return withoutEncodedSecrets(value, { inflate })
}
