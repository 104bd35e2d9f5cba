import { sha256Hex } from '../../core/hash.ts'
import type { JsonObject } from '../../core/model/json.ts'
import { ApiError, errorHeaders, errorMember, type FakeErrorFields } from './api-error.ts'
import { billOf, type FakeTerms, FREE } from './bill.ts'
import { chooseModel, type Served } from './choose-model.ts'
import { promptTokens } from './count-tokens.ts'
import type { Exchange, Usage } from './exchange.ts'
import type { FakeState, Incoming } from './fake-state.ts'
import { faultOf } from './faults.ts'
import { type FakeAsk, type FakeSurface, readAsk } from './read-ask.ts'
import { EMPTY_REPLY, type Reply, replyOf } from './reply.ts'
import { respond } from './respond.ts'
import { cacheKeyOf, cacheWishOf } from './response-cache.ts'

/** Answers a request for inference. */
export function infer(
  fake: FakeState,
  surface: FakeSurface,
  body: JsonObject,
  incoming: Incoming,
): Response {
  const id = `gen-${sha256Hex(`${fake.seed}|${fake.nextOrdinal()}|${incoming.text}`).slice(0, 24)}`
  incoming.record.id = id
  try {
    const ask = readAsk(surface, body, incoming.headers.get('x-session-id'))
    if (surface === 'responses') checkStateless(body)
    return answer(fake, ask, id, incoming)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const more =
      hasMetadata(incoming) && error.fields.status !== 500
        ? { openrouter_metadata: describeAttempts(body, error.attempts) }
        : {}
    return errorResponse(error.fields, { 'x-generation-id': id }, more)
  }
}

/** An error before the first token. */
export function errorResponse(
  fields: FakeErrorFields,
  headers: Readonly<Record<string, string>> = {},
  more: JsonObject = {},
): Response {
  const { status, own = false } = fields
  const limits = own ? limitHeaders(fields) : {}
  return Response.json(
    { error: errorMember(fields), ...more, user_id: 'user_fake' },
    { status, headers: { ...headers, ...limits, ...errorHeaders(fields) } },
  )
}

/** Only of OpenRouter's own 429. */
function limitHeaders({ status, metadata }: FakeErrorFields): Record<string, string> {
  if (status !== 429) return {}
  const given = metadata?.['headers']
  const named = typeof given === 'object' && given !== null ? Object.entries(given) : []
  const usual = { 'X-RateLimit-Limit': '20', 'X-RateLimit-Remaining': '0' }
  return { ...usual, ...Object.fromEntries(named.map(([name, value]) => [name, String(value)])) }
}

/** There are no conversations on the other side. */
function checkStateless(body: JsonObject): void {
  if (body['store'] === true)
    throw new ApiError({ status: 400, own: true, message: 'store: only false is supported' })
  if ((body['previous_response_id'] ?? null) !== null)
    throw new ApiError({ status: 400, own: true, message: 'previous_response_id is not supported' })
}

function answer(fake: FakeState, ask: FakeAsk, id: string, incoming: Incoming): Response {
  const now = fake.now()
  const wish = cacheWishOf(incoming.headers)
  const cacheKey = cacheKeyOf(incoming.key, incoming.path, ask.models[0] ?? '', incoming.text)
  const hit = fake.responseCache.get(cacheKey, wish, now)
  if (hit !== undefined) {
    const { exchange } = hit
    const again = { ...exchange, id, usage: NOTHING_USED, metadata: null }
    return respond(fake, again, termsOf(fake, exchange.served, now), incoming, {
      'x-openrouter-cache-status': 'HIT',
      'x-openrouter-cache-age': String(Math.floor((now - hit.at) / 1000)),
      'x-openrouter-cache-source-id': exchange.id,
    })
  }
  const served = chooseModel(ask, {
    models: fake.models,
    faultsOf: (model) => fake.faults.of(ask, model, incoming.path),
    admit: (model) => incoming.account.admit(model, now),
    now,
  })
  const terms = termsOf(fake, served, now)
  const replies = repliesOf(fake, ask, served)
  const exchange: Exchange = {
    id,
    created: Math.floor(now / 1000),
    ask,
    served,
    replies,
    usage: usageOf(fake, ask, served, replies, terms, incoming.key),
    metadata: hasMetadata(incoming)
      ? describeAttempts(ask.body, served.attempts, served, terms.isByok)
      : null,
  }
  // What went wrong is never kept.
  if (served.faults.length === 0) fake.responseCache.set(cacheKey, wish, exchange, now)
  const headers = wish.isWanted ? { 'x-openrouter-cache-status': 'MISS' } : {}
  return respond(fake, exchange, terms, incoming, headers)
}

const NOTHING_USED: Usage = {
  tokens: { prompt: 0, cached: 0, written: 0, completion: 0, reasoning: 0, images: 0 },
  bill: FREE,
  isByok: false,
}

function termsOf(fake: FakeState, { model, tier }: Served, at: number): FakeTerms {
  return { isByok: fake.byok.has(model.id.split('/')[0] ?? ''), tier, at }
}

function repliesOf(fake: FakeState, ask: FakeAsk, served: Served): readonly Reply[] {
  if (ask.surface === 'embeddings') return []
  if (faultOf(served.faults, 'empty') !== undefined) return [EMPTY_REPLY]
  const { model } = served
  const given = fake.nextAnswer(ask, model.id)
  const count = ask.surface === 'responses' ? 1 : ask.n
  const seed = `${fake.seed}|${model.id}|${ask.lastUser}`
  return Array.from({ length: count }, (_, index) => replyOf(given, ask, model, `${seed}|${index}`))
}

function usageOf(
  fake: FakeState,
  ask: FakeAsk,
  served: Served,
  replies: readonly Reply[],
  terms: FakeTerms,
  key: string,
): Usage {
  const sum = (value: (reply: Reply) => number): number =>
    replies.reduce((total, reply) => total + value(reply), 0)
  const tokens = {
    prompt: promptTokens(ask, served.model),
    ...fake.promptCache.take(key, ask, served.model, terms.at),
    completion: sum((reply) => reply.tokens),
    reasoning: sum((reply) => reply.reasoningTokens),
    images: ask.messages.reduce((total, { images }) => total + images, 0),
  }
  const isInsured =
    ask.surface !== 'embeddings' &&
    (faultOf(served.faults, 'error_event') !== undefined ||
      faultOf(served.faults, 'error_in_200') !== undefined ||
      replies.every(({ finish }) => finish === 'error') ||
      (tokens.completion === 0 && replies.every(({ finish }) => finish === null)))
  return {
    tokens,
    bill: isInsured ? FREE : billOf(served.model, tokens, terms),
    isByok: terms.isByok,
  }
}

function hasMetadata({ headers }: Incoming): boolean {
  return headers.get('x-openrouter-metadata') === 'enabled'
}

function describeAttempts(
  body: JsonObject,
  attempts: readonly JsonObject[],
  served?: Served,
  isByok = false,
): JsonObject {
  return {
    requested: body['model'] ?? null,
    strategy: attempts.length > 1 ? 'fallback' : 'direct',
    region: 'test',
    attempt: attempts.length,
    attempts,
    endpoints:
      served === undefined ? [] : [{ model: served.model.id, provider: served.model.provider }],
    is_byok: isByok,
    pipeline: [],
  }
}
