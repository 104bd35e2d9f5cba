import { describe, expect, it } from 'vitest'
import {
  ask,
  cacheHere,
  contentOf,
  delta,
  said,
  streamed,
  ticketFor,
  USAGE_CHUNK,
} from './cache.fixture.ts'
import { createResponseCache } from './response-cache.ts'

const QUESTION = 'What is the capital of France?'
const WORDS = [delta({ role: 'assistant', content: '' }), delta({ content: 'Par' })]
const LAST = delta({ content: 'is' }, 'stop')

describe('an answer that is not complete, or more than words', () => {
  it.each<[string, () => Response]>([
    ['cut by its length', () => said('Par', { finish_reason: 'length' })],
    ['without an end', () => said('Par', { finish_reason: null })],
    ['filtered', () => said('', { finish_reason: 'content_filter' })],
    ['empty', () => said('')],
    [
      'a tool call',
      () => said('x', { message: { role: 'assistant', content: 'x', tool_calls: [{}] } }),
    ],
    ['a refusal', () => said('x', { message: { role: 'assistant', content: 'x', refusal: 'no' } })],
    ['sealed reasoning', () => said('x', { message: { content: 'x', reasoning_details: [{}] } })],
    ['with probabilities', () => said('x', { logprobs: { content: [] } })],
    ['an error with 200', () => said('x', {}, { error: { code: 502, message: 'x' } })],
    ['several choices', () => said('x', {}, { choices: [{}, {}] })],
    ['a personal answer', () => said('Write to ada.lovelace@example.com')],
    ['too long', () => said('x'.repeat(300_000))],
    ['no JSON', () => new Response('oops', { headers: { 'content-type': 'application/json' } })],
    ['another status', () => Response.json({}, { status: 503 })],
    ['another type', () => new Response('x', { headers: { 'content-type': 'text/plain' } })],
    ['a stream that ended early', () => streamed(WORDS, null)],
    ['a stream without [DONE]', () => streamed([...WORDS, LAST], null)],
    ['a stream that told its usage last', () => streamed([...WORDS, LAST, USAGE_CHUNK], null)],
    ['a stream cut within its last event', () => streamed([...WORDS, LAST], null, 'data: [DONE]')],
    ['a stream that goes on after [DONE]', () => streamed([LAST], '[DONE]', 'data: {}\n\n')],
    ['a stream without a finish', () => streamed(WORDS)],
    ['a stream cut by its length', () => streamed([...WORDS, delta({}, 'length')])],
    ['a stream with an error', () => streamed([...WORDS, { error: { message: 'x' } }, LAST])],
    ['a stream of a tool call', () => streamed([delta({ tool_calls: [{ index: 0 }] }), LAST])],
    ['a stream of no JSON', () => streamed([LAST], 'oops\n\ndata: [DONE]')],
  ])('is not kept: %s', async (_name, answer) => {
    const here = cacheHere({}, answer)
    const first = await here.call({ body: ask(QUESTION) })
    const second = await here.call({ body: ask(QUESTION) })
    const plain = await answer().text()
    expect([first.outcome, second.outcome, first.text, here.cache.stats().entries]).toEqual([
      'miss',
      'miss',
      plain,
      0,
    ])
  })

  it('is not kept where its reader went away, or it broke', async () => {
    const cache = createResponseCache()
    const ticket = await ticketFor(ask(QUESTION))
    const request = { ticket, surface: 'chat', route: null } as const
    let cancelled = false
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('data: {}\n\n')),
      cancel: () => {
        cancelled = true
      },
    })
    const headers = { 'content-type': 'text/event-stream' }
    const left = await cache.answer(request, async () => new Response(endless, { headers }))
    await left.response.body?.cancel()
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('cut')) })
    const cut = await cache.answer(request, async () => new Response(broken, { headers }))
    await expect(cut.response.text()).rejects.toThrow('cut')
    const next = await cache.answer(request, async () => said('Paris'))
    expect([cancelled, next.outcome, contentOf(await next.response.text())]).toEqual([
      true,
      'miss',
      'Paris',
    ])
  })

  it('is kept where a stream says all of it, and given again as either form', async () => {
    const here = cacheHere({}, () => streamed([...WORDS, LAST, USAGE_CHUNK]))
    await here.call({ body: ask(QUESTION, { stream: true }) })
    const whole = await here.call({ body: ask(QUESTION) })
    expect([whole.outcome, contentOf(whole.text), whole.saved_nusd]).toEqual([
      'hit',
      'Paris',
      1_000,
    ])
  })
})
