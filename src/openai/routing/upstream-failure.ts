import { isMap } from '../../core/json-kind.ts'

/**
 * What may be done about an attempt that failed. `retry`: the same model once more, then the next;
 * `next`: the next model; `larger`: a model with a larger context; `end`: nobody else could do better, or may.
 */
export type Remedy = 'retry' | 'next' | 'larger' | 'end'

/** Why an attempt has failed. A word of the API, never a text of it: that may hold anything. */
export interface UpstreamFailure {
  /** HTTP status that stands for it; 502 where the connection broke, 504 where it took too long. */
  readonly status: number
  /** Such as `rate_limit_exceeded`. */
  readonly kind: string
  readonly remedy: Remedy
  /** Milliseconds that the provider wants to be left alone; null: it does not say. */
  readonly waitMs: number | null
}

type Fields = Readonly<Record<string, unknown>>

/**
 * Reads what an error of the API says. The body counts before the status: providers give the same
 * status for what passes by itself and for what never will.
 * @see https://openrouter.ai/docs/api-reference/errors
 */
export function failureOf(status: number, body: unknown, headers: Headers): UpstreamFailure {
  const error = isMap(body) ? mapOf(body['error']) : {}
  const availability = mapOf(error['availability'])
  const kinds = kindsOf(error)
  const named = typeof error['code'] === 'number' ? error['code'] : undefined
  const given = status >= 400 ? status : isStatus(named) ? named : 502
  return {
    status: given,
    kind: kinds[0] ?? wordOf(availability['code']) ?? STATUS_KINDS[given] ?? `http_${given}`,
    remedy: remedyOf(given, kinds, availability),
    waitMs: secondsIn(availability['retry_after']) ?? waitIn(headers),
  }
}

/** The connection broke, or could not be made. */
export const CONNECTION_FAILED: UpstreamFailure = Object.freeze({
  status: 502,
  kind: 'connection_failed',
  remedy: 'retry',
  waitMs: null,
})

/** Nothing of the answer has come for as long as one may wait. */
export const TOO_SLOW: UpstreamFailure = Object.freeze({
  status: 504,
  kind: 'timeout',
  remedy: 'retry',
  waitMs: null,
})

/** An answer that is none: it ended before it said anything, or cannot be read. */
export const ANSWER_MALFORMED: UpstreamFailure = Object.freeze({
  status: 502,
  kind: 'answer_malformed',
  remedy: 'retry',
  waitMs: null,
})

const TOO_LONG: ReadonlySet<string> = new Set(['context_length_exceeded', 'token_limit_exceeded'])
/** INVARIANT: what one model refuses is not taken to another: that would get round its safety. */
const REFUSED: ReadonlySet<string> = new Set([
  'content_policy_violation',
  'content_filter',
  'refusal',
  'moderation',
])
/** Of this model, or of its vendor: waiting does not help. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'not_found',
  'model_not_found',
  'no_endpoints',
  'model_deprecated',
  'insufficient_quota',
])
const PASSING: ReadonlySet<string> = new Set(['provider_overloaded', 'provider_unavailable'])

/** Pass by themselves. 524 and 529 are a proxy's timeout and a vendor's overload. */
const RETRIED: ReadonlySet<number> = new Set([408, 409, 425, 429])

function remedyOf(status: number, kinds: readonly string[], availability: Fields): Remedy {
  const isAny = (set: ReadonlySet<string>): boolean => kinds.some((kind) => set.has(kind))
  if (isAny(TOO_LONG)) return 'larger'
  if (isAny(REFUSED)) return 'end'
  if (typeof availability['retryable'] === 'boolean')
    return availability['retryable'] ? 'retry' : 'next'
  if (isAny(ELSEWHERE) || status === 404) return 'next'
  if (isAny(PASSING) || RETRIED.has(status) || status >= 500) return 'retry'
  return 'end'
}

const STATUS_KINDS: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  401: 'authentication',
  402: 'payment_required',
  403: 'permission_denied',
  404: 'not_found',
  408: 'timeout',
  413: 'payload_too_large',
  422: 'unprocessable',
  429: 'rate_limit_exceeded',
  529: 'provider_overloaded',
}

/** The most telling first: what OpenRouter says, then what OpenAI does. */
function kindsOf(error: Fields): readonly string[] {
  const said = [mapOf(error['metadata'])['error_type'], error['code'], error['type']]
  return said.map(wordOf).filter((one) => one !== undefined)
}

/** A word of an API. Anything else might be a text of the caller. */
function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z][a-z0-9_]{0,63}$/.test(value) ? value : undefined
}

function waitIn(headers: Headers): number | null {
  const exact = headers.get('retry-after-ms')
  if (exact !== null && /^\d{1,9}$/.test(exact)) return Number(exact)
  const said = headers.get('retry-after')
  if (said === null) return null
  if (/^\d{1,7}(?:\.\d{1,3})?$/.test(said)) return Math.ceil(Number(said) * 1_000)
  const at = Date.parse(said)
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now())
}

function secondsIn(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 && value < 1e7 ? Math.ceil(value * 1_000) : null
}

function isStatus(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 400 && value < 600
}

function mapOf(value: unknown): Fields {
  return isMap(value) ? value : {}
}
