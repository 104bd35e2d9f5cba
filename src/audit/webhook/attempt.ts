import type { Timers } from '../timers.ts'

/** What one attempt came to. */
export type AttemptResult =
  | { readonly kind: 'accepted' }
  /** Trying again may help, not before `waitMs` where the receiver has said so. */
  | {
      readonly kind: 'again'
      readonly why: string
      readonly waitMs: number
      readonly cause?: unknown
    }
  | { readonly kind: 'refused'; readonly why: string }

/** The part of `fetch` that is used. */
export type WebhookFetch = (
  url: string,
  init: {
    readonly method: 'POST'
    readonly headers: Readonly<Record<string, string>>
    readonly body: Uint8Array<ArrayBuffer>
    readonly redirect: 'manual'
    readonly signal: AbortSignal
  },
) => Promise<Response>

export interface Attempt {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
  readonly timeoutMs: number
  /** Ends it before its time. */
  readonly signal: AbortSignal
  readonly fetch: WebhookFetch
  readonly timers: Timers
}

/** Sends the body once. Never rejects, and is over within its limit whatever `fetch` does. */
export function attempt(options: Attempt): Promise<AttemptResult> {
  const { url, headers, body, timeoutMs, timers } = options
  const stop = new AbortController()
  return new Promise((resolve) => {
    const giveUp = (why: string): void => {
      stop.abort()
      release()
      resolve({ kind: 'again', why, waitMs: 0 })
    }
    const onAbort = (): void => giveUp('it was given up')
    const cancel = timers.after(timeoutMs, () => giveUp(`no answer within ${timeoutMs} ms`))
    const release = (): void => {
      cancel()
      options.signal.removeEventListener('abort', onAbort)
    }
    options.signal.addEventListener('abort', onAbort, { once: true })
    const init = { method: 'POST', headers, body, redirect: 'manual', signal: stop.signal } as const
    // In a `then`, so that a `fetch` that throws is as one that rejects.
    Promise.resolve()
      .then(() => options.fetch(url, init))
      .then((response) => {
        resolve(resultOf(response, url, timers.now()))
        // Within the limit of the attempt, which stands until this is over.
        return readToEnd(response)
      })
      .catch((cause: unknown) =>
        resolve({ kind: 'again', why: 'the network failed', waitMs: 0, cause }),
      )
      .finally(release)
  })
}

/** Of the answer that a connection may be used again for; a longer one costs its connection. */
const MAX_ANSWER_BYTES = 16_384

async function readToEnd(response: Response): Promise<void> {
  const reader = response.body?.getReader()
  if (reader === undefined) return
  try {
    for (let bytes = 0; bytes <= MAX_ANSWER_BYTES; ) {
      const { done, value } = await reader.read()
      if (done) return
      bytes += value.length
    }
    await reader.cancel()
  } catch {
    // What was to be known of the answer is known.
  }
}

/** What may pass: too early, too many, and whatever is the receiver's own trouble. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429])

function resultOf(response: Response, url: string, now: number): AttemptResult {
  const { status } = response
  const isElsewhere =
    response.redirected || (response.url !== '' && originOf(response.url) !== originOf(url))
  // A `fetch` that follows redirects although it was told not to has sent the records who knows where.
  if (isElsewhere) return { kind: 'refused', why: 'the answer comes from another address' }
  if (status >= 200 && status < 300) return { kind: 'accepted' }
  const isPassing = PASSING.has(status) || (status >= 500 && status <= 599)
  if (isPassing) {
    const waitMs = waitOf(response.headers.get('retry-after'), now)
    return { kind: 'again', why: `it was answered ${status}`, waitMs }
  }
  const isRedirect = status === 0 || (status >= 300 && status < 400)
  const note = isRedirect ? ': redirects are not followed' : ''
  return { kind: 'refused', why: `it was answered ${status}${note}` }
}

/**
 * Seconds, or a date. What is neither asks for no wait.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
function waitOf(retryAfter: string | null, now: number): number {
  if (retryAfter === null) return 0
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1_000
  const at = /^[A-Z][a-z]{2}, /.test(retryAfter) ? Date.parse(retryAfter) : Number.NaN
  return Number.isNaN(at) ? 0 : Math.max(0, at - now)
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : ''
}
