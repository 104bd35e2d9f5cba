import { isMap } from '../../json-kind.ts'
import { type ModelUsage, readModelUsage } from './usage.ts'

/**
 * Reads what OpenRouter says of a call afterwards (`data` of `GET /generation`): how a call that broke
 * off is settled. Null where it is no such record, or says nothing that can be used.
 * @see https://openrouter.ai/docs/client-sdks/go/models/components/generationresponsedata
 */
export function readGeneration(data: unknown): ModelUsage | null {
  if (!isMap(data)) return null
  return readModelUsage({
    prompt_tokens: data['native_tokens_prompt'] ?? data['tokens_prompt'],
    completion_tokens: data['native_tokens_completion'] ?? data['tokens_completion'],
    prompt_tokens_details: { cached_tokens: data['native_tokens_cached'] },
    completion_tokens_details: {
      reasoning_tokens: data['native_tokens_reasoning'],
      image_tokens: data['native_tokens_completion_images'],
    },
    cost: data['total_cost'] ?? data['usage'],
    is_byok: data['is_byok'],
    cost_details: { upstream_inference_cost: data['upstream_inference_cost'] },
  })
}
