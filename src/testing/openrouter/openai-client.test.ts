import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { FakeOpenRouterOptions } from './fake-openrouter.ts'
import { fakeHere, type Loose, MINI } from './openrouter.fixture.ts'
import { WORKLOAD, WORKLOAD_MODELS, workloadAnswers } from './workload.ts'

const messages = [{ role: 'user', content: 'Say hello.' }] as const

async function clientOf(options: FakeOpenRouterOptions = {}) {
  const fake = await fakeHere(options)
  const client = new OpenAI({ baseURL: fake.baseURL, apiKey: 'sk-test' })
  return { fake, client }
}

const ask = { model: MINI, messages: [...messages] }

describe('the openai client', () => {
  it('reads completions, with their cost', async () => {
    const { fake, client } = await clientOf({ answers: ['hello'] })
    const { choices, usage } = await client.chat.completions.create(ask)
    expect(choices[0]?.message.content).toBe('hello')
    expect(Math.round((usage as Loose).cost * 1e9)).toBe(fake.stats().cost)
  })

  it('reads streams, with comments and cost', async () => {
    const { client } = await clientOf({ answers: ['hello there'] })
    let text = ''
    let cost = 0
    for await (const chunk of await client.chat.completions.create({ ...ask, stream: true })) {
      text += chunk.choices[0]?.delta.content ?? ''
      cost = (chunk.usage as Loose)?.cost ?? cost
    }
    expect([text, cost > 0]).toEqual(['hello there', true])
  })

  it('reads embeddings, models, completions and responses', async () => {
    const { client } = await clientOf({ answers: ['one', 'two', 'three'] })
    const { data } = await client.embeddings.create({
      model: 'openai/text-embedding-3-small',
      input: 'a text',
    })
    expect(data[0]?.embedding).toHaveLength(64)
    const ids: string[] = []
    for await (const { id } of client.models.list()) ids.push(id)
    expect(ids).toContain(MINI)
    const plain = await client.completions.create({ model: MINI, prompt: 'Say' })
    expect(plain.choices[0]?.text).toBe('one')
    const input = { model: MINI, input: 'Say' }
    expect((await client.responses.create(input)).output_text).toBe('two')
    const stream = client.responses.stream(input)
    expect((await stream.finalResponse()).output_text).toBe('three')
  })

  it('throws where a stream has an error', async () => {
    const fault = { kind: 'error_event', after: 2, status: 429 } as const
    const { client } = await clientOf({ faults: [{ fault }] })
    const stream = await client.chat.completions.create({ ...ask, stream: true })
    await expect(
      (async () => {
        for await (const _ of stream);
      })(),
    ).rejects.toMatchObject({ code: 429 })
  })

  it('tries a 429 again, and not a 402', async () => {
    for (const [status, calls] of [
      [429, 3],
      [402, 1],
    ] as const) {
      const fault = { kind: 'error', status, retry_after: 0 } as const
      const { fake, client } = await clientOf({ faults: [{ fault }] })
      await expect(client.chat.completions.create(ask)).rejects.toMatchObject({ status })
      expect(fake.requests).toHaveLength(calls)
    }
  })
})

describe('the workload', () => {
  it('has thirteen prompts of at least seven kinds, and models that are served', async () => {
    const { client } = await clientOf()
    expect(WORKLOAD).toHaveLength(13)
    expect(new Set(WORKLOAD.map(({ id }) => id)).size).toBe(13)
    expect([...new Set(WORKLOAD.map(({ task }) => task))]).toEqual(
      expect.arrayContaining([
        ...['classification', 'code', 'rag', 'summarization', 'reasoning', 'vision', 'tool_use'],
      ]),
    )
    const { data } = await client.models.list()
    expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining([...WORKLOAD_MODELS]))
  })

  it.each(WORKLOAD.map((item) => [item.id, item] as const))(
    '%s is answered, and classified',
    async (_id, item) => {
      const { client } = await clientOf({ answers: workloadAnswers })
      for (const model of WORKLOAD_MODELS) {
        const request = { ...item.request, model } as Loose // the body is of the right shape
        const { choices }: Loose = await client.chat.completions.create(request)
        const { content, tool_calls } = choices[0].message
        expect(content ?? tool_calls[0].function.name).toBe(item.answer.text ?? 'orders__lookup')
      }
      const [, user] = (item.request as Loose).messages
      const prompt = typeof user.content === 'string' ? user.content : user.content[0].text
      const { choices } = await client.chat.completions.create({
        model: MINI,
        messages: [
          { role: 'system', content: 'Classify the request. Answer with JSON only.' },
          { role: 'user', content: `<request>${prompt.slice(0, 1500)}</request>` },
        ],
      })
      expect(JSON.parse(choices[0]?.message.content ?? '')).toEqual({
        task: item.task,
        complexity: item.complexity,
        confidence: 0.9,
      })
    },
  )
})
