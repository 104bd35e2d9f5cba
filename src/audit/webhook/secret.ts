import { refuseOption } from '../../core/option-checks.ts'

/** `whsec_` and the bytes in base64, or the bytes themselves: 24 to 64 of them. */
export type WebhookSecret = string | Uint8Array

const PREFIX = 'whsec_'
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const MIN_BYTES = 24
const MAX_BYTES = 64

/**
 * The keys of one secret, or of several while one takes the place of another.
 * @throws {CallgateError} ERR_OPTIONS_INVALID, which repeats nothing of them
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function keysOf(secret: unknown): readonly Uint8Array[] {
  const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret]
  if (secrets.length === 0 || secrets.length > 4) refuseOption('webhook `secret`: one to four')
  return secrets.map(keyOf)
}

function keyOf(secret: unknown): Uint8Array {
  const key = typeof secret === 'string' ? decoded(secret) : secret
  if (key instanceof Uint8Array && key.length >= MIN_BYTES && key.length <= MAX_BYTES)
    return Uint8Array.from(key)
  return refuseOption(
    `webhook \`secret\`: it is \`${PREFIX}\` and ${MIN_BYTES} to ${MAX_BYTES} random bytes in base64, such as ` +
      `\`${PREFIX}\${randomBytes(32).toString('base64')}\`, or these bytes`,
  )
}

function decoded(text: string): Uint8Array | undefined {
  const base64 = text.slice(PREFIX.length)
  if (!text.startsWith(PREFIX) || !BASE64.test(base64)) return undefined
  return Buffer.from(base64, 'base64')
}
