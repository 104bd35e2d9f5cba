import fc from 'fast-check'
import OpenAI from 'openai'
import OpenAI4 from 'openai-4'
import OpenAI5 from 'openai-5'
import OpenAI7 from 'openai-7'
import { describe, expect, it } from 'vitest'
import { fakeHere, type Loose } from '../../testing/openrouter/openrouter.fixture.ts'
import { ask, cacheHere, said, ticketFor } from './cache.fixture.ts'
import { createResponseCache } from './response-cache.ts'

const MAKERS: readonly (readonly [number, (options: Loose) => OpenAI])[] = [
  [4, (options) => new OpenAI4(options) as Loose],
  [5, (options) => new OpenAI5(options) as Loose],
  [6, (options) => new OpenAI(options)],
  [7, (options) => new OpenAI7(options) as Loose],
]
const QUESTION = ask('Name a capital.')

/** A client of the fake, with the cache before it. */
async function clientOf(make: (options: Loose) => OpenAI) {
  const fake = await fakeHere({ answers: ['Paris, c’est la capitale. 🗼', 'another one'] })
  const cache = createResponseCache()
  const cached = async (url: Loose, init: Loose): Promise<Response> => {
    const ticket = await ticketFor(JSON.parse(init.body))
    const request = { ticket, surface: 'chat', route: null } as const
    return (await cache.answer(request, () => fetch(url, init))).response
  }
  return { fake, cache, client: make({ baseURL: fake.baseURL, apiKey: 'sk-test', fetch: cached }) }
}

const TEXT = 'Paris, c’est la capitale. 🗼'

describe.each(MAKERS)('an answer given again, read by openai %i', (_major, make) => {
  it('is the same whole, streamed, and by the helpers of streams', async () => {
    const { fake, client, cache } = await clientOf(make)
    const body = QUESTION as Loose
    const first = await client.chat.completions.create(body)
    const whole = await client.chat.completions.create(body)
    let text = ''
    let cost: unknown
    let finish: unknown
    for await (const chunk of (await client.chat.completions.create({
      ...body,
      stream: true,
    })) as Loose) {
      text += chunk.choices[0]?.delta.content ?? ''
      finish = chunk.choices[0]?.finish_reason ?? finish
      cost = chunk.usage?.cost ?? cost
    }
    const completions: Loose = client.chat.completions
    const helper = (completions.stream ?? (client as Loose).beta.chat.completions.stream).bind(
      completions,
    )
    const final = await helper(body).finalChatCompletion()
    expect([first, whole, final].map((one: Loose) => one.choices[0].message.content)).toEqual([
      TEXT,
      TEXT,
      TEXT,
    ])
    expect([text, finish, cost, whole.usage?.total_tokens]).toEqual([TEXT, 'stop', 0, 0])
    expect(whole.id).not.toBe(first.id)
    expect([fake.requests.length, cache.stats().hits]).toEqual([1, 3])
  })

  it('is the same whole where it was kept from a stream', async () => {
    const { fake, client } = await clientOf(make)
    const body = QUESTION as Loose
    const stream: Loose = await client.chat.completions.create({ ...body, stream: true })
    for await (const _ of stream);
    const { choices } = await client.chat.completions.create(body)
    expect([choices[0]?.message.content, fake.requests.length]).toEqual([TEXT, 1])
  })
})

describe('a stream that is given again', () => {
  it('says the text that was kept, whatever it holds, without half a character', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1_200 }),
        async (text) => {
          const here = cacheHere({}, () => said(text))
          await here.call({ body: QUESTION })
          const { text: events, outcome } = await here.call({ body: { ...QUESTION, stream: true } })
          if (outcome !== 'hit') return // personal data may come about by chance
          const chunks = events
            .split('\n\n')
            .filter(Boolean)
            .map((one) => one.slice(6))
          expect(chunks.at(-1)).toBe('[DONE]')
          const parts = chunks
            .slice(0, -1)
            .map((one): string => JSON.parse(one).choices[0]?.delta.content ?? '')
          expect(parts.join('')).toBe(text)
          expect(parts.filter((part) => /\p{Cs}/u.test(part))).toEqual([])
        },
      ),
      { numRuns: 40 },
    )
  })

  it('tells its usage unless the caller wants none', async () => {
    const here = cacheHere()
    await here.call({ body: QUESTION })
    const stream = async (options: object) =>
      (await here.call({ body: { ...QUESTION, stream: true, ...options } })).text.includes('usage')
    expect([
      await stream({}),
      await stream({ stream_options: { include_usage: true } }),
      await stream({ stream_options: { include_usage: false } }),
    ]).toEqual([true, true, false])
  })
})
