import { isMap, textsIn } from '../../core/json-kind.ts'
import type { JsonObject } from '../../core/model/json.ts'
import { ApiError, type FakeErrorFields, fallsBack } from './api-error.ts'
import type { ServiceTier } from './bill.ts'
import { attoDollars } from './bill.ts'
import { promptTokens } from './count-tokens.ts'
import { type FakeFault, faultOf } from './faults.ts'
import type { FakeModel } from './model.ts'
import type { FakeAsk } from './read-ask.ts'

/** The model that answers, and what was tried before. */
export interface Served {
  readonly model: FakeModel
  readonly tier: ServiceTier
  readonly faults: readonly FakeFault[]
  readonly attempts: readonly JsonObject[]
}

export interface Choice {
  readonly models: readonly FakeModel[]
  readonly faultsOf: (model: string) => readonly FakeFault[]
  /** Throws where the account may not use the model. */
  readonly admit: (model: FakeModel) => void
  readonly now: number
}

/** @throws {ApiError} the last of the errors where no model can serve */
export function chooseModel(ask: FakeAsk, choice: Choice): Served {
  const attempts: JsonObject[] = []
  const errors: FakeErrorFields[] = []
  for (const requested of ask.models) {
    try {
      const served = attempt(ask, requested, choice)
      attempts.push({ model: served.model.id, provider: served.model.provider, status: 200 })
      return { ...served, attempts }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const { status } = error.fields
      attempts.push({ model: requested, provider: null, status })
      errors.push(error.fields)
      if (!fallsBack(error.fields)) break
    }
  }
  const last = errors.at(-1) ?? { status: 500 }
  const previous = errors.slice(0, -1).map(({ status, message }) => ({
    code: status,
    message: message ?? '',
  }))
  const more: JsonObject = previous.length === 0 ? {} : { previous_errors: previous }
  throw new ApiError({ ...last, metadata: { ...more, ...last.metadata } }, attempts)
}

function attempt(ask: FakeAsk, requested: string, choice: Choice): Omit<Served, 'attempts'> {
  const faults = choice.faultsOf(requested)
  const error = faultOf(faults, 'error')
  if (error !== undefined) {
    const { kind: _, ...fields } = error
    throw new ApiError(fields)
  }
  const { model, variant } = modelOf(requested, choice.models)
  if (model.expiration_date !== undefined && Date.parse(model.expiration_date) <= choice.now)
    throw unavailable(requested, 'model_deprecated', false)
  choice.admit(model)
  checkEndpoints(ask, model, requested)
  checkFit(ask, model)
  return { model, tier: tierOf(ask, variant), faults }
}

const VARIANTS: ReadonlySet<string> = new Set([
  ...['free', 'nitro', 'floor', 'online', 'thinking', 'extended', 'exacto'],
])

/** `:free` is a model of its own, with prices of its own; other variants are ways to reach a model. */
function modelOf(
  requested: string,
  models: readonly FakeModel[],
): { model: FakeModel; variant: string | null } {
  const exact = models.find(({ id }) => id === requested)
  if (exact !== undefined) return { model: exact, variant: null }
  const [, id, variant = ''] = /^(.+):([a-z]+)$/.exec(requested) ?? []
  if (variant === 'free') throw unavailable(requested, 'free_variant_ended', false)
  const base = models.find((model) => model.id === id && VARIANTS.has(variant))
  if (base === undefined) throw unavailable(requested, 'model_not_found', false)
  return { model: base, variant }
}

function unavailable(requested: string, code: string, retryable: boolean): ApiError {
  return new ApiError({
    status: 404,
    error_type: 'not_found',
    message: `no endpoints found for ${requested}`,
    availability: { code, retryable, requested_models: [requested] },
  })
}

/** What `provider` asks for, in the one endpoint that each model has here. */
function checkEndpoints(ask: FakeAsk, model: FakeModel, requested: string): void {
  const { only, ignore, require_parameters, max_price } = ask.provider
  const name = model.provider.toLowerCase()
  const names = (value: unknown): readonly string[] => textsIn(value).map((x) => x.toLowerCase())
  const isOut =
    (only !== undefined && !names(only).includes(name)) ||
    names(ignore).includes(name) ||
    (require_parameters === true && missingParameters(ask, model).length > 0) ||
    (isMap(max_price) && isTooDear(max_price, model))
  if (isOut) throw unavailable(requested, 'constraint_filtered', false)
  // Nothing can answer a tool's call without knowing tools, whatever was asked for.
  if (ask.tools.length > 0 && !model.supported_parameters.includes('tools'))
    throw unavailable(requested, 'no_endpoints', false)
}

function missingParameters(ask: FakeAsk, model: FakeModel): readonly string[] {
  const needed = ['tools', 'reasoning', 'response_format', 'temperature', 'seed', 'stop', 'top_p']
  const asked = needed.filter((name) => ask.body[name] !== undefined)
  if (ask.format === 'json_schema') asked.push('structured_outputs')
  return asked.filter((name) => !model.supported_parameters.includes(name))
}

/** `max_price` is in dollars for a million tokens. */
function isTooDear(most: Readonly<Record<string, unknown>>, model: FakeModel): boolean {
  return (['prompt', 'completion'] as const).some((name) => {
    const limit = Number(most[name] ?? Number.POSITIVE_INFINITY)
    return Number(attoDollars(model.pricing[name])) / 1e12 > limit
  })
}

function checkFit(ask: FakeAsk, model: FakeModel): void {
  const tokens = promptTokens(ask, model)
  if (tokens + (ask.maxTokens ?? 0) > model.context_length)
    throw new ApiError({
      status: 400,
      error_type: 'context_length_exceeded',
      message: `the context holds ${model.context_length} tokens, the request needs more`,
    })
  const hasImages = ask.messages.some(({ images }) => images > 0)
  if (hasImages && !model.input_modalities.includes('image'))
    throw new ApiError({ status: 404, message: 'no endpoints found that take images' })
  const isEmbedding = model.output_modalities.includes('embeddings')
  if (isEmbedding !== (ask.surface === 'embeddings'))
    throw new ApiError({ status: 400, message: `${model.id} does not serve this endpoint` })
}

function tierOf(ask: FakeAsk, variant: string | null): ServiceTier {
  if (ask.serviceTier === 'flex' || variant === 'floor') return 'flex'
  const isFast = ask.serviceTier === 'priority' || ask.serviceTier === 'fast'
  return isFast || variant === 'nitro' ? 'priority' : 'default'
}
