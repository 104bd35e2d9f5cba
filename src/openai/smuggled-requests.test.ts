import { describe, expect, it } from 'vitest'
import { ASK, CHAT, governed, outcome } from './governed.fixture.ts'

/** Requests that ask a policy engine for one thing, and a model's server for another. */

const MALFORMED = [403, 'policy_denied', 'malformed_request']
const DENIED = [403, 'policy_denied', 'no_matching_rule']
const LETS_ALL = `
roles:
  - name: all
    rules: [{ resources: ['*'], verbs: [invoke] }]
bindings:
  - { agent: bot, roles: [all] }
`
const typed = (type: string): object => ({ headers: { 'content-type': type } })
const remote = { type: 'mcp', server_label: 'crm' }

describe('a request', () => {
  it.each<[string, object, unknown[], object?, string?]>([
    ['a model in another case', { ...ASK, Model: 'gpt-5' }, MALFORMED],
    ['tools with a look-alike name', { ...ASK, 'tool\u017f': [] }, MALFORMED],
    ['a form', ASK, MALFORMED, typed('application/x-www-form-urlencoded')],
    ['another charset', ASK, MALFORMED, typed('application/json; charset=utf-7')],
    ['tools that are no list', { ...ASK, tools: { 0: { type: 'shell' } } }, MALFORMED],
    ['plugins that are no list', { ...ASK, plugins: { id: 'web' } }, MALFORMED],
    ['a search that is no object', { ...ASK, web_search_options: true }, MALFORMED],
    [
      'an empty list of allowed tools',
      { ...ASK, tools: [{ ...remote, allowed_tools: [] }] },
      MALFORMED,
    ],
    ['a preset', { ...ASK, preset: 'p' }, DENIED],
    ['a preset that is no text', { ...ASK, preset: {} }, MALFORMED],
    ['a model in the query', ASK, DENIED, {}, `${CHAT}?model=gpt-5`],
  ])('is denied with %s, and nothing is sent', async (_what, body, want, init, url) => {
    const { ask, sent } = governed()
    expect([await outcome(await ask(body, init, url)), sent]).toEqual([want, []])
  })

  it.each<[string, string, object]>([
    ['messages', 'https://openrouter.ai/api/v1/messages', {}],
    ['messages elsewhere', 'https://other.example/anthropic/v1/messages', {}],
    ['runs with a stream', 'https://api.openai.com/v1/threads/t/runs', { stream: true }],
    ['anything else with a stream', 'https://api.openai.com/v1/other', { stream: true }],
  ])('is denied for %s whatever the policy says', async (_what, url, more) => {
    const { ask, sent } = governed(undefined, { policy: LETS_ALL })
    expect([await outcome(await ask({ ...ASK, ...more }, {}, url)), sent]).toEqual([MALFORMED, []])
  })

  it('goes out with UTF-8 said in any way, and with null for what it does not want', async () => {
    for (const charset of ['utf-8', 'UTF-8', '"utf-8"', 'utf8']) {
      const body = { ...ASK, tools: null, plugins: null, web_search_options: null, preset: null }
      const { ask } = governed()
      expect((await ask(body, typed(`application/json; charset=${charset}`))).status).toBe(200)
    }
  })

  it('of a thread adds messages as the policy says', async () => {
    const { ask } = governed({ id: 'm' }, { policy: LETS_ALL })
    const url = 'https://api.openai.com/v1/threads/t/messages'
    expect((await ask({ role: 'user', content: 'hi' }, {}, url)).status).toBe(200)
  })
})
