import { maskColumns } from '../core/effects/mask-columns.ts'
import { isMap } from '../core/json-kind.ts'
import type { Obligation } from '../core/model/decision.ts'
import type { JsonObject, JsonValue } from '../core/model/json.ts'
import { withoutEncodedSecrets } from '../core/redaction/encoded-secrets.ts'
import { redactValue } from '../core/redaction/redact-value.ts'
import type { Keyed } from '../core/redaction/replace.ts'
import type { Redaction, RedactionSettings } from '../core/redaction/settings.ts'
import { inflate } from './inflate.ts'
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
  const source = plain.value
  let value: JsonValue = columns.length === 0 ? source : maskColumns(source, columns)
  for (const redaction of redactions) value = redactValue(value, redaction, keyed)
  // With `kinds` what is decoded might be of another.
  if (redactions.some(({ classes, kinds }) => classes.includes('secret') && kinds === undefined))
    value = withoutEncodedSecrets(value, { inflate })
  // What was not read cannot be handed on as clean.
  const isClean = value === source && plain.whole
  if (outcome.ok) return isClean ? outcome : { ok: true, value }
  const { error } = outcome
  if (!isError(error)) return isClean ? outcome : { ok: false, error: value }
  return isClean && !holdsMore(error, 0) ? outcome : { ok: false, error: freshError(value) }
}

function isError(error: unknown): error is Error {
  // Those of another realm are no instance of ours.
  return error instanceof Error || Object.prototype.toString.call(error) === '[object Error]'
}

// What is read of an error beside plain texts and numbers.
const READ: ReadonlySet<string> = new Set(['cause', 'errors', 'data', 'stdout', 'stderr'])
const MAX_CAUSES = 8

/** Clients hang requests and answers on their errors, which nobody looks through. */
function holdsMore(error: unknown, depth: number): boolean {
  if (!isError(error)) return false
  if (depth > MAX_CAUSES) return true
  const isHeld = Object.entries(error).some(
    ([name, member]) => !READ.has(name) && typeof member === 'object' && member !== null,
  )
  if (isHeld || holdsMore(error.cause, depth + 1)) return true
  const errors: unknown = 'errors' in error ? error.errors : undefined
  return Array.isArray(errors) && errors.some((one) => holdsMore(one, depth + 1))
}

/** Message, name and code stay, for callers go by them; nothing else that hung on it does. */
function freshError(value: JsonValue): Error {
  const said: JsonObject = isMap(value) ? value : {}
  const copy = new Error(typeof said['message'] === 'string' ? said['message'] : '')
  for (const name of ['name', 'code']) {
    const word = said[name]
    if (!isWord(word)) continue
    Object.defineProperty(copy, name, { value: word, enumerable: name === 'code' })
  }
  return copy
}

function isWord(value: JsonValue | undefined): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 1e6
  return typeof value === 'string' && /^[A-Za-z][A-Za-z_]{0,63}$/.test(value)
}
