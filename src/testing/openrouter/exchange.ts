import type { JsonObject } from '../../core/model/json.ts'
import { dollars, type FakeBill, type FakeTokens } from './bill.ts'
import type { Served } from './choose-model.ts'
import type { FakeAsk } from './read-ask.ts'
import type { Reply } from './reply.ts'

/** One request that is answered, with everything that its answer says. */
export interface Exchange {
  readonly id: string
  /** Epoch seconds. */
  readonly created: number
  readonly ask: FakeAsk
  readonly served: Served
  /** One for each choice. */
  readonly replies: readonly Reply[]
  readonly usage: Usage
  /** `openrouter_metadata`, where it was asked for. */
  readonly metadata: JsonObject | null
}

export interface Usage {
  readonly tokens: FakeTokens
  readonly bill: FakeBill
  readonly isByok: boolean
}

/** An event of a stream, before it is put into any shape. */
export interface Piece {
  readonly event?: string
  readonly data: JsonObject | '[DONE]'
  /** Characters that the model has said, with those of this piece. */
  readonly said: number
  /** The usage, and nothing else that matters. */
  readonly isUsage?: boolean
}

export function chatUsage({ tokens, bill, isByok }: Usage): JsonObject {
  return {
    prompt_tokens: tokens.prompt,
    completion_tokens: tokens.completion,
    total_tokens: tokens.prompt + tokens.completion,
    cost: dollars(bill.cost),
    is_byok: isByok,
    prompt_tokens_details: {
      cached_tokens: tokens.cached,
      cache_write_tokens: tokens.written,
      audio_tokens: 0,
      video_tokens: 0,
    },
    cost_details: {
      upstream_inference_cost: dollars(bill.upstream),
      upstream_inference_prompt_cost: dollars(bill.upstreamPrompt),
      upstream_inference_completions_cost: dollars(bill.upstreamCompletion),
    },
    completion_tokens_details: {
      reasoning_tokens: tokens.reasoning,
      audio_tokens: 0,
      image_tokens: 0,
    },
  }
}

export function responsesUsage({ tokens, bill, isByok }: Usage): JsonObject {
  return {
    input_tokens: tokens.prompt,
    input_tokens_details: { cached_tokens: tokens.cached, cache_write_tokens: tokens.written },
    output_tokens: tokens.completion,
    output_tokens_details: { reasoning_tokens: tokens.reasoning },
    total_tokens: tokens.prompt + tokens.completion,
    cost: dollars(bill.cost),
    is_byok: isByok,
    cost_details: {
      upstream_inference_cost: dollars(bill.upstream),
      upstream_inference_input_cost: dollars(bill.upstreamPrompt),
      upstream_inference_output_cost: dollars(bill.upstreamCompletion),
    },
  }
}

/** Where a model's words are cut for a stream: about one token each. */
export function fragmentsOf(text: string): readonly string[] {
  return text.match(/\s*\S{1,8}/gu) ?? (text === '' ? [] : [text])
}
