import type { JsonObject } from '../../core/model/json.ts'

/** What an error of the API says. */
export interface FakeErrorFields {
  /** HTTP status; also `code` in the body. */
  readonly status: number
  /** `metadata.error_type`, such as `rate_limit_exceeded`. */
  readonly error_type?: string
  readonly message?: string
  /** Header `Retry-After`: seconds, or a date as HTTP writes it. */
  readonly retry_after?: number | string
  /** `error.availability`, such as `{ code: 'capacity_exhausted', retryable: true }`. */
  readonly availability?: JsonObject
  readonly metadata?: JsonObject
  /** True for an answer of OpenRouter itself: no other model is tried, a 429 has X-RateLimit headers. */
  readonly own?: boolean
}

/** Every documented status, with the kind of error that it mostly has. */
export const STATUS_ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  401: 'authentication',
  402: 'payment_required',
  403: 'permission_denied',
  404: 'not_found',
  408: 'timeout',
  413: 'payload_too_large',
  422: 'unprocessable',
  429: 'rate_limit_exceeded',
  500: 'server',
  502: 'provider_unavailable',
  503: 'provider_overloaded',
  524: 'timeout',
  529: 'provider_overloaded',
}

/** A request that is answered with an error. Thrown and caught within the fake only. */
export class ApiError extends Error {
  readonly fields: FakeErrorFields
  /** The models that were tried. */
  readonly attempts: readonly JsonObject[]
  constructor(fields: FakeErrorFields, attempts: readonly JsonObject[] = []) {
    super(fields.message ?? `error ${fields.status}`)
    this.name = 'ApiError'
    this.fields = fields
    this.attempts = attempts
  }
}

/** The `error` member of a body. */
export function errorMember(fields: FakeErrorFields, more: JsonObject = {}): JsonObject {
  const error_type = fields.error_type ?? STATUS_ERROR_TYPES[fields.status] ?? 'unmapped'
  return {
    code: fields.status,
    message: fields.message ?? error_type.replaceAll('_', ' '),
    metadata: { error_type, ...more, ...fields.metadata },
    ...(fields.availability === undefined ? {} : { availability: fields.availability }),
  }
}

// Another model could do no better: whose key it is, what it may spend, and what was asked for.
const FINAL: ReadonlySet<number> = new Set([401, 402, 413, 422])

/** True where the next model of `models` is tried. */
export function fallsBack({ status, own = false }: FakeErrorFields): boolean {
  return !own && !FINAL.has(status)
}

export function errorHeaders(fields: FakeErrorFields): Record<string, string> {
  const headers: Record<string, string> = {}
  const seconds = fields.retry_after ?? ([429, 503].includes(fields.status) ? 1 : undefined)
  if (seconds !== undefined) headers['retry-after'] = String(seconds)
  return headers
}
