import { createHmac, timingSafeEqual } from 'node:crypto'
import { refuseOption } from '../../core/option-checks.ts'
import { keysOf, type WebhookSecret } from './secret.ts'

/** Headers of a request as servers have them. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | { readonly [name: string]: string | readonly string[] | undefined }

export interface VerifyWebhookOptions {
  /** How far the time of the sender may be from that of the receiver. @default 300 */
  readonly toleranceSeconds?: number
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number
}

/** The headers of one attempt, with a signature of each key. */
export function signedHeaders(
  message: { readonly id: string; readonly timestamp: number; readonly body: Uint8Array },
  keys: readonly Uint8Array[],
): Readonly<Record<string, string>> {
  const { id, body } = message
  const timestamp = String(message.timestamp)
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': keys
      .map((key) => `v1,${digestOf(key, { id, timestamp, body }).toString('base64')}`)
      .join(' '),
  }
}

/** More than anybody sends while secrets change, and few enough to compute. */
const MAX_SIGNATURES = 16
const MAX_HEADER = 4_096

/**
 * True where a webhook comes from who knows the secret, is whole, and is not old. `body` is what was
 * received, byte for byte: text that was parsed and written again is another body. Takes as long for
 * a wrong signature as for a right one.
 *
 * A webhook that is sent again has the same `webhook-id`, and is as true as the first: remember ids.
 * @throws {CallgateError} ERR_OPTIONS_INVALID for a secret that is none
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function verifyWebhook(
  headers: WebhookHeaders,
  body: string | Uint8Array,
  secret: WebhookSecret | readonly WebhookSecret[],
  options: VerifyWebhookOptions = {},
): boolean {
  const keys = keysOf(secret)
  const { toleranceSeconds = 300, now = Date.now } = options
  if (!(toleranceSeconds > 0 && toleranceSeconds <= 86_400))
    refuseOption('verifyWebhook: `toleranceSeconds` is more than 0 and at most 86400')
  const id = headerOf(headers, 'webhook-id')
  const timestamp = headerOf(headers, 'webhook-timestamp')
  const signature = headerOf(headers, 'webhook-signature')
  if (id === undefined || timestamp === undefined || signature === undefined) return false
  if (!/^\d{1,12}$/.test(timestamp) || id.includes('.')) return false
  // Not `>`: a clock that tells no time makes nothing true.
  if (!(Math.abs(now() / 1_000 - Number(timestamp)) <= toleranceSeconds)) return false
  const given = signature.split(' ').slice(0, MAX_SIGNATURES).map(bytesOfSignature)
  // Every pair is compared, so that the time says nothing of which of them is right.
  return keys
    .map((key) => digestOf(key, { id, timestamp, body }))
    .flatMap((wanted) => given.map((one) => timingSafeEqual(wanted, one)))
    .includes(true)
}

function digestOf(
  key: Uint8Array,
  message: { id: string; timestamp: string; body: string | Uint8Array },
): Buffer {
  const mac = createHmac('sha256', key).update(`${message.id}.${message.timestamp}.`)
  return mac.update(message.body).digest()
}

/** What is no `v1` signature becomes one that nobody can make. */
function bytesOfSignature(text: string): Buffer {
  const bytes = text.startsWith('v1,') ? Buffer.from(text.slice(3), 'base64') : Buffer.alloc(0)
  return bytes.length === 32 ? bytes : Buffer.alloc(32)
}

/** A header that is there once; one that is there twice says nothing. */
function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  const value = typeof headers.get === 'function' ? headers.get(name) : valueIn(headers, name)
  const isText = typeof value === 'string' && value !== '' && value.length <= MAX_HEADER
  return isText ? value : undefined
}

function valueIn(headers: object, name: string): unknown {
  const named = Object.entries(headers).filter(([key]) => key.toLowerCase() === name)
  const [value] = named.map(([, one]: [string, unknown]) =>
    Array.isArray(one) && one.length === 1 ? (one[0] as unknown) : one,
  )
  return named.length === 1 ? value : undefined
}
