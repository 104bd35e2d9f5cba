import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../model/json.ts'
import { type Needs, unfitFor } from './catalog.ts'
import { catalogOver, readCard } from './read-card.ts'
import { cardsOf } from './view.fixture.ts'
import type { Capability } from './words.ts'

// Cut from an entry of OpenRouter's list.
const LISTED: JsonObject = {
  id: 'openai/gpt-4o-mini',
  name: 'OpenAI: GPT-4o-mini',
  context_length: 128_000,
  architecture: {
    modality: 'text+image->text',
    input_modalities: ['text', 'image', 'file'],
    output_modalities: ['text'],
    tokenizer: 'GPT',
  },
  pricing: { prompt: '0.00000015', completion: '0.0000006', request: '0' },
  top_provider: { context_length: 128_000, max_completion_tokens: 16_384, is_moderated: true },
  supported_parameters: ['max_tokens', 'tools', 'structured_outputs', 'reasoning'],
  expiration_date: '2027-01-31',
}

describe('readCard', () => {
  it('reads what OpenRouter lists', () => {
    expect(readCard('openai/gpt-4o-mini', LISTED)).toEqual({
      id: 'openai/gpt-4o-mini',
      context_length: 128_000,
      max_output_tokens: 16_384,
      capabilities: new Set(['vision', 'file', 'tool_use', 'json', 'reasoning', 'long_context']),
      parameters: new Set(['max_tokens', 'tools', 'structured_outputs', 'reasoning']),
      expires_at: Date.UTC(2027, 0, 31),
      pricing: { prompt: '0.00000015', completion: '0.0000006', request: '0' },
    })
  })

  it('knows nothing where nothing is said, or nothing of the right type', () => {
    const nothing = {
      id: 'm',
      context_length: null,
      max_output_tokens: null,
      capabilities: null,
      parameters: null,
      expires_at: null,
      pricing: null,
    }
    const odd: JsonObject = {
      context_length: '128000',
      max_completion_tokens: 0.5,
      top_provider: [],
      architecture: { input_modalities: 'image' },
      supported_parameters: { tools: true },
      pricing: ['1'],
      expiration_date: null,
    }
    expect([readCard('m', {}), readCard('m', odd)]).toEqual([nothing, nothing])
  })

  it.each<[JsonObject, readonly Capability[]]>([
    [{ supported_parameters: [] }, []],
    [{ supported_parameters: ['response_format'] }, ['json']],
    [{ architecture: { input_modalities: ['audio', 'constructor'] } }, ['audio']],
    [{ supported_parameters: [], context_length: 100_000 }, ['long_context']],
    [{ supported_parameters: [], context_length: 99_999 }, []],
    [{ supported_parameters: [], top_provider: { context_length: 200_000 } }, ['long_context']],
  ])('of %j sees what it can do', (model, wanted) => {
    expect(readCard('m', model).capabilities).toEqual(new Set(wanted))
  })

  it.each([
    ['2027-01-31T12:00:00Z', Date.UTC(2027, 0, 31, 12)],
    ['2027-01-31T12:00:00.5+01:00', Date.UTC(2027, 0, 31, 11, 0, 0, 500)],
    [1_800_000_000, 1_800_000_000_000],
    ['2027-13-01', null],
    ['2027', null],
    ['soon', null],
    ['2027-01-31T12:00:00', null],
    [1.5e300, null],
  ])('reads the end %s', (expiration_date, wanted) => {
    expect(readCard('m', { expiration_date }).expires_at).toBe(wanted)
  })
})

describe('a catalogue', () => {
  const catalog = cardsOf({
    'openai/gpt-4o': { context_length: 1 },
    'openai/gpt-4o:free': { context_length: 2 },
    '~openai/gpt-latest': { context_length: 3 },
    'anthropic/claude-latest': { context_length: 4 },
    'qwen:8b': { context_length: 5 },
  })

  it.each([
    ['openai/gpt-4o', 1],
    ['openai/gpt-4o:free', 2],
    ['openai/gpt-4o:nitro', 1],
    ['~openai/gpt-latest', 3],
    ['~openai/gpt-latest:floor', 3],
    ['~anthropic/claude-latest', 4],
    ['~anthropic/claude-latest:online', 4],
    ['qwen:8b', 5],
    ['qwen:9b', undefined],
    ['openai/gpt-4', undefined],
    ['openai/gpt-latest', undefined],
  ])('has for %s the card of %s tokens', (model, wanted) => {
    expect(catalog.get(model)?.context_length).toBe(wanted)
  })

  it('lets the policy say some of it, and the provider the rest', () => {
    const policy = cardsOf({ m: { pricing: { prompt: '1' } }, own: { context_length: 9 } })
    const provider = cardsOf({
      m: { pricing: { prompt: '2' }, context_length: 8, supported_parameters: ['tools'] },
      'm:free': { pricing: { prompt: '0' } },
      other: { context_length: 7 },
    })
    const both = catalogOver(policy, provider)
    expect(both.get('none')).toBeUndefined()
    expect([both.get('m'), both.get('own'), both.get('other')]).toMatchObject([
      {
        id: 'm',
        pricing: { prompt: '1' },
        context_length: 8,
        capabilities: new Set(['tool_use']),
        parameters: new Set(['tools']),
      },
      { context_length: 9 },
      { context_length: 7 },
    ])
  })

  it('takes a card of the very model before one of its base', () => {
    const both = catalogOver(
      cardsOf({ m: { pricing: { prompt: '1' }, context_length: 8 } }),
      cardsOf({ 'm:free': { pricing: { prompt: '0' } } }),
    )
    expect(both.get('m:free')).toMatchObject({
      id: 'm:free',
      pricing: { prompt: '0' },
      context_length: 8,
    })
  })

  it('is the policy’s alone where the provider says nothing', () => {
    expect(catalogOver(catalog, undefined)).toBe(catalog)
  })
})

describe('unfitFor', () => {
  const card = readCard('m', {
    context_length: 1_000,
    max_completion_tokens: 200,
    supported_parameters: ['tools'],
    expiration_date: 1_000,
  })
  const needs = (tokens: number, most: number | null, ...words: Capability[]): Needs => ({
    capabilities: new Set(words),
    input_tokens: tokens,
    max_output_tokens: most,
  })

  it.each<[Needs, number, string | undefined]>([
    [needs(1_000, null, 'tool_use'), 999_999, undefined],
    [needs(1, null), 1_000_000, 'is no longer offered'],
    [needs(1, null, 'tool_use', 'vision'), 0, 'lacks `vision`'],
    [needs(1, null, 'long_context', 'reasoning'), 0, undefined],
    [needs(1_001, null), 0, 'has a context of 1000 tokens, and about 1001 are needed'],
    [needs(900, 100), 0, undefined],
    [needs(901, 100), 0, 'has a context of 1000 tokens, and about 1001 are needed'],
    [needs(1, 200), 0, undefined],
    [needs(1, 201), 0, 'answers with at most 200 tokens, and 201 are asked for'],
  ])('of %j at %d says %s', (wanted, at, fault) => {
    expect(unfitFor(card, wanted, at)).toBe(fault)
  })

  it('finds nothing against what is not known', () => {
    const all = needs(1e9, 1e9, 'vision', 'audio')
    expect([unfitFor(undefined, all, 0), unfitFor(readCard('m', {}), all, 0)]).toEqual([
      undefined,
      undefined,
    ])
  })
})
