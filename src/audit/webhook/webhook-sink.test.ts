import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AuditSink } from '../../core/model/ports.ts'
import { testAuditSink } from '../../testing/contracts/audit-sink.ts'
import { recordOf } from '../record.fixture.ts'
import { manualTimers, turns } from '../timers.fixture.ts'
import type { WebhookSinkOptions } from './options.ts'
import { type Answer, keptOf, startReceiver } from './receiver.fixture.ts'
import { verifyWebhook } from './signature.ts'
import { webhookSink } from './webhook-sink.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const RETRY = { attempts: 4, minDelayMs: 1, maxDelayMs: 4, attemptTimeoutMs: 10_000 }

let receiver: Awaited<ReturnType<typeof startReceiver>>
beforeAll(async () => {
  receiver = await startReceiver()
})
afterAll(() => receiver.stop())
beforeEach(() => {
  receiver.received.length = 0
  receiver.answers.length = 0
})

const sinkOf = (options: Partial<WebhookSinkOptions> = {}) =>
  webhookSink({
    url: `${receiver.url}/in`,
    secret: SECRET,
    retry: RETRY,
    timeoutMs: 60_000,
    onDiagnostic: () => undefined,
    ...options,
  })

const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'accepted',
    (error: Error) => error.message,
  )

describe('webhookSink', () => {
  it.each(['lines', 'array'] as const)('is what the engine relies on, with %s', async (format) => {
    const paths = new WeakMap<AuditSink, string>()
    let count = 0
    const make = () => {
      const path = `/${format}/${++count}`
      const sink = sinkOf({ url: `${receiver.url}${path}`, batch: { format } })
      paths.set(sink, path)
      return sink
    }
    const read = (sink: AuditSink) => keptOf(receiver.received, paths.get(sink) ?? '')
    expect(await testAuditSink(make, { read, timeoutMs: 20_000 })).toEqual([])
  })

  it('sends what is written together as one signed batch, and links each record to the one before', async () => {
    const sink = sinkOf()
    await Promise.all([1, 2, 3].map((seq) => sink.write([recordOf(seq)])))
    await sink.write([recordOf(4)])
    const [first, second] = receiver.received
    expect(receiver.received.map(({ body }) => body.trim().split('\n').length)).toEqual([3, 1])
    expect(verifyWebhook(first?.headers ?? {}, first?.body ?? '', SECRET)).toBe(true)
    expect(verifyWebhook(first?.headers ?? {}, second?.body ?? '', SECRET)).toBe(false)
    const kept = keptOf(receiver.received, '/in')
    expect(kept.map(({ prev }) => prev)).toEqual([
      null,
      ...kept.slice(0, 3).map(({ hash }) => hash),
    ])
    expect(first?.headers['content-type']).toBe('application/x-ndjson')
  })

  it.each<[string, readonly Answer[]]>([
    ['500', [500, 503, 502]],
    ['429, 408 and 425', [429, 408, 425]],
    ['a connection that is reset', ['reset', 'reset', 'reset']],
  ])('tries again after %s, with one id and a signature each', async (_what, answers) => {
    receiver.answers.push(...answers)
    await sinkOf().write([recordOf(1)])
    const { received } = receiver
    expect(received).toHaveLength(4)
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(received.every(({ headers, body }) => verifyWebhook(headers, body, SECRET))).toBe(true)
  })

  it('gives up after its attempts, and the next batch is a new one', async () => {
    receiver.answers.push(500, 500, 500, 500)
    const sink = sinkOf()
    expect(await messageOf(sink.write([recordOf(1)]))).toBe(
      `webhook to \`${receiver.url}\`: it was answered 500 (4 tries)`,
    )
    await sink.write([recordOf(2)])
    expect(sink.stats()).toEqual({ accepted: 1, refused: 1, waiting: 0 })
  })

  it.each([
    [301, 'https://elsewhere.test/'],
    [302, '/other'],
    [307, 'https://elsewhere.test/'],
    [308, '/other'],
  ])('follows no redirect: %i to %s', async (status, location) => {
    receiver.answers.push({ status, headers: { location } })
    expect(await messageOf(sinkOf().write([recordOf(1)]))).toContain(
      `it was answered ${status}: redirects are not followed`,
    )
    expect(receiver.received).toHaveLength(1)
  })

  it('refuses the answer of a `fetch` that was led to another origin', async () => {
    const other = await startReceiver()
    receiver.answers.push({ status: 303, headers: { location: `${other.url}/` } })
    const sink = sinkOf({ fetch: (url, init) => fetch(url, { ...init, redirect: 'follow' }) })
    expect(await messageOf(sink.write([recordOf(1)]))).toContain('another address')
    await other.stop()
  })

  it.each([400, 401, 404, 410, 413])('does not try again after %i', async (status) => {
    receiver.answers.push(status)
    expect(await messageOf(sinkOf().write([recordOf(1)]))).toContain(`it was answered ${status}`)
    expect(receiver.received).toHaveLength(1)
  })

  it('gives up an attempt that hangs, and is accepted with the next', async () => {
    receiver.answers.push('hang')
    await sinkOf({ retry: { ...RETRY, attemptTimeoutMs: 50 } }).write([recordOf(1)])
    expect(receiver.received).toHaveLength(2)
  })

  it('rejects at its limit where nobody answers', async () => {
    receiver.answers.push('hang')
    const sink = sinkOf({ timeoutMs: 50 })
    expect(await messageOf(sink.write([recordOf(1)]))).toMatch(/ within \d+ ms/)
    await sink.write([recordOf(2)])
    expect(sink.stats()).toEqual({ accepted: 1, refused: 1, waiting: 0 })
  })

  it('takes an answer by its status, though its body has no end', async () => {
    receiver.answers.push('endless', 'endless')
    const sink = sinkOf({ retry: { ...RETRY, attemptTimeoutMs: 200 } })
    await sink.write([recordOf(1)])
    await sink.write([recordOf(2)])
    expect(sink.stats().accepted).toBe(2)
  })

  it('bounds what waits', async () => {
    receiver.answers.push('hang')
    const sink = sinkOf({ maxQueue: 3, timeoutMs: 200 })
    const answers = Array.from({ length: 100 }, (_, seq) => messageOf(sink.write([recordOf(seq)])))
    const refused = (await Promise.all(answers)).filter((one) => one.includes('no more than 3'))
    expect(refused).toHaveLength(97)
  })

  it('ends what it waits for when it is closed, and takes no more', async () => {
    receiver.answers.push('hang')
    const timers = manualTimers()
    const sink = sinkOf({ timers })
    const write = messageOf(sink.write([recordOf(1)]))
    await expect.poll(() => receiver.received.length).toBe(1)
    const closing = sink.close()
    timers.advance(60_000)
    await closing
    expect(await write).toMatch(/ within \d+ ms|given up/)
    expect(await messageOf(sink.write([recordOf(2)]))).toContain('the sink was closed')
    await expect.poll(() => timers.pending()).toBe(0)
  })
})

/** A receiver that is no network, for what only a clock can show. */
function scripted(answers: readonly (readonly [status: number, retryAfter?: string])[]) {
  const timers = manualTimers()
  const started = timers.now()
  const times: number[] = []
  const sink = webhookSink({
    url: 'https://audit.test/secret-path',
    secret: SECRET,
    timers,
    random: () => 0,
    timeoutMs: 10_000,
    retry: { attempts: 10, minDelayMs: 100, maxDelayMs: 1_000 },
    onDiagnostic: () => undefined,
    async fetch() {
      const [status = 204, retryAfter] = answers[times.length] ?? []
      times.push(timers.now() - started)
      return new Response(null, {
        status,
        ...(retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }),
      })
    },
  })
  const pass = async (ms: number): Promise<void> => {
    for (let at = 0; at < ms; at += 25) {
      await turns()
      timers.advance(25)
    }
    await turns()
  }
  return { sink, timers, times, pass }
}

describe('between attempts', () => {
  it('the sink waits twice as long each time, up to its bound, half of it by chance', async () => {
    const { sink, times, pass } = scripted(Array.from({ length: 7 }, () => [503] as const))
    const write = sink.write([recordOf(1)])
    await pass(5_000)
    await write
    expect(times).toEqual([0, 50, 150, 350, 750, 1_250, 1_750, 2_250])
  })

  it.each([
    ['seconds', '3'],
    ['a date', 'Thu, 01 Jan 2026 00:00:03 GMT'],
  ])(
    'the sink leaves a receiver alone for as long as it asks, in %s',
    async (_form, retryAfter) => {
      const { sink, times, pass } = scripted([[429, retryAfter]])
      const write = sink.write([recordOf(1)])
      await pass(4_000)
      await write
      expect(times).toEqual([0, 3_000])
    },
  )

  it('the sink refuses at once where it is to wait longer than it may, until then', async () => {
    const { sink, timers, times, pass } = scripted([[503, '3600']])
    const first = messageOf(sink.write([recordOf(1)]))
    await turns()
    expect(await first).toContain('trying again after 3600000 ms would be too late')
    expect(await messageOf(sink.write([recordOf(2)]))).toContain('left alone')
    await pass(60_000)
    await sink.write([recordOf(3)])
    await sink.close()
    expect([times, timers.pending()]).toEqual([[0, 60_000], 0])
  })
})

describe('options of webhookSink', () => {
  it.each<[string, object]>([
    ['http: to another machine', { url: 'http://audit.test/' }],
    ['a URL with a password', { url: 'https://user:pass@audit.test/' }],
    ['no URL', { url: 'audit.test' }],
    ['another scheme', { url: 'file:///etc/passwd', allowHttp: true }],
    ['a short secret', { secret: `whsec_${Buffer.alloc(23).toString('base64')}` }],
    ['a secret without its prefix', { secret: 'x'.repeat(40) }],
    ['a secret that is no base64', { secret: `whsec_${'!'.repeat(40)}` }],
    ['an unknown option', { retries: 3 }],
    ['an unknown option of a batch', { batch: { size: 3 } }],
    ['no attempts', { retry: { attempts: 0 } }],
  ])('refuse %s, and repeat nothing of it', (_what, options) => {
    const make = () => webhookSink({ url: 'https://a.test', secret: SECRET, ...options })
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }))
    expect(make).not.toThrow(/user:pass|xxxx|AAAA|!!!!|etc\/passwd/)
  })
})
