import { isList, isMap, textsIn } from '../json-kind.ts'
import type { JsonObject } from '../model/json.ts'
import { member } from '../policy/check/lenient.ts'
import type { ModelCard, ModelCatalog } from './catalog.ts'
import { type Capability, LONG_CONTEXT } from './words.ts'

/**
 * What OpenRouter's list of models says of one, also where a policy says it in that form. What is
 * absent or of another type is not known.
 * @see https://openrouter.ai/docs/api-reference/models/get-models
 */
export function readCard(id: string, model: JsonObject): ModelCard {
  const top = model['top_provider']
  const context = countOf(model['context_length']) ?? countOf(member(top, 'context_length'))
  const pricing = model['pricing']
  return Object.freeze({
    id,
    context_length: context,
    max_output_tokens:
      countOf(model['max_completion_tokens']) ?? countOf(member(top, 'max_completion_tokens')),
    capabilities: capabilitiesOf(model, context),
    parameters: parametersOf(model),
    expires_at: expiryOf(model['expiration_date']),
    pricing: isMap(pricing) ? (pricing as JsonObject) : null, // a member of parsed JSON
  })
}

const BY_PARAMETER: ReadonlyMap<string, Capability> = new Map([
  ['tools', 'tool_use'],
  ['structured_outputs', 'json'],
  ['response_format', 'json'],
  ['reasoning', 'reasoning'],
])
const BY_MODALITY: ReadonlyMap<string, Capability> = new Map([
  ['image', 'vision'],
  ['audio', 'audio'],
  ['file', 'file'],
])

/** Null where it says neither what it takes in nor what can be asked of it. */
function capabilitiesOf(model: JsonObject, context: number | null): ReadonlySet<Capability> | null {
  const modalities = member(model['architecture'], 'input_modalities')
  const parameters = model['supported_parameters']
  if (!isList(modalities) && !isList(parameters)) return null
  const named = [
    ...textsIn(modalities).map((word) => BY_MODALITY.get(word)),
    ...textsIn(parameters).map((word) => BY_PARAMETER.get(word)),
    context !== null && context >= LONG_CONTEXT ? ('long_context' as const) : undefined,
  ]
  return new Set(named.filter((one) => one !== undefined))
}

function parametersOf(model: JsonObject): ReadonlySet<string> | null {
  const parameters = model['supported_parameters']
  return isList(parameters) ? new Set(textsIn(parameters)) : null
}

const DAY_OR_TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/

/** Epoch milliseconds of a day (its start in UTC), a time with a zone, or seconds of the epoch; else null. */
export function expiryOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value * 1_000) ? value * 1_000 : null
  if (typeof value !== 'string' || !DAY_OR_TIME.test(value)) return null
  const time = Date.parse(value)
  return Number.isNaN(time) ? null : time
}

function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null
}

/** Cards by id. One that is not listed goes by the model it is a variant of: `openai/gpt-4o:nitro`. */
export function catalogOf(cards: Iterable<ModelCard>): ModelCatalog {
  const byId = new Map([...cards].map((card) => [card.id, card]))
  return { get: (model) => byId.get(model) ?? cardOfBase(byId, model) }
}

function cardOfBase(byId: ReadonlyMap<string, ModelCard>, model: string): ModelCard | undefined {
  const isAlias = model.startsWith('~')
  if (!isAlias && !model.includes(':')) return undefined
  const base = model.replace(/:[a-z]+$/, '')
  return byId.get(base) ?? (isAlias ? byId.get(base.slice(1)) : undefined)
}

/**
 * What the first says comes first, field by field: a policy that gives a price leaves the rest to the
 * provider. A card of the very model comes before one of the model it is a variant of.
 */
export function catalogOver(first: ModelCatalog, second: ModelCatalog | undefined): ModelCatalog {
  if (second === undefined) return first
  return {
    get(model) {
      const [one, other] = [first.get(model), second.get(model)]
      if (one === undefined || other === undefined) return one ?? other
      return other.id === model && one.id !== model ? over(other, one) : over(one, other)
    },
  }
}

function over(first: ModelCard, second: ModelCard): ModelCard {
  return {
    id: first.id,
    context_length: first.context_length ?? second.context_length,
    max_output_tokens: first.max_output_tokens ?? second.max_output_tokens,
    capabilities: first.capabilities ?? second.capabilities,
    parameters: first.parameters ?? second.parameters,
    expires_at: first.expires_at ?? second.expires_at,
    pricing: first.pricing ?? second.pricing,
  }
}
