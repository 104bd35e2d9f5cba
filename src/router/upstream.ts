import type { MaybePromise } from '../core/model/json.ts'

/** Where requests go. */
export interface RouterUpstream {
  /** Such as `https://openrouter.ai/api/v1`. */
  readonly baseURL: string
  /** Asked for each request where it is a function. It is in no record and in no message. */
  readonly apiKey: string | (() => MaybePromise<string>)
  /** @default the platform's own */
  readonly fetch?: typeof fetch
}

/** What of a caller's headers goes onward. Never the key that the caller has shown here. */
const ONWARD: ReadonlySet<string> = new Set([
  'accept',
  'content-type',
  'http-referer',
  'idempotency-key',
  'openai-beta',
  'x-session-id',
  'x-title',
  // Taken off again before anything is sent.
  'x-callgate-approval',
])
const ONWARD_PREFIX = 'x-openrouter-'

export function onwardHeaders(given: Headers): Headers {
  const kept = [...given].filter(([name]) => ONWARD.has(name) || name.startsWith(ONWARD_PREFIX))
  return new Headers(kept)
}

/** What of an answer's headers comes back. Those of one connection, and cookies, do not. */
const BACK: ReadonlySet<string> = new Set([
  'cache-control',
  'content-type',
  'retry-after',
  'retry-after-ms',
  'x-generation-id',
  'x-request-id',
  'x-should-retry',
])
const BACK_PREFIXES = ['x-callgate-', 'x-openrouter-', 'x-ratelimit-', 'openai-']

/** The bytes have been unpacked on the way: what told how they were packed does not come back. */
export function backResponse(response: Response): Response {
  const kept = [...response.headers].filter(
    ([name]) => BACK.has(name) || BACK_PREFIXES.some((prefix) => name.startsWith(prefix)),
  )
  return new Response(response.body, { status: response.status, headers: kept })
}

/** A `fetch` that shows the router's own key. */
export function withKey({ apiKey, fetch: inner = fetch }: RouterUpstream): typeof fetch {
  return async (input, init) => {
    const key = typeof apiKey === 'string' ? apiKey : await apiKey()
    const headers = new Headers(init?.headers as ConstructorParameters<typeof Headers>[0]) // of the platform
    headers.set('authorization', `Bearer ${key}`)
    return inner(input, { ...init, headers, redirect: 'error' })
  }
}

/** Without a slash at its end. */
export function baseOf({ baseURL }: RouterUpstream): string {
  return baseURL.replace(/\/+$/, '')
}
