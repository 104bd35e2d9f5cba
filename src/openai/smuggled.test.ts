import { describe, expect, it } from 'vitest'
import { governed, outcome } from './governed.fixture.ts'
import { inPieces, answered as streamedAnswer } from './stream/streams.fixture.ts'
import { call, chunk, completion, event } from './upstream.fixture.ts'

/** Calls that an answer hides where a policy engine might not look, and a client might. */

const EVIL = call('evil', {})
const ITEM = { type: 'function_call', id: 'f', call_id: 'c', name: 'evil', arguments: '{}' }
const CUSTOM = { type: 'custom', custom: { name: 'evil', input: 'x' } }
const OK = { name: 'db__read', arguments: '{}' }
const SAID = { index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }
const RESPONSES = 'https://api.openai.com/v1/responses'

describe('a whole answer', () => {
  it.each<[string, object, string?]>([
    [
      'a message beside the one that is read',
      { choices: [{ ...SAID, delta: { tool_calls: [EVIL] } }] },
    ],
    ['calls that are no list', completion({ tool_calls: { 0: EVIL } })],
    ['a call of old that is a list', completion({ function_call: [EVIL.function] })],
    ['items of a response beside choices', { choices: [], output: [ITEM] }],
    [
      'choices beside items of a response',
      { output: [], choices: { 0: { message: { tool_calls: [EVIL] } } } },
      RESPONSES,
    ],
    [
      'a run beside choices',
      { choices: [], required_action: { submit_tool_outputs: { tool_calls: [EVIL] } } },
    ],
    [
      'a part of the text',
      completion({ content: [{ type: 'tool_use', name: 'evil', input: {} }] }),
    ],
    ['the reasoning', completion({ reasoning_details: [{ tool_calls: [EVIL] }] })],
    ['a part of an item', { output: [{ type: 'message', content: [ITEM] }] }, RESPONSES],
    [
      'nothing that has choices',
      { type: 'message', content: [{ type: 'tool_use', name: 'evil' }] },
    ],
  ])('is refused where it hides a call in %s', async (_what, answer, url) => {
    const { ask } = governed(answer)
    const body = url === undefined ? {} : { input: 'hi' }
    const got = await ask({ model: 'gpt-4o', messages: [], ...body }, {}, url)
    expect(await outcome(got)).toEqual([502, 'answer_malformed', undefined])
  })

  it('loses a call that is of two kinds at once', async () => {
    const both = { id: 'c', function: { name: 'crm__read', arguments: '{}' }, ...CUSTOM }
    const { ask } = governed(completion({ tool_calls: [both] }))
    expect(await (await ask({ model: 'gpt-4o', messages: [] })).text()).not.toContain('"evil"')
  })

  it('says a name once, also where it came twice', async () => {
    const text = JSON.stringify(completion({ content: 'hi' }))
    const twice = text.replace(
      '{',
      `{"choices":[{"message":{"tool_calls":[{"function":{"name":"evil"}}]}}],`,
    )
    const { ask } = governed(
      new Response(twice, { headers: { 'content-type': 'application/json' } }),
    )
    const got = await (await ask({ model: 'gpt-4o', messages: [] })).text()
    expect([got.includes('evil'), JSON.parse(got)]).toEqual([false, JSON.parse(text)])
  })

  it('is not refused for what it repeats of the request', async () => {
    const answer = {
      output: [{ type: 'message', id: 'm', content: [{ type: 'output_text', text: 'hi' }] }],
      tools: [
        {
          type: 'function',
          name: 'x',
          parameters: { properties: { tool_calls: { type: 'local_shell_call' } } },
        },
      ],
      metadata: { function_call: 'x' },
    }
    const { ask } = governed(answer)
    const got = await ask({ model: 'gpt-4o', input: 'hi' }, {}, RESPONSES)
    expect(await got.json()).toEqual(answer)
  })
})

describe('a stream', () => {
  const held = chunk({ tool_calls: [{ index: 0, id: 'c', type: 'function', function: OK }] })
  const done = chunk({}, 'tool_calls') + event('[DONE]')
  const odd = (more: object): string =>
    event({ choices: [{ index: 0, delta: {}, finish_reason: null }], ...more })
  it.each<[string, string]>([
    [
      'a whole message',
      event({ choices: [{ index: 0, delta: {}, message: { tool_calls: [EVIL] } }] }),
    ],
    ['a message alone', event({ choices: [{ index: 0, message: { tool_calls: [EVIL] } }] })],
    ['calls that are no list', chunk({ tool_calls: { 0: EVIL } })],
    ['an event of another API', event({ type: 'response.output_item.done', item: ITEM })],
    [
      'a block of another API',
      event({ type: 'content_block_start', content_block: { type: 'tool_use', name: 'evil' } }),
    ],
    [
      'a chunk that says it is no error',
      odd({
        error: false,
        choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...EVIL }] } }],
      }),
    ],
    [
      'an error with choices',
      odd({ error: {}, choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...EVIL }] } }] }),
    ],
    ['a call of a second kind', held + chunk({ tool_calls: [{ index: 0, ...CUSTOM }] })],
    [
      'a call of two kinds',
      chunk({ tool_calls: [{ index: 0, id: 'c', function: OK, ...CUSTOM }] }),
    ],
    [
      'a line that is no event',
      `{"choices":[{"delta":{"tool_calls":[{"function":{"name":"evil"}}]}}]}\n\n`,
    ],
    ['a line beside an event', `{"name":"evil"}\n${chunk({ content: 'x' })}`],
    ['a comment that some read as lines', `: x\u2028\u2028data: {"name":"evil"}\u2028\u2028\n\n`],
  ])('never shows a call in %s', async (_what, text) => {
    const { text: got } = await streamedAnswer(inPieces(text + done, [1_000]))
    expect(got).not.toMatch(/"name":"evil"/)
  })

  it('counts calls anew where a number is none that a list could have', async () => {
    const far = chunk({ tool_calls: [{ index: 1e9, id: 'c', type: 'function', function: OK }] })
    const { data } = await streamedAnswer(inPieces(far + done, [1_000]))
    expect(JSON.stringify(data)).toContain('"tool_calls":[{"index":0,')
  })

  it.each<[string, object]>([
    ['an item beside a response', { type: 'response.output_item.done', response: {}, item: ITEM }],
    ['a chunk of another API', { choices: [{ delta: { tool_calls: [EVIL] } }] }],
    ['a chunk with a call of old', { choices: [{ delta: { function_call: EVIL['function'] } }] }],
    ['an error', { type: 'error', item: ITEM }],
    ['a part', { type: 'response.content_part.added', part: ITEM }],
  ])('of a response never shows a call in %s', async (_what, data) => {
    const body = event(data) + event({ type: 'response.completed', response: { output: [] } })
    const { ask } = governed(
      new Response(body, { headers: { 'content-type': 'text/event-stream' } }),
    )
    const got = await ask({ model: 'gpt-4o', input: 'hi', stream: true }, {}, RESPONSES)
    expect(await got.text()).not.toContain('"evil"')
  })
})
