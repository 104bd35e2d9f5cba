import { maskColumns } from '../core/effects/mask-columns.ts'
import type { Obligation } from '../core/model/decision.ts'
import type { JsonValue } from '../core/model/json.ts'
import { redactText } from '../core/redaction/redact-text.ts'
import { redactValue } from '../core/redaction/redact-value.ts'
import type { Keyed } from '../core/redaction/replace.ts'
import type { Redaction, RedactionSettings } from '../core/redaction/settings.ts'
import type { PlainResponse } from './plain-response.ts'
import type { Outcome } from './ticket.ts'

/** What must be taken out of one response. */
export interface Demands {
  /** In this order; none overrides another. */
  readonly redactions: readonly Redaction[]
  readonly columns: readonly string[]
}

/** What a policy's `redaction` and the obligations of the rules that applied demand together. */
export function demandsOf(
  settings: RedactionSettings | undefined,
  resource: { readonly name: string; readonly server: string | undefined },
  obligations: readonly Obligation[],
): Demands | undefined {
  const redactions: Redaction[] = []
  const columns: string[] = []
  if (settings?.on.has('response') === true && settings.covers(resource)) redactions.push(settings)
  for (const obligation of obligations) {
    if (obligation.kind === 'mask_columns') columns.push(...obligation.columns)
    if (obligation.kind !== 'redact') continue
    const classes = obligation.classes as Redaction['classes'] // the schema has checked the words
    redactions.push({
      classes,
      kinds: undefined,
      fields: NO_FIELDS,
      action: settings?.action ?? 'mask',
    })
  }
  return redactions.length === 0 && columns.length === 0 ? undefined : { redactions, columns }
}

const NO_FIELDS: ReadonlySet<string> = new Set()

/**
 * A response without what must not reach the agent; the same object where there is nothing. What is no
 * plain JSON is read as far as it can be: where that form has something to take out, it goes in its place.
 */
export function redactOutcome(
  outcome: Outcome,
  plain: PlainResponse,
  { redactions, columns }: Demands,
  keyed: Keyed,
): Outcome {
  if (!outcome.ok) return redactError(outcome, redactions, keyed)
  const source = plain.value
  let value: JsonValue = columns.length === 0 ? source : maskColumns(source, columns)
  for (const redaction of redactions) value = redactValue(value, redaction, keyed)
  // What was not read cannot be handed on as clean.
  if (value === source && plain.whole) return outcome
  return { ok: true, value }
}

/** Name and code stay: callers go by them. */
function redactError(
  outcome: Outcome & { readonly ok: false },
  redactions: readonly Redaction[],
  keyed: Keyed,
): Outcome {
  const { error } = outcome
  const given =
    error instanceof Error ? error.message : typeof error === 'string' ? error : undefined
  if (given === undefined) return outcome
  let message = given
  for (const redaction of redactions) message = redactText(message, redaction, keyed)
  if (message === given) return outcome
  if (!(error instanceof Error)) return { ok: false, error: message }
  const copy = new Error(message)
  copy.name = error.name
  if ('code' in error) Object.defineProperty(copy, 'code', { value: error.code, enumerable: true })
  return { ok: false, error: copy }
}
