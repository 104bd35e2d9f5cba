import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import type { FakeModel, FakePricing } from './model.ts'

const LISTED_AT = Date.UTC(2025, 0, 1) / 1000

/** A model as `GET /models` lists it. */
export function describeModel(model: FakeModel): JsonObject {
  const { id, name, context_length, input_modalities, output_modalities } = model
  const hasReasoning = model.supported_parameters.includes('reasoning')
  return {
    id,
    canonical_slug: id,
    name,
    created: LISTED_AT,
    description: '',
    context_length,
    architecture: {
      modality: `${input_modalities.join('+')}->${output_modalities.join('+')}`,
      input_modalities,
      output_modalities,
      tokenizer: 'Other',
      instruct_type: null,
    },
    pricing: describePricing(model.pricing),
    top_provider: {
      context_length,
      max_completion_tokens: model.max_completion_tokens,
      is_moderated: false,
    },
    per_request_limits: null,
    supported_parameters: model.supported_parameters,
    default_parameters: null,
    expiration_date: model.expiration_date ?? null,
    ...(hasReasoning
      ? {
          reasoning: {
            supported_efforts: ['low', 'medium', 'high'],
            default_effort: 'medium',
            mandatory: false,
          },
        }
      : {}),
  }
}

function describePricing(pricing: FakePricing): JsonObject {
  const { overrides, ...base } = pricing
  const members = Object.entries(base).map(([name, value]): [string, JsonValue] => [name, value])
  return {
    ...Object.fromEntries(members),
    ...(overrides === undefined ? {} : { overrides: overrides.map((one) => ({ ...one })) }),
  }
}

/** What `GET /models/{author}/{slug}/endpoints` says: here each model has one. */
export function describeEndpoints(model: FakeModel): JsonObject {
  const { id, name, provider, context_length, supported_parameters } = model
  const endpoint: JsonObject = {
    name: `${provider} | ${id}`,
    model_id: id,
    provider_name: provider,
    tag: provider.toLowerCase(),
    context_length,
    max_completion_tokens: model.max_completion_tokens,
    pricing: describePricing(model.pricing),
    supported_parameters,
    status: 0,
  }
  return { data: { id, name, endpoints: [endpoint] } }
}
