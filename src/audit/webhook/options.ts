import { checkNames, refuseOption } from '../../core/option-checks.ts'
import { MAX_DELAY_MS, reporterOf, type SinkDiagnostic, wholeNumber } from '../sink-options.ts'
import { systemTimers, type Timers } from '../timers.ts'
import type { WebhookFetch } from './attempt.ts'
import { keysOf, type WebhookSecret } from './secret.ts'

export interface WebhookBatch {
  /** Records that one request has at most. @default 100 */
  readonly maxRecords?: number
  /** Bytes after which no further record is added; one that is larger goes alone. @default 262144 */
  readonly maxBytes?: number
  /**
   * `lines`: one record a line (`application/x-ndjson`), each as a ledger has it. `array`: a JSON
   * array of the same. @default 'lines'
   */
  readonly format?: 'lines' | 'array'
}

export interface WebhookRetry {
  /** Attempts for one batch, the first included. @default 5 */
  readonly attempts?: number
  /** Milliseconds that one attempt may take. @default 2000 */
  readonly attemptTimeoutMs?: number
  /** Milliseconds before the second attempt; doubled before each one after. @default 100 */
  readonly minDelayMs?: number
  /** @default 2000 */
  readonly maxDelayMs?: number
}

export interface WebhookSinkOptions {
  /** `https:`; `http:` on this machine alone, unless `allowHttp` is set. */
  readonly url: string | URL
  /** One, or several while one takes the place of another: each signs. */
  readonly secret: WebhookSecret | readonly WebhookSecret[]
  readonly batch?: WebhookBatch
  readonly retry?: WebhookRetry
  /** @default the global one */
  readonly fetch?: WebhookFetch
  /**
   * Milliseconds from a write to its acceptance; a receiver's `Retry-After` is waited for within them,
   * or not at all. Less than the engine's `auditTimeoutMs`. @default 4000
   */
  readonly timeoutMs?: number
  /** Records that may wait; a write beyond is refused. @default 10000 */
  readonly maxQueue?: number
  /** Sends records over a network that everybody on it can read. @default false */
  readonly allowHttp?: boolean
  /** @default a warning of the process */
  readonly onDiagnostic?: (diagnostic: SinkDiagnostic) => void
  /** From 0 to below 1: spreads attempts. @default Math.random */
  readonly random?: () => number
  /** @default those of the system */
  readonly timers?: Timers
}

export interface WebhookSettings {
  readonly url: string
  /** What messages name: the path of a URL may hold a token. */
  readonly origin: string
  readonly keys: readonly Uint8Array[]
  readonly batch: Required<WebhookBatch>
  readonly retry: Required<WebhookRetry>
  readonly fetch: WebhookFetch
  readonly timeoutMs: number
  readonly maxQueue: number
  readonly report: (diagnostic: SinkDiagnostic) => void
  readonly random: () => number
  readonly timers: Timers
}

const NAMES = [
  ...['url', 'secret', 'batch', 'retry', 'fetch', 'timeoutMs', 'maxQueue', 'allowHttp'],
  ...['onDiagnostic', 'random', 'timers'],
]

/** @throws {CallgateError} ERR_OPTIONS_INVALID, which repeats neither secret nor path */
export function settingsOf(options: WebhookSinkOptions): WebhookSettings {
  checkNames('webhookSink', options, NAMES)
  const url = urlOf(options.url, options.allowHttp === true)
  return {
    url: url.href,
    origin: url.origin,
    keys: keysOf(options.secret),
    batch: batchOf(options.batch ?? {}),
    retry: retryOf(options.retry ?? {}),
    fetch: options.fetch ?? ((address, init) => fetch(address, init)),
    timeoutMs: wholeNumber('webhookSink: `timeoutMs`', options.timeoutMs ?? 4_000, 1, MAX_DELAY_MS),
    maxQueue: wholeNumber('webhookSink: `maxQueue`', options.maxQueue ?? 10_000, 1, 1_000_000),
    report: reporterOf(options.onDiagnostic),
    random: options.random ?? Math.random,
    timers: options.timers ?? systemTimers,
  }
}

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

function urlOf(given: unknown, allowHttp: boolean): URL {
  const text = given instanceof URL ? given.href : given
  if (typeof text !== 'string' || !URL.canParse(text)) refuseOption('webhookSink: `url` is no URL')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '')
    refuseOption('webhookSink: `url` has a user or a password in it; the signature says who sends')
  const isSafe =
    url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname))
  if (!isSafe && !(allowHttp && url.protocol === 'http:'))
    refuseOption('webhookSink: `url` is `https:`; set `allowHttp` for `http:` to another machine')
  url.hash = ''
  return url
}

function batchOf(batch: WebhookBatch): Required<WebhookBatch> {
  checkNames('webhookSink: `batch`', batch, ['maxRecords', 'maxBytes', 'format'])
  const { maxRecords = 100, maxBytes = 262_144, format = 'lines' } = batch
  if (format !== 'lines' && format !== 'array')
    refuseOption('webhookSink: `batch.format` is `lines` or `array`')
  return {
    maxRecords: wholeNumber('webhookSink: `batch.maxRecords`', maxRecords, 1, 10_000),
    maxBytes: wholeNumber('webhookSink: `batch.maxBytes`', maxBytes, 1, 16_777_216),
    format,
  }
}

function retryOf(retry: WebhookRetry): Required<WebhookRetry> {
  const names = ['attempts', 'attemptTimeoutMs', 'minDelayMs', 'maxDelayMs'] as const
  checkNames('webhookSink: `retry`', retry, names)
  const { attempts = 5, attemptTimeoutMs = 2_000, minDelayMs = 100, maxDelayMs = 2_000 } = retry
  return {
    attempts: wholeNumber('webhookSink: `retry.attempts`', attempts, 1, 100),
    attemptTimeoutMs: wholeNumber(
      'webhookSink: `retry.attemptTimeoutMs`',
      ...([attemptTimeoutMs, 1, MAX_DELAY_MS] as const),
    ),
    minDelayMs: wholeNumber('webhookSink: `retry.minDelayMs`', minDelayMs, 1, MAX_DELAY_MS),
    maxDelayMs: wholeNumber('webhookSink: `retry.maxDelayMs`', maxDelayMs, 1, MAX_DELAY_MS),
  }
}
