/** Prices as OpenRouter lists them: decimal texts, US dollars a token, image or request. */
export interface FakePrices {
  readonly prompt?: string
  readonly completion?: string
  readonly request?: string
  readonly image?: string
  readonly internal_reasoning?: string
  readonly input_cache_read?: string
  readonly input_cache_write?: string
}

/** Prices that hold instead where all conditions are met; the last of several wins for each price. */
export interface FakeOverride extends FakePrices {
  readonly min_prompt_tokens?: number
  /** Time of day, `HH:MM`, from and up to; may go over midnight. */
  readonly utc_start?: string
  readonly utc_end?: string
}

export interface FakePricing extends FakePrices {
  readonly prompt: string
  readonly completion: string
  /** Part of the price that is not billed, from 0 to 1. */
  readonly discount?: number
  readonly overrides?: readonly FakeOverride[]
}

/** A model of the fake's catalogue: what `GET /models` says, and how it behaves. */
export interface FakeModel {
  readonly id: string
  readonly name: string
  readonly context_length: number
  readonly max_completion_tokens: number
  readonly input_modalities: readonly string[]
  readonly output_modalities: readonly string[]
  readonly supported_parameters: readonly string[]
  readonly pricing: FakePricing
  /** Date, such as `2026-12-31`; from its beginning on the model is not served. */
  readonly expiration_date?: string
  readonly provider: string
  /** Characters (UTF-16 units) that make one token. */
  readonly chars_per_token: number
  /** Words of an answer that is not scripted. */
  readonly words: number
  /** Fewest tokens of a prompt that are cached; absent: it has no prompt cache. */
  readonly cache_min_tokens?: number
  /** True where closing a stream ends the billing too. */
  readonly stops_billing: boolean
}

const CHAT = ['max_tokens', 'temperature', 'top_p', 'stop', 'seed', 'response_format']
const TOOLS = [...CHAT, 'tools', 'tool_choice', 'parallel_tool_calls', 'structured_outputs']
const REASONING = [...TOOLS, 'reasoning', 'include_reasoning']

const TEXT = {
  context_length: 128_000,
  max_completion_tokens: 16_384,
  input_modalities: ['text'],
  output_modalities: ['text'],
  supported_parameters: TOOLS,
  chars_per_token: 4,
  words: 40,
  stops_billing: true,
} as const
const SEEING = { ...TEXT, input_modalities: ['text', 'image'] }

/** Made up but for ids and shape: prices are near real ones, so that savings look like savings. */
export const FAKE_MODELS: readonly FakeModel[] = [
  {
    ...SEEING,
    id: 'openai/gpt-4o-mini',
    name: 'OpenAI: GPT-4o-mini',
    provider: 'OpenAI',
    pricing: { prompt: '0.00000015', completion: '0.0000006', input_cache_read: '0.000000075' },
    cache_min_tokens: 1024,
  },
  {
    ...SEEING,
    id: 'openai/gpt-4o',
    name: 'OpenAI: GPT-4o',
    provider: 'OpenAI',
    pricing: { prompt: '0.0000025', completion: '0.00001', input_cache_read: '0.00000125' },
    cache_min_tokens: 1024,
    words: 50,
  },
  {
    ...SEEING,
    id: 'anthropic/claude-haiku-4.5',
    name: 'Anthropic: Claude Haiku 4.5',
    provider: 'Anthropic',
    context_length: 200_000,
    supported_parameters: REASONING,
    chars_per_token: 3.5,
    pricing: {
      prompt: '0.000001',
      completion: '0.000005',
      input_cache_read: '0.0000001',
      input_cache_write: '0.00000125',
    },
    cache_min_tokens: 2048,
    words: 55,
  },
  {
    ...SEEING,
    id: 'anthropic/claude-sonnet-4.6',
    name: 'Anthropic: Claude Sonnet 4.6',
    provider: 'Anthropic',
    context_length: 1_000_000,
    supported_parameters: REASONING,
    chars_per_token: 3.5,
    pricing: {
      prompt: '0.000003',
      completion: '0.000015',
      input_cache_read: '0.0000003',
      input_cache_write: '0.00000375',
      overrides: [{ min_prompt_tokens: 200_000, prompt: '0.000006', completion: '0.0000225' }],
    },
    cache_min_tokens: 1024,
    words: 70,
  },
  {
    ...SEEING,
    id: 'google/gemini-flash-latest',
    name: 'Google: Gemini Flash',
    provider: 'Google',
    context_length: 1_048_576,
    supported_parameters: REASONING,
    chars_per_token: 4.2,
    pricing: {
      prompt: '0.0000003',
      completion: '0.0000025',
      image: '0.001238',
      internal_reasoning: '0.0000025',
    },
    stops_billing: false,
  },
  {
    ...TEXT,
    id: 'deepseek/deepseek-chat',
    name: 'DeepSeek: Chat',
    provider: 'DeepSeek',
    pricing: { prompt: '0.00000028', completion: '0.00000042', discount: 0.25 },
  },
  {
    ...TEXT,
    id: 'meta-llama/llama-3.3-70b-instruct',
    name: 'Meta: Llama 3.3 70B',
    provider: 'Groq',
    pricing: { prompt: '0.0000001', completion: '0.00000032' },
    stops_billing: false,
  },
  {
    ...TEXT,
    id: 'meta-llama/llama-3.3-70b-instruct:free',
    name: 'Meta: Llama 3.3 70B (free)',
    provider: 'Venice',
    pricing: { prompt: '0', completion: '0' },
  },
  {
    ...TEXT,
    id: 'mistralai/small-no-tools',
    name: 'Mistral: without tools, short context',
    provider: 'Mistral',
    context_length: 8_192,
    max_completion_tokens: 2_048,
    supported_parameters: CHAT,
    pricing: { prompt: '0.0000001', completion: '0.0000003', request: '0.0001' },
    stops_billing: false,
  },
  {
    ...TEXT,
    id: 'example/expired',
    name: 'Example: a model that is no longer served',
    provider: 'Example',
    pricing: { prompt: '0.000001', completion: '0.000001' },
    expiration_date: '2025-12-31',
  },
  {
    ...TEXT,
    id: 'openai/text-embedding-3-small',
    name: 'OpenAI: Text Embedding 3 Small',
    provider: 'OpenAI',
    context_length: 8_192,
    output_modalities: ['embeddings'],
    supported_parameters: [],
    pricing: { prompt: '0.00000002', completion: '0' },
  },
]
