import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../model/json.ts'
import { estimateTokens } from './estimate-tokens.ts'
import type { Surface } from './model-request.ts'
import { readModelRequest } from './read-model-request.ts'

const user = (content: JsonObject[string]): JsonObject => ({ role: 'user', content })

describe('a request to a model', () => {
  it('is read alike, whatever its surface', () => {
    const bodies: [Surface, JsonObject][] = [
      [
        'chat',
        {
          messages: [
            { role: 'developer', content: 'be brief' },
            user([{ type: 'text', text: 'hi' }]),
          ],
        },
      ],
      [
        'responses',
        { instructions: 'be brief', input: [user([{ type: 'input_text', text: 'hi' }])] },
      ],
    ]
    const read = bodies.map(([surface, body]) => readModelRequest({ model: 'm', ...body }, surface))
    expect(read.map(({ model, messages }) => ({ model, messages }))).toEqual(
      read.map(() => ({
        model: 'm',
        messages: [
          { role: 'system', text: 'be brief' },
          { role: 'user', text: 'hi' },
        ],
      })),
    )
    const texts: [Surface, JsonObject][] = [
      ['completions', { prompt: ['a', 'b'] }],
      ['embeddings', { input: ['a', 'b'] }],
    ]
    for (const [surface, body] of texts)
      expect(readModelRequest(body, surface).messages.map(({ text }) => text)).toEqual(['a', 'b'])
  })

  it.each<[string, JsonObject, string[]]>([
    ['nothing', { messages: [user('hi')] }, []],
    [
      'an image',
      { messages: [user([{ type: 'image_url', image_url: { url: 'https://x' } }])] },
      ['vision'],
    ],
    [
      'a sound',
      { messages: [user([{ type: 'input_audio', input_audio: { data: 'AAAA' } }])] },
      ['audio'],
    ],
    ['a spoken answer', { messages: [], modalities: ['text', 'audio'] }, ['audio']],
    ['a file', { messages: [user([{ type: 'file', file: { file_data: 'AAAA' } }])] }, ['file']],
    [
      'functions',
      { messages: [], tools: [{ type: 'function', function: { name: 'f' } }] },
      ['tool_use'],
    ],
    ['functions of old', { messages: [], functions: [{ name: 'f' }] }, ['tool_use']],
    [
      'an open tool loop',
      { messages: [{ role: 'tool', content: '1', tool_call_id: 'c' }] },
      ['tool_use'],
    ],
    ['reasoning', { messages: [], reasoning_effort: 'high' }, ['reasoning']],
    ['no reasoning', { messages: [], reasoning: { effort: 'none' } }, []],
    ['JSON', { messages: [], response_format: { type: 'json_object' } }, ['json']],
    ['a long text', { messages: [user('some words '.repeat(60_000))] }, ['long_context']],
  ])('with %s needs what its structure says', (_what, body, needs) => {
    expect([...readModelRequest(body, 'chat').capabilities]).toEqual(needs)
  })

  it.each<[string, boolean, Surface, JsonObject]>([
    [
      'ends with the result of a tool',
      true,
      'chat',
      { messages: [{ role: 'tool', content: '1' }] },
    ],
    [
      'carries sealed reasoning',
      true,
      'chat',
      { messages: [{ role: 'assistant', content: '', reasoning_details: [{}] }, user('go on')] },
    ],
    [
      'goes on with a response that the vendor keeps',
      true,
      'responses',
      { input: 'x', previous_response_id: 'r' },
    ],
    [
      'has had a tool loop',
      false,
      'chat',
      {
        messages: [{ role: 'tool', content: '1' }, { role: 'assistant', content: 'a' }, user('b')],
      },
    ],
  ])('that %s is bound to its vendor: %s', (_what, isBound, surface, body) => {
    expect(readModelRequest(body, surface).bound_to_vendor).toBe(isBound)
  })

  it('names every model that may answer, and none that a text or a schema names', () => {
    const body: JsonObject = {
      model: 'a',
      models: ['a', 'b'],
      fallbacks: [{ model: 'c' }],
      metadata: { model: 'no' },
      messages: [{ role: 'user', content: 'x', model: 'no' }],
      tools: [
        { type: 'function', function: { name: 'f', parameters: { model: 'no' } } },
        { type: 'image_generation', model: 'd' },
      ],
    }
    const { model, alternatives } = readModelRequest(body, 'chat')
    expect([model, ...alternatives]).toEqual(['a', 'b', 'c', 'd'])
  })

  it('is read without a throw, whatever it holds', () => {
    const surface = fc.constantFrom<Surface>('chat', 'responses', 'completions', 'embeddings')
    const names = fc.constantFrom(
      'messages',
      'input',
      'tools',
      'model',
      'content',
      'reasoning',
      'text',
      'type',
      'prompt',
    )
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, 1, 'x', true),
        fc.array(tie('any')),
        fc.dictionary(names, tie('any')),
      ),
    })).any
    fc.assert(
      fc.property(fc.dictionary(names, value), surface, (body, one) => {
        const { input_tokens: tokens } = readModelRequest(body as JsonObject, one)
        expect(tokens).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('an estimate of tokens', () => {
  it.each<[string, string, number]>([
    ['nothing', '', 0],
    ['a short word', 'lookups', 1],
    ['a long word', 'internationalization', 4],
    ['digits by three', '1234567', 3],
    ['ideographs', '天気'.repeat(50), 80],
    ['another script', 'привет', 3],
    ['signs', '!!!!', 2],
  ])('counts %s', (_what, text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens)
  })

  it('is never less for more of a text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, more) => {
        expect(estimateTokens(`${one} ${more}`)).toBeGreaterThanOrEqual(estimateTokens(one))
      }),
    )
  })
})
