import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTestEngine } from '../../testing/create-test-engine.ts'
import { governedFetch } from '../governed-fetch.ts'
import type { GovernedFetchOptions } from '../options.ts'
import { call, chunk, completion, event, streamed, usageChunk } from '../upstream.fixture.ts'
import {
  ASK,
  answered,
  inPieces,
  joinedUp,
  type Message,
  PLAIN,
  POLICY,
} from './streams.fixture.ts'

const pieces = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })
const words = fc.array(
  fc.constantFrom(
    'the',
    'mail',
    'is',
    'ann@example.org',
    'eve@example.org',
    'ähm',
    '日本',
    '4111 1111 1111 1111',
    'and',
    'so',
    'we',
    'go',
    'on',
    '\n',
  ),
  { maxLength: 40 },
)
const calls = fc.array(
  fc.record({
    name: fc.constantFrom('db__read', 'db__drop', 'rm'),
    args: fc.constantFrom({}, { q: 'x' }, { to: 'ann@example.org' }, { a: [1, { b: 'ü' }] }),
  }),
  { maxLength: 4 },
)

describe('a stream', () => {
  it.each([
    ['with nothing taken out', PLAIN],
    ['cleaned', POLICY],
  ])(
    'says the same as the whole answer, however it comes, %s',
    async (_what, policy) => {
      await fc.assert(
        fc.asyncProperty(words, calls, pieces, async (said, proposed, sizes) => {
          const content = said.join(' ')
          const made = proposed.map(({ name, args }, index) => call(name, args, `call_${index}`))
          const message = { content, ...(made.length === 0 ? {} : { tool_calls: made }) }
          const whole = await answered(completion(message), { policy })
          const [choice] = (whole.data[0]?.['choices'] ?? []) as {
            message: Message
            finish_reason: string
          }[]
          const stream = await answered(inPieces(streamed(message).join(''), sizes), { policy })
          const { message: joined, reason } = joinedUp(stream.data)
          if (policy === POLICY) expect(stream.text).not.toContain('ann@')
          const plain = (text: unknown): string =>
            String(text ?? '').replace(/Decision [\w-]+/g, '')
          expect({ text: plain(joined['content']), calls: joined['tool_calls'], reason }).toEqual({
            text: plain(choice?.message['content']),
            calls: choice?.message['tool_calls'] ?? [],
            reason: choice?.finish_reason,
          })
        }),
        { numRuns: 60 },
      )
    },
    60_000,
  )

  it('goes on byte for byte where nothing is taken out', async () => {
    const text = [
      ': OPENROUTER PROCESSING\r\n\r\n',
      ...streamed({ content: 'héllo wörld', tool_calls: [call('db__read', { id: 1 })] }).map(
        (one) => one.replaceAll('\n', '\r\n'),
      ),
    ].join('')
    await fc.assert(
      fc.asyncProperty(pieces, async (sizes) => {
        const { text: got } = await answered(inPieces(text, sizes), {
          ask: { stream_options: { include_usage: true } },
        })
        expect(got).toBe(text)
      }),
      { numRuns: 25 },
    )
  })

  it('tells the cost only to who has asked for it, and records it', async () => {
    const text = streamed({ content: 'hi' }).join('')
    const [quiet, told] = [
      await answered(inPieces(text, [9])),
      await answered(inPieces(text, [9]), { ask: { stream_options: { include_usage: true } } }),
    ]
    expect([quiet.text.includes('"usage"'), told.text.includes('"usage"')]).toEqual([false, true])
    expect(quiet.engine.records().at(-1)).toMatchObject({
      status: 'success',
      cost_nusd: 250_000_000,
    })
  })

  it('reads the cost from a chunk that holds text too, and the last one counts', async () => {
    const odd = chunk({ content: 'hi' }).replace(
      '"choices"',
      '"usage":{"total_tokens":3,"cost":9},"choices"',
    )
    const { engine } = await answered(inPieces(odd + chunk({}, 'stop') + usageChunk(), [50]))
    expect(engine.records().at(-1)?.cost_nusd).toBe(250_000_000)
  })

  it.each<[string, string, string, GovernedFetchOptions]>([
    ['has ended too early', chunk({ content: 'half' }), 'stream_truncated', {}],
    [
      'has ended within a call',
      chunk({
        tool_calls: [{ index: 0, id: 'c', function: { name: 'db__read', arguments: '{' } }],
      }),
      'stream_truncated',
      {},
    ],
    ['has said nothing', ': PROCESSING\n\n', 'stream_truncated', {}],
    [
      'has ended within an event',
      `${chunk({ content: 'x' })}data: {"choices":[`,
      'stream_truncated',
      {},
    ],
    ['is no JSON', event('{"choices":'), 'stream_malformed', {}],
    [
      'has an event that is too long',
      event(`{"x":"${'a'.repeat(5_000)}"}`),
      'stream_too_large',
      { maxAnswerBytes: 1_000 },
    ],
    [
      'has calls that are too long',
      chunk({
        tool_calls: [{ index: 0, function: { name: 'f', arguments: 'a'.repeat(700) } }],
      }).repeat(3),
      'stream_too_large',
      { maxAnswerBytes: 1_000 },
    ],
  ])('says so where it %s', async (_what, text, code, options) => {
    const { data, engine } = await answered(inPieces(text, [64]), options)
    expect(data.at(-1)).toMatchObject({ error: { code } })
    expect([engine.records().at(-1)?.status, engine.stats().in_flight]).toEqual(['failed', 0])
  })

  it('passes an error on, and closes the call with it', async () => {
    const text = chunk({ content: 'half' }) + event({ error: { code: 502, message: 'gone' } })
    const { text: got, engine } = await answered(inPieces(text, [30]))
    expect([got, engine.records().at(-1)?.error]).toEqual([text, 'StreamError ERR_STREAM_FAILED'])
  })

  it('ends where nothing comes any more', async () => {
    const silent = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(chunk({ content: 'x' }))),
    })
    const { data } = await answered(silent, { idleTimeoutMs: 20 })
    expect(data.at(-1)).toMatchObject({ error: { code: 'stream_stalled' } })
  })

  it('reads nothing that its caller does not want, and stops with it', async () => {
    let pulled = 0
    let cancelled = false
    const endless = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled++
          controller.enqueue(new TextEncoder().encode(chunk({ content: 'x' })))
        },
        cancel() {
          cancelled = true
        },
      },
      { highWaterMark: 0 },
    )
    const engine = createTestEngine({ policy: PLAIN })
    const inner: typeof fetch = async () =>
      new Response(endless, { headers: { 'content-type': 'text/event-stream' } })
    const governed = governedFetch(inner, engine, { subject: { agent: 'bot' } })
    const response = await governed('https://x/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ ...ASK, stream: true }),
    })
    const reader = response.body?.getReader()
    await reader?.read()
    await reader?.read()
    expect([pulled, cancelled]).toEqual([2, false])
    await reader?.cancel()
    expect([cancelled, engine.records().at(-1)?.status]).toEqual([true, 'cancelled'])
  })

  it('judges calls that come in one chunk with the end, and mends it', async () => {
    const one = chunk(
      { role: 'assistant', tool_calls: [{ index: 0, ...call('rm', {}) }] },
      'tool_calls',
    )
    const { data } = await answered(inPieces(one + event('[DONE]'), [999]))
    expect(joinedUp(data)).toEqual({
      message: { content: expect.stringContaining('`rm` was taken out'), tool_calls: [] },
      reason: 'stop',
    })
  })

  it.each<[string, object[]]>([
    [
      'a name that comes twice',
      [
        { index: 0, id: 'c', function: { name: 'db__read', arguments: '{}' } },
        { index: 0, function: { name: 'rm' } },
      ],
    ],
    [
      'an id that comes twice',
      [
        { index: 0, id: 'c', function: { name: 'db__read', arguments: '{' } },
        { index: 0, id: 'd', function: { name: 'rm', arguments: '}' } },
      ],
    ],
  ])('takes the last of %s, and hands on nothing else', async (_what, some) => {
    const text =
      some.map((piece) => chunk({ tool_calls: [piece] })).join('') +
      chunk({}, 'tool_calls') +
      event('[DONE]')
    const { text: got } = await answered(inPieces(text, [999]))
    expect([got.includes('"tool_calls":['), got.includes('`rm`')]).toEqual([false, true])
  })

  it('hands on one reading of a call that others could read otherwise', async () => {
    const named = (name: string, args: string): string =>
      chunk({ tool_calls: [{ index: 0, id: 'c', function: { name, arguments: args } }] })
    const text = named('rm', '') + named('db__read', '{}') + chunk({}, 'tool_calls')
    const { text: got, data } = await answered(inPieces(text, [999]))
    expect(got).not.toContain('"rm"')
    expect(joinedUp(data).message['tool_calls']).toEqual([call('db__read', {}, 'c')])
  })

  it('keeps the answers of one request apart', async () => {
    const text =
      chunk({ content: 'a' }, null, 0) +
      chunk({ tool_calls: [{ index: 0, ...call('rm', {}) }] }, null, 1) +
      chunk({ tool_calls: [{ index: 0, ...call('db__read', {}) }] }, null, 0) +
      chunk({}, 'tool_calls', 1) +
      chunk({}, 'tool_calls', 0) +
      event('[DONE]')
    const { data } = await answered(inPieces(text, [7]))
    const reasons = data.flatMap(
      ({ choices }) => choices as { index: number; finish_reason: string | null }[],
    )
    expect(
      reasons.flatMap(({ index, finish_reason: reason }) =>
        reason === null ? [] : [[index, reason]],
      ),
    ).toEqual([
      [1, 'stop'],
      [0, 'tool_calls'],
    ])
  })
})
