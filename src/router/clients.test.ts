import OpenAI from 'openai'
import OpenAI4 from 'openai-4'
import OpenAI5 from 'openai-5'
import OpenAI7 from 'openai-7'
import { describe, expect, it } from 'vitest'
import { collect } from '../openai/clients.fixture.ts'
import { wrapOpenAIClient } from '../openai/wrap-openai-client.ts'
import {
  ANA,
  HAIKU,
  KEY,
  MINI,
  policyOf,
  reached,
  type Setup,
  served,
  setUp,
} from './router.fixture.ts'

const policy = policyOf([MINI, HAIKU])
const ASK = { model: 'auto', messages: [{ role: 'user' as const, content: 'Say hello.' }] }

interface Reach {
  readonly apiKey: string
  readonly baseURL: string
  readonly fetch?: typeof fetch
}

/** What all of them have is typed as the sixth has it. */
const MAJORS: readonly (readonly [major: number, make: (reach: Reach) => OpenAI])[] = [
  [4, (reach) => new OpenAI4(reach as never) as unknown as OpenAI],
  [5, (reach) => new OpenAI5(reach) as unknown as OpenAI],
  [6, (reach) => new OpenAI(reach)],
  [7, (reach) => new OpenAI7(reach) as unknown as OpenAI],
]

const BEFORE: readonly (readonly [how: string, reach: (setup: Setup) => Promise<Reach>])[] = [
  ['by HTTP', async (setup) => ({ apiKey: KEY, baseURL: `${(await served(setup)).url}/v1` })],
  [
    'in its process',
    async ({ router }) => ({
      apiKey: KEY,
      baseURL: 'http://router.test/v1',
      fetch: router as typeof fetch, // of what clients give it
    }),
  ],
]

describe.each(MAJORS)('openai %i', (_major, make) => {
  describe.each(BEFORE)('before a router %s', (_how, reach) => {
    it('gets answers, streams and the list of models', async () => {
      const setup = await setUp({ policy })
      const client = make(await reach(setup))
      const answer = await client.chat.completions.create(ASK)
      const stream = await client.chat.completions.create({ ...ASK, stream: true })
      const chunks = await collect(stream)
      const models = await client.models.list()
      const text = chunks.map(({ choices }) => choices[0]?.delta?.content ?? '').join('')
      expect({
        model: answer.model,
        isSame: text === answer.choices[0]?.message.content,
        hasModel: models.data.some(({ id }) => id === MINI),
      }).toEqual({ model: MINI, isSame: true, hasModel: true })
    })

    it('does not try again what was tried', async () => {
      const fault = { kind: 'error', status: 503, retry_after: 0 } as const
      const setup = await setUp({ policy, fake: { faults: [{ fault }] } })
      const client = make(await reach(setup))
      const asked = client.chat.completions.create(ASK)
      await expect(asked).rejects.toMatchObject({ status: 503, code: 'no_model_answered' })
      expect(reached(setup.fake)).toHaveLength(6)
    })

    it('knows an unknown key for what it is', async () => {
      const setup = await setUp({ policy })
      const client = make({ ...(await reach(setup)), apiKey: 'another' })
      const asked = client.chat.completions.create(ASK)
      await expect(asked).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' })
    })
  })

  it('throws where a stream fails in its midst', async () => {
    const fault = { kind: 'error_event', after: 4, status: 429 } as const
    const setup = await setUp({ policy, fake: { faults: [{ fault }] } })
    const client = make({ apiKey: KEY, baseURL: `${(await served(setup)).url}/v1` })
    const stream = await client.chat.completions.create({ ...ASK, stream: true })
    await expect(collect(stream)).rejects.toThrow()
  })

  it('is routed by a wrap of its own, with its own key and no endpoint between', async () => {
    const fault = { kind: 'error', status: 429, retry_after: 0 } as const
    const { fake, engine } = await setUp({ policy, fake: { faults: [{ model: MINI, fault }] } })
    const client = wrapOpenAIClient(make({ apiKey: 'sk', baseURL: fake.baseURL }), engine, {
      route: true,
      subject: ANA,
      session: 's',
      attempts: { pauseMs: 0 },
    })
    const answer = await client.chat.completions.create(ASK)
    expect(answer.model).toBe(HAIKU)
    expect(reached(fake).map(([model]) => model)).toEqual([MINI, MINI, MINI, HAIKU])
    const outcomes = engine.records().filter(({ kind }) => kind === 'outcome')
    expect(outcomes.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed', 'success'])
    expect(outcomes.at(-1)?.cost_nusd).toBe(fake.stats().cost)
  })
})
