import { scan } from '../detection/scan.ts'
import type { JsonValue } from '../model/json.ts'
import { redactText } from './redact-text.ts'
import { redactValue } from './redact-value.ts'
import type { Keyed } from './replace.ts'
import type { Redaction } from './settings.ts'

const CLASSES = Object.freeze(['secret'] as const)
const NAMED: Redaction = Object.freeze({
  classes: CLASSES,
  kinds: undefined,
  fields: new Set<string>(),
  action: 'label',
})
// A label is made of nothing: no key is ever asked.
const NO_KEY: Keyed = { hash: () => '', seal: () => '', open: () => undefined }

export function hasSecret(text: string): boolean {
  return scan(text, { classes: CLASSES }).length > 0
}

/** A text for people, models and logs: where a secret stood is its kind, such as `[npm_token]`. */
export function withoutSecrets(text: string): string {
  // Nearly every text has none, and the scan alone says so for the least time.
  return hasSecret(text) ? redactText(text, NAMED, NO_KEY) : text
}

/** The same for every text of a JSON value; the same object where there is none. */
export function withoutSecretsIn(value: JsonValue): JsonValue {
  return redactValue(value, NAMED, NO_KEY)
}
