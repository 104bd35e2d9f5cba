import { describe, expect, it } from 'vitest'
import {
  chat,
  chatBody,
  contentOf,
  fakeHere,
  get,
  MINI,
  post,
  SONNET,
  streamed,
} from './openrouter.fixture.ts'

const TOOL = {
  type: 'function',
  function: {
    name: 'find',
    parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
  },
}

describe('a completion', () => {
  it('has what the API documents', async () => {
    const fake = await fakeHere({ answers: ['hello there'] })
    const response = await post(fake, '/chat/completions', chatBody('12345678'))
    const body = await response.json()
    expect(body).toEqual({
      id: expect.stringMatching(/^gen-[0-9a-f]{24}$/),
      provider: 'OpenAI',
      model: MINI,
      object: 'chat.completion',
      created: Date.UTC(2026, 0, 1) / 1000,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'hello there', refusal: null, reasoning: null },
          logprobs: null,
          finish_reason: 'stop',
          native_finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 8,
        completion_tokens: 3,
        total_tokens: 11,
        cost: 0.000003,
        is_byok: false,
        prompt_tokens_details: {
          cached_tokens: 0,
          cache_write_tokens: 0,
          audio_tokens: 0,
          video_tokens: 0,
        },
        cost_details: {
          upstream_inference_cost: 0.000003,
          upstream_inference_prompt_cost: 0.0000012,
          upstream_inference_completions_cost: 0.0000018,
        },
        completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, image_tokens: 0 },
      },
    })
    expect(response.headers.get('x-generation-id')).toBe((body as { id: string }).id)
  })

  it('is the same, byte for byte, for the same seed and requests, and no other', async () => {
    const bodies = async (seed: string): Promise<readonly string[]> => {
      const fake = await fakeHere({ seed })
      const texts: string[] = []
      for (const stream of [false, true, false])
        texts.push(await (await post(fake, '/chat/completions', chatBody('a', { stream }))).text())
      return texts
    }
    const [one, again, other] = [await bodies('a'), await bodies('a'), await bodies('b')]
    expect(one).toEqual(again)
    expect(one[0]).not.toBe(other[0])
    expect(one[0]).not.toBe(one[2])
  })

  it('says the scripted answers in order, then its own words', async () => {
    const fake = await fakeHere({
      answers: ['one', { text: 'two', finish_reason: 'content_filter' }],
    })
    const said = [await chat(fake), await chat(fake), await chat(fake)].map(({ choices }) => [
      choices[0].message.content,
      choices[0].finish_reason,
    ])
    expect(said).toEqual([
      ['one', 'stop'],
      ['two', 'content_filter'],
      [expect.stringMatching(/^(\w+ ){39}\w+\.$/), 'stop'],
    ])
  })

  it('lets a function answer, by request and model', async () => {
    const fake = await fakeHere({ answers: (ask, model) => `${model}: ${ask.lastUser}` })
    expect((await chat(fake)).choices[0].message.content).toBe(`${MINI}: Say hello.`)
  })

  it('is cut at `max_tokens`', async () => {
    const fake = await fakeHere()
    const { choices, usage } = await chat(fake, { max_tokens: 5 })
    expect([choices[0].message.content.length, choices[0].finish_reason]).toEqual([20, 'length'])
    expect(usage.completion_tokens).toBe(5)
  })

  it('has `n` choices that differ', async () => {
    const { choices } = await chat(await fakeHere(), { n: 3 })
    const texts = choices.map((choice: { message: { content: string } }) => choice.message.content)
    expect(new Set(texts).size).toBe(3)
  })

  it('keeps to a JSON Schema, or is a JSON object', async () => {
    const fake = await fakeHere()
    const properties = {
      task: { enum: ['a', 'b'] },
      score: { type: 'integer', minimum: 3 },
      tags: { type: 'array', items: { type: 'string' } },
    }
    const schema = { type: 'object', properties, required: ['task', 'score', 'tags'] }
    const format = { type: 'json_schema', json_schema: { name: 'x', strict: true, schema } }
    const strict = await chat(fake, { response_format: format })
    expect(JSON.parse(strict.choices[0].message.content)).toEqual({
      task: expect.stringMatching(/^[ab]$/),
      score: 3,
      tags: [expect.any(String)],
    })
    const loose = await chat(fake, { response_format: { type: 'json_object' } })
    expect(JSON.parse(loose.choices[0].message.content)).toEqual({ answer: expect.any(String) })
  })

  it.each([
    ['it must be', { tool_choice: 'required' }, 'tool_calls'],
    [
      'it is the one',
      { tool_choice: { type: 'function', function: { name: 'find' } } },
      'tool_calls',
    ],
    ['the user names it', { messages: [{ role: 'user', content: 'find it' }] }, 'tool_calls'],
    ['nobody asks for it', {}, 'stop'],
  ])('calls a tool where %s', async (_what, more, finish) => {
    const { choices } = await chat(await fakeHere(), { tools: [TOOL], ...more })
    const calls = (choices[0].message.tool_calls ?? []).map(
      (call: { function: { name: string; arguments: string } }) => [
        call.function.name,
        JSON.parse(call.function.arguments),
      ],
    )
    const want = finish === 'stop' ? [] : [['find', { query: expect.any(String) }]]
    expect({ finish: choices[0].finish_reason, calls }).toEqual({ finish, calls: want })
  })

  it('thinks where that is asked for, and counts it', async () => {
    const { choices, usage } = await chat(await fakeHere(), {
      model: SONNET,
      reasoning: { effort: 'low' },
    })
    const { reasoning, reasoning_details } = choices[0].message
    expect(reasoning_details.map(({ type }: { type: string }) => type)).toEqual([
      'reasoning.text',
      'reasoning.encrypted',
    ])
    const { reasoning_tokens } = usage.completion_tokens_details
    expect(reasoning_tokens).toBe(Math.ceil(reasoning.length / 3.5))
    expect(usage.completion_tokens).toBeGreaterThan(reasoning_tokens)
  })
})

describe('a stream', () => {
  it('says the same as the completion, with comment, usage and end', async () => {
    const answers = [
      { text: 'Grüße an alle.', tool_calls: [{ name: 'find', arguments: { q: 'long enough' } }] },
    ]
    const more = { tools: [TOOL] }
    const { choices, usage } = await chat(await fakeHere({ answers }), more)
    const fake = await fakeHere({ answers })
    const response = await post(
      fake,
      '/chat/completions',
      chatBody('Say hello.', { ...more, stream: true }),
    )
    const { text, chunks, isDone } = await streamed(response)
    expect(text.startsWith(': OPENROUTER PROCESSING\n\n')).toBe(true)
    expect(contentOf(chunks)).toBe(choices[0].message.content)
    const last = chunks.at(-1)
    expect([last.choices, last.usage, isDone]).toEqual([[], usage, true])
    const calls = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? [])
    const whole = calls.map((call) => call.function.arguments).join('')
    expect(calls.length).toBeGreaterThan(2)
    expect([calls[0].id, calls[0].function.name, whole]).toEqual([
      choices[0].message.tool_calls[0].id,
      'find',
      '{"q":"long enough"}',
    ])
    expect(chunks.at(-2).choices[0].finish_reason).toBe('tool_calls')
  })

  it.each([
    ['with_choices', [[1, true]]],
    [
      'twice',
      [
        [1, false],
        [0, true],
      ],
    ],
    ['last', [[0, true]]],
    ['missing', []],
  ] as const)('says its usage: %s', async (usage, want) => {
    const fake = await fakeHere({ faults: [{ fault: { kind: 'shape', usage } }] })
    const response = await post(fake, '/chat/completions', chatBody('a', { stream: true }))
    const { chunks } = await streamed(response)
    const told = chunks
      .filter((chunk) => chunk.usage !== undefined)
      .map((chunk) => [chunk.choices.length, chunk.usage.completion_tokens > 0])
    expect(told).toEqual(want)
  })

  it('that its client closes is billed up to there, and known as cancelled', async () => {
    for (const [model, isStopped] of [
      [MINI, true],
      ['google/gemini-flash-latest', false],
    ] as const) {
      const fake = await fakeHere({ faults: [{ fault: { kind: 'stall', after: 12 } }] })
      const whole = await chat(await fakeHere(), { model })
      const left = new AbortController()
      const body = chatBody('Say hello.', { model, stream: true })
      const response = await post(fake, '/chat/completions', body, {}, left.signal)
      const reader = response.body?.getReader()
      await reader?.read()
      left.abort()
      await reader?.closed.catch(() => undefined)
      await until(() => fake.requests[0]?.end === 'cancelled')
      const { data } = await get(fake, `/generation?id=${response.headers.get('x-generation-id')}`)
      expect([data.cancelled, data.streamed, data.finish_reason]).toEqual([true, true, null])
      expect(Math.round(data.total_cost * 1e9)).toBe(fake.stats().cost)
      expect(data.native_tokens_completion < whole.usage.completion_tokens).toBe(isStopped)
      expect(fake.stats().cancelled).toBe(1)
    }
  })
})

/** Waits for the other side, which learns of it by the connection. */
async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2_000 && !isSo(); turn++)
    await new Promise((resolve) => setTimeout(resolve, 1))
}
