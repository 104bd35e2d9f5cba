import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestEngine, type TestEngine } from '../testing/create-test-engine.ts'
import { type Client, MAJORS } from './clients.fixture.ts'
import { startUpstream, type Upstream } from './upstream.fixture.ts'
import { ASK, runTools, WAYS } from './ways.fixture.ts'
import { wrapOpenAIClient } from './wrap-openai-client.ts'

/** Ways of a client to its models: each is governed, and answers as without the wrap where it is allowed. */

const POLICY = (model: string): string => `
roles:
  - name: some
    rules: [{ resources: ['${model}', read, 'openai.api/get/responses/_'], verbs: [invoke] }]
bindings:
  - { agent: bot, roles: [some] }
`
const ALLOWED = POLICY('model:openai/*')
const DENIED = POLICY('model:openai/other')

let upstream: Upstream
beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())

function wrapped(client: Client, policy: string): TestEngine {
  const engine = createTestEngine({ policy })
  wrapOpenAIClient(client, engine, { subject: { agent: 'bot' } })
  return engine
}

describe.each(MAJORS)('openai $major', ({ major, make }) => {
  describe.each(WAYS.filter(({ from = 0 }) => major >= from))('$name', ({ use }) => {
    it('answers as without the wrap where the policy allows it', async () => {
      const bare = await use(make({ baseURL: upstream.baseURL }), upstream)
      const client = make({ baseURL: upstream.baseURL })
      const engine = wrapped(client, ALLOWED)
      expect(await use(client, upstream)).toEqual(bare)
      expect(engine.records().length).toBeGreaterThan(1)
      expect([engine.stats().in_flight, engine.records().at(-1)?.status]).toEqual([0, 'success'])
    })

    it('sends nothing where it does not', async () => {
      const client = make({ baseURL: upstream.baseURL })
      wrapped(client, DENIED)
      const before = upstream.reached.length
      await expect(use(client, upstream)).rejects.toMatchObject({ status: 403 })
      expect(upstream.reached.length).toBe(before)
    })
  })

  it.each([false, true])('never runs a tool that is denied (streamed: %s)', async (isStreamed) => {
    const client = make({ baseURL: upstream.baseURL })
    wrapped(client, ALLOWED)
    const { said, ran } = await runTools(client, upstream, isStreamed, 'drop')
    expect([ran, said]).toEqual([[], expect.stringContaining('`drop` was taken out')])
  })

  it('records as cancelled what its caller gives up', async () => {
    const client = make({ baseURL: upstream.baseURL, maxRetries: 2 })
    const engine = wrapped(client, ALLOWED)
    const giveUp = new AbortController()
    upstream.answer(() => giveUp.abort())
    await expect(client.chat.completions.create(ASK, { signal: giveUp.signal })).rejects.toThrow(
      /abort/i,
    )
    expect(engine.records().map(({ status }) => status)).toEqual(['pending', 'cancelled'])
  })
})
