import { describe, expect, it } from 'vitest'
import { createTestEngine } from '../testing/create-test-engine.ts'
import { ASK, CHAT, governed, outcome, POLICY } from './governed.fixture.ts'
import { governedFetch } from './governed-fetch.ts'
import { call, completion } from './upstream.fixture.ts'

describe('an answer of a governed fetch', () => {
  it.each<[string, unknown]>([
    ['by the catalogue', 'look__up'],
    ['of a known server', 'db__read'],
    ['by its name alone', 'db.read'],
  ])('knows a proposed function %s', async (_what, name) => {
    const answer = completion({ tool_calls: [call(String(name), {})] })
    const { ask } = governed(answer)
    expect(await (await ask(ASK)).json()).toEqual(answer)
  })

  it('asks the host first which resource a function is', async () => {
    const { ask } = governed(completion({ tool_calls: [call('any', {})] }), {
      resourceOf: () => 'db.read',
    })
    const { choices } = (await (await ask(ASK)).json()) as { choices: { finish_reason: string }[] }
    expect(choices[0]?.finish_reason).toBe('tool_calls')
  })

  it.each([
    ['no JSON', '{"a":'],
    ['a list', '[1]'],
    ['a name said twice', '{"a":1,"a":2}'],
  ])('takes out a call whose arguments are %s', async (_what, args) => {
    const { ask, engine } = governed(completion({ tool_calls: [call('db__read', args)] }))
    const { choices } = (await (await ask(ASK)).json()) as {
      choices: { message: object; finish_reason: string }[]
    }
    expect(choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: expect.stringContaining('malformed_request') },
    })
    expect(choices[0]?.message).not.toHaveProperty('tool_calls')
    expect(engine.records().filter(({ status }) => status === 'denied')).toHaveLength(1)
  })

  it('judges each choice, and functions of old', async () => {
    const legacy = { function_call: { name: 'rm', arguments: '{}' } }
    const { ask } = governed(
      completion({ tool_calls: [call('db__read', {})] }, legacy, { content: 'hi' }),
    )
    const { choices } = (await (await ask(ASK)).json()) as { choices: { finish_reason: string }[] }
    expect(choices.map((one) => one.finish_reason)).toEqual(['tool_calls', 'stop', 'stop'])
    expect(JSON.stringify(choices)).not.toContain('function_call')
  })

  it('says it as a refusal where the text is to be JSON', async () => {
    const { ask } = governed(completion({ tool_calls: [call('rm', {})] }))
    const answered = await ask({ ...ASK, response_format: { type: 'json_object' } })
    const { choices } = (await answered.json()) as { choices: { message: object }[] }
    expect(choices[0]?.message).toMatchObject({
      content: null,
      refusal: expect.stringContaining('`rm`'),
    })
  })

  it('changes nothing where it only observes, and records what it would', async () => {
    const answer = completion({ tool_calls: [call('rm', {})] })
    const { ask, sent, engine } = governed(answer, { mode: 'observe' } as object)
    expect(await (await ask({ ...ASK, model: 'gpt-5' })).json()).toEqual(answer)
    expect([
      sent.length,
      engine.records().map(({ resource, effect }) => [resource, effect]),
    ]).toEqual([
      1,
      [
        ['model:openai/gpt-5', 'deny'],
        ['rm', 'deny'],
        ['model:openai/gpt-5', 'deny'],
      ],
    ])
  })

  it('leaves answers alone with toolCalls off', async () => {
    const answer = completion({ tool_calls: [call('rm', {})] })
    const { ask } = governed(answer, { toolCalls: 'off' })
    expect(await (await ask(ASK)).json()).toEqual(answer)
  })

  it('answers a limit with when to come back, and a spent budget with 402', async () => {
    const limits = 'rate_limits: [{ agent: bot, per_minute: 1 }]\n'
    const { ask } = governed(undefined, { policy: POLICY + limits })
    const [first, second] = [await ask(ASK), await ask(ASK)]
    expect([first.status, second.status, Number(second.headers.get('retry-after'))]).toEqual([
      200,
      429,
      expect.any(Number),
    ])
  })

  it('answers instead of throwing where the engine was closed', async () => {
    const { ask, engine } = governed()
    await engine.close()
    const answered = await ask(ASK)
    expect([answered.status, answered.headers.get('x-should-retry')]).toEqual([503, 'false'])
  })

  it('throws what the connection throws, and closes the call', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const inner: typeof fetch = async () => {
      throw new TypeError('fetch failed')
    }
    const wrapped = governedFetch(inner, engine, { subject: { agent: 'bot' } })
    const asked = wrapped(CHAT, { method: 'POST', body: JSON.stringify(ASK) })
    await expect(asked).rejects.toThrow('fetch failed')
    expect(engine.records().at(-1)?.status).toBe('failed')
  })

  it('refuses an answer that is no JSON', async () => {
    const { ask } = governed(new Response('<html>', { headers: { 'content-type': 'text/html' } }))
    expect((await outcome(await ask(ASK))).slice(0, 2)).toEqual([502, 'answer_malformed'])
  })

  it.each<[string, object]>([
    ['an unknown option', { sesion: 's' }],
    ['a vendor that is no name', { vendor: 'a/b' }],
    ['a limit of nothing', { idleTimeoutMs: 0 }],
    ['attempts that are none', { route: true, attempts: { most: 0 } }],
    ['attempts of another name', { route: true, attempts: { least: 1 } as object }],
  ])('refuses %s', (_what, options) => {
    const engine = createTestEngine({ policy: POLICY })
    expect(() => governedFetch(fetch, engine, options)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })

  it('changes nothing when it is wrapped again', () => {
    const engine = createTestEngine({ policy: POLICY })
    const once = governedFetch(fetch, engine)
    expect(governedFetch(once, engine)).toBe(once)
  })
})
