import { describe, expect, it } from 'vitest'
import { call, chunk, completion, event, streamed } from '../upstream.fixture.ts'
import { answered, inPieces, POLICY } from './streams.fixture.ts'

describe('arguments of a call', () => {
  const args = { data: 'ann@example.org', id: 'ann@example.org', type: { role: 'ann@example.org' } }
  const message = { tool_calls: [call('db__read', args)] }
  it.each([
    ['whole', completion(message)],
    ['in pieces', inPieces(streamed(message).join(''), [7])],
  ])('are cleaned whatever their names, %s', async (_what, body) => {
    const { text } = await answered(body, { policy: POLICY })
    expect([text.includes('ann@'), text.includes('db__read')]).toEqual([false, true])
  })
})

describe('a stream', () => {
  it('ends also where its body never says that it has stopped', async () => {
    const text = chunk({ content: 'hi' }) + chunk({}, 'stop') + event('[DONE]')
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
      cancel: () => new Promise(() => undefined),
    })
    const { text: got, engine } = await answered(body)
    expect([got, engine.records().at(-1)?.status]).toEqual([text, 'success'])
  })
})
