import { describe, expect, it } from 'vitest'
import { ASK, governed, outcome, POLICY } from './governed.fixture.ts'

describe('a governed fetch', () => {
  it.each<[string, unknown, string]>([
    ['another model', { ...ASK, model: 'gpt-5' }, 'no_matching_rule'],
    [
      'a model that an answer may fall back on',
      { ...ASK, models: ['gpt-4o', 'x/no'] },
      'explicit_deny',
    ],
    ['a fallback by name', { ...ASK, fallbacks: [{ model: 'gpt-5' }] }, 'no_matching_rule'],
    [
      'a model of a plugin',
      { ...ASK, plugins: [{ id: 'fusion', models: ['x/a', 'x/no'] }] },
      'explicit_deny',
    ],
    ['a model with a look-alike name', { ...ASK, model: 'gpt-4о' }, 'malformed_request'],
    ['a model that is no text', { ...ASK, model: 7 }, 'malformed_request'],
    ['a hosted tool', { ...ASK, tools: [{ type: 'code_interpreter' }] }, 'no_matching_rule'],
    [
      'a hosted tool in a namespace',
      { ...ASK, tools: [{ type: 'namespace', tools: [{ type: 'shell' }] }] },
      'no_matching_rule',
    ],
    ['a plugin', { ...ASK, plugins: [{ id: 'web' }] }, 'no_matching_rule'],
    ['a stored prompt', { ...ASK, prompt: { id: 'p' } }, 'no_matching_rule'],
    [
      'an MCP server that is not allowed',
      { ...ASK, tools: [{ type: 'mcp', server_label: 'evil', require_approval: 'always' }] },
      'no_matching_rule',
    ],
    [
      'a tool of one that is denied',
      { ...ASK, tools: [{ type: 'mcp', server_label: 'crm', allowed_tools: ['read', 'drop'] }] },
      'explicit_deny',
    ],
    [
      'one whose tools are not named',
      { ...ASK, tools: [{ type: 'mcp', server_label: 'crm', require_approval: 'never' }] },
      'malformed_request',
    ],
    ['what is no JSON', 'model=gpt-4o', 'malformed_request'],
    ['a list', '[]', 'malformed_request'],
    [
      'a name that is said twice',
      '{"model":"gpt-4o","model":"gpt-5","messages":[]}',
      'malformed_request',
    ],
    [
      'a name that is said twice, once escaped',
      '{"model":"gpt-4o","mod\\u0065l":"gpt-5","messages":[]}',
      'malformed_request',
    ],
    [
      'what is nested too deeply',
      `{"model":"gpt-4o","messages":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      'malformed_request',
    ],
  ])('denies %s, and sends nothing', async (_what, body, reason) => {
    const { ask, sent, engine } = governed()
    expect(await outcome(await ask(body))).toEqual([403, 'policy_denied', reason])
    expect(sent).toEqual([])
    expect(engine.records().filter(({ status }) => status === 'denied')).toHaveLength(1)
    expect(engine.stats().in_flight).toBe(0)
  })

  it.each<[string, unknown]>([
    [
      'a hosted tool that is allowed',
      { ...ASK, tools: [{ type: 'web_search_preview_2025_03_11' }] },
    ],
    [
      'the tools of an MCP server that are allowed',
      { ...ASK, tools: [{ type: 'mcp', server_label: 'crm', allowed_tools: ['read'] }] },
    ],
    ['models that are all allowed', { ...ASK, models: ['gpt-4o', 'x/a'] }],
    [
      'functions of the caller',
      {
        ...ASK,
        tools: [
          {
            type: 'function',
            function: { name: 'f', parameters: { properties: { model: { type: 'string' } } } },
          },
        ],
      },
    ],
  ])('sends %s as it came', async (_what, body) => {
    const { ask, sent, engine } = governed()
    expect((await ask(body)).status).toBe(200)
    expect(sent.map((one) => one.body)).toEqual([JSON.stringify(body)])
    expect(engine.stats().in_flight).toBe(0)
  })

  it('names requests that are about no model by method and path', async () => {
    const { ask, engine } = governed()
    const paths = [
      '/files/f-1/content',
      '/chat//completions',
      '/realtime/client_secrets',
      '/secret',
      '/%63hat/completions/x',
    ]
    for (const path of paths) await ask({}, {}, `https://api.openai.com/v1${path}`)
    await ask({}, {}, 'https://elsewhere.example/x/chat')
    expect(engine.records().map(({ resource }) => resource)).toEqual([
      'openai.api/post/files/_/content',
      'openai.api/post/chat/completions',
      'openai.api/post/realtime/client_secrets',
      'openai.api/post/_',
      'openai.api/post/chat/completions/_',
      'openai.api/post/_/chat',
    ])
  })

  it('takes what is not below the base CHAT for what is elsewhere', async () => {
    const { ask, engine } = governed({}, { baseURL: 'https://api.openai.com/v1' })
    await ask(ASK, {}, 'https://evil.example/v1/chat/completions')
    expect(engine.records()[0]).toMatchObject({
      resource: 'openai.api/post/_/_/chat/completions',
      status: 'denied',
    })
  })

  it('judges the name of a deployment with that of the body', async () => {
    const { ask } = governed()
    const url = 'https://x.openai.azure.com/openai/deployments/gpt-5/chat/completions?api-version=1'
    expect((await ask(ASK, {}, url)).status).toBe(403)
    expect((await ask(ASK, {}, url.replace('gpt-5', 'gpt-4o'))).status).toBe(200)
  })

  it('judges images by what they are, and sends them as they came', async () => {
    const { ask, sent, engine } = governed(undefined, {
      policy: `${POLICY}\nsecrets: { enabled: true }\n`,
    })
    const url = `data:image/png;base64,${'A'.repeat(6_000_000)}`
    const body = {
      ...ASK,
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
    }
    expect((await ask(body)).status).toBe(200)
    expect(sent[0]?.body).toBe(JSON.stringify(body))
    expect(engine.records()[0]?.status).toBe('pending')
  })

  it('puts images back where the policy rewrites the rest', async () => {
    const { ask, sent } = governed(undefined, {
      policy: POLICY.replace(
        "['model:openai/gpt-4o', ",
        "['model:openai/gpt-4o'], verbs: [invoke], effect: compute, compute: { set: { max_tokens: 5 } } }\n      - { resources: [",
      ),
    })
    const url = `data:image/png;base64,${'A'.repeat(6_000)}`
    const body = {
      ...ASK,
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
    }
    const answered = await ask(body)
    expect([answered.status, sent[0] && JSON.parse(String(sent[0].body))]).toEqual([
      200,
      { ...body, max_tokens: 5 },
    ])
  })
})
