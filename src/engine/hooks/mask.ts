import type { JsonObject } from '../../core/model/json.ts'
import { redactText } from '../../core/redaction/redact-text.ts'
import { redactArguments } from '../../core/redaction/redact-value.ts'
import type { Keyed } from '../../core/redaction/replace.ts'
import type { Redaction } from '../../core/redaction/settings.ts'

const SECRETS: Redaction = {
  classes: ['secret'],
  kinds: undefined,
  fields: new Set(),
  action: 'mask',
}
// A mask is made of nothing: no key is ever asked.
const NO_KEY: Keyed = { hash: () => '', seal: () => '', open: () => undefined }

/** A payload without its secrets; the same object where it has none. */
export function maskSecrets(value: JsonObject): JsonObject {
  return redactArguments(value, SECRETS, NO_KEY)
}

const MAX_SHOWN = 500
const MAX_READ = 65_536

/** What a hook said as people and models may see it: one short text without secrets. */
export function shownText(text: string): string {
  const plain = text
    .slice(0, MAX_READ)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ')
    .trim()
  // Masked before it is cut: half a secret is no longer known for one.
  const masked = redactText(plain, SECRETS, NO_KEY)
  if (masked.length <= MAX_SHOWN) return masked
  return `${masked.slice(0, MAX_SHOWN - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
