import { TIERS } from '../../model/call.ts'
import { CAPABILITIES, COMPLEXITIES, TASKS } from '../../routing/words.ts'
import {
  ANYTHING,
  count,
  filled,
  flag,
  list,
  map,
  number,
  oneOrMore,
  positive,
  type Schema,
  text,
  textOr,
  word,
} from './parts.ts'

/** Which model answers. */

const MODEL = text('A model’s id.', {
  pattern: '^[A-Za-z0-9._~:@-]{1,128}(?:/[A-Za-z0-9._~:@-]{1,128}){0,3}$',
  'x-problem': 'bad_name',
  examples: ['openai/gpt-4o-mini', 'anthropic/claude-sonnet-4.6'],
})

const SHARE = map(
  { model: MODEL, weight: positive('Its part, compared to the others.', { default: 1 }) },
  'A model and its part of the sessions.',
  ['model'],
)

const TARGET: Schema = {
  description: 'The model that answers, or several with weights.',
  type: ['string', 'array'],
  if: { type: 'array' },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { minItems: 1, items: textOr(MODEL, SHARE, 'A model, with or without a weight.') },
  else: { pattern: MODEL['pattern'] ?? '', 'x-problem': 'bad_name' },
}

const SOME = { minProperties: 1 }
const span = (of: Schema, description: string): Schema =>
  map({ min: of, max: of }, description, [], SOME)
const level = word('A level.', COMPLEXITIES)

const COMPLEXITY: Schema = {
  description: 'One level, several, or a range.',
  type: ['string', 'array', 'object'],
  if: { type: 'object' },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: {
    additionalProperties: false,
    minProperties: 1,
    properties: { min: level, max: level },
  },
  else: {
    if: { type: 'array' },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { minItems: 1, items: level },
    else: { enum: COMPLEXITIES },
  },
}

const NAMES = text('A name.')

const TIME = map(
  {
    days: filled(
      word('A day.', ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']),
      'On these days; else on every day.',
    ),
    from: text('From this time on: `HH:MM`.', {
      pattern: '^(?:[01][0-9]|2[0-3]):[0-5][0-9]$',
      'x-problem': 'bad_duration',
      default: '00:00',
    }),
    to: text('Before this time: `HH:MM` up to `24:00`. Before `from`: on the next day.', {
      pattern: '^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$',
      'x-problem': 'bad_duration',
      default: '24:00',
    }),
    timezone: text('An IANA time zone.', { default: 'UTC' }),
  },
  'On these days, between these times.',
  [],
  SOME,
)

const IF = map(
  {
    task: oneOrMore(word('A task.', TASKS), 'What is asked for.'),
    complexity: COMPLEXITY,
    capabilities_include: oneOrMore(
      word('A capability.', CAPABILITIES),
      'What the answer needs. Of several, all.',
    ),
    capabilities_all: oneOrMore(
      word('A capability.', CAPABILITIES),
      'The same as `capabilities_include`.',
    ),
    agent: oneOrMore(NAMES, 'One of these agents.'),
    user: oneOrMore(NAMES, 'One of these users.'),
    team: oneOrMore(NAMES, 'One of these teams.'),
    tenant: oneOrMore(NAMES, 'One of these tenants.'),
    role: oneOrMore(NAMES, 'One of these roles, as the caller’s identity names them.'),
    scope: oneOrMore(NAMES, 'The call is made in one of these scopes.'),
    tier: oneOrMore(word('A tier.', TIERS), 'One of these tiers.'),
    tokens: span(count('Tokens.', 0), 'Input tokens, estimated.'),
    messages_min_length: count('Messages, at least.', 0),
    messages_total_tokens_gt: count('Input tokens, more than.', 0),
    risk: span(number('Risk.'), 'The session’s risk.'),
    tainted: flag('The session has read restricted data, or can no longer prove that it has not.'),
    tainted_scopes: oneOrMore(NAMES, 'The session has read data of one of these scopes.'),
    has_tools: flag('The request offers tools.'),
    stream: flag('The request asks for a stream.'),
    response_format: oneOrMore(
      word('A format.', ['text', 'json_object', 'json_schema']),
      'The answer’s form.',
    ),
    budget: map(
      {
        remaining_usd: span(number('US dollars.'), 'What is left.'),
        remaining_share: span(number('A part.', { maximum: 1 }), 'What part of it is left.'),
      },
      'What is left of the tightest budget. Without one it does not hold.',
      [],
      SOME,
    ),
    time: TIME,
    metadata: {
      type: 'object',
      additionalProperties: oneOrMore(
        { type: ['string', 'number', 'boolean'] },
        'One of these values, compared as texts.',
      ),
      minProperties: 1,
      description: 'Keys of the request’s metadata, each with one of the values.',
    },
  },
  'When the route is taken. Every key must hold.',
  [],
  SOME,
)

const ROUTE = map(
  {
    name: text('Shown where the route is taken.'),
    if: IF,
    target: TARGET,
    fallback: list(MODEL, 'Models to try next, in order.'),
    reason: text('Why.'),
  },
  'One route. The first that holds is taken.',
  ['if', 'target'],
)

export const ROUTER_KEYS: Readonly<Record<string, Schema>> = {
  classifier: map(
    {
      model: MODEL,
      timeout_ms: count('How long it may take.', 100, { maximum: 30_000, default: 1500 }),
      max_tokens: count('Tokens of its answer.', 1, { maximum: 4096, default: 150 }),
      mode: word(
        'Who classifies: `local` is the built-in classifier, `hybrid` asks the model where that is not sure. Default: `llm` with a model, else `local`.',
        ['local', 'llm', 'hybrid'],
      ),
      fallback: list(MODEL, 'Models to try next, in order.'),
      cache_ttl_seconds: count('How long an answer is kept.', 0, { default: 3600 }),
    },
    'The cheap model that says what is asked.',
  ),
  baseline: map({ model: MODEL }, 'What every call would have cost.'),
  routes: list({ $ref: '#/definitions/route' }, 'The routes, in order.'),
  default: map(
    {
      target: TARGET,
      fallback: list(MODEL, 'Models to try next, in order.'),
      reason: text('Why.'),
    },
    'Where no route holds.',
  ),
}

const PRICE = text('US dollars a token, as a decimal.', {
  pattern: '^-?[0-9]{1,6}(?:\\.[0-9]{1,18})?$',
  'x-problem': 'bad_number',
  examples: ['0.00000015'],
})

/** As a provider lists it, null where nobody knows. */
const known = (description: string): Schema => ({
  ...count(description),
  type: ['integer', 'null'],
})

/** Other keys may stand beside these. */
const open = (properties: Readonly<Record<string, Schema>>, description: string): Schema => ({
  ...map(properties, description),
  additionalProperties: ANYTHING,
})

const MODEL_CARD = open(
  {
    context_length: known('Tokens of prompt and answer together.'),
    max_completion_tokens: known('The most tokens it answers with.'),
    top_provider: open(
      {
        context_length: known('Where `context_length` is not given.'),
        max_completion_tokens: known('Where `max_completion_tokens` is not given.'),
      },
      'What its best provider offers.',
    ),
    architecture: open(
      { input_modalities: list(text('A modality.'), 'Such as `text`, `image`, `audio`, `file`.') },
      'What goes in.',
    ),
    supported_parameters: list(text('A parameter.'), 'Such as `tools` and `structured_outputs`.'),
    pricing: open(
      { prompt: PRICE, completion: PRICE, input_cache_read: PRICE, input_cache_write: PRICE },
      'Prices: `prompt`, `completion`, `input_cache_read` and so on.',
    ),
    expiration_date: {
      type: ['string', 'number', 'null'],
      description: 'When it is gone: `YYYY-MM-DD`, a time with a zone, or seconds of the epoch.',
    },
  },
  'One model. Keys that are not named here may stand as the provider gives them.',
)

export const ROUTER = map(
  {
    ...ROUTER_KEYS,
    models: {
      type: 'object',
      additionalProperties: MODEL_CARD,
      description:
        'What is known of models, by id, as OpenRouter lists them: it comes before what the provider says.',
    },
    restricted_models: filled(
      text('A model’s id, or a glob over ids.', { examples: ['local/*', 'model:openai/gpt-4o'] }),
      'The only models that a session may use once it has read restricted data.',
    ),
    affinity: map(
      {
        enabled: flag('A session keeps its model.', true),
        margin: number('How much better another must be.'),
      },
      'How a conversation keeps its model.',
    ),
  },
  'Which model answers.',
)

export { IF as ROUTE_IF, ROUTE }
