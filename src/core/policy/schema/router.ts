import { TIERS } from '../../model/call.ts'
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

export const TASKS = [
  'classification',
  'code',
  'conversation',
  'creative',
  'math',
  'other',
  'qa',
  'rag',
  'reasoning',
  'summarization',
  'tool_use',
  'translation',
  'vision',
] as const
export const COMPLEXITIES = ['low', 'medium', 'high'] as const
export const CAPABILITIES = [
  'vision',
  'audio',
  'tool_use',
  'long_context',
  'reasoning',
  'json',
] as const

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

const span = (of: Schema, description: string): Schema => map({ min: of, max: of }, description)
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

const IF = map(
  {
    task: oneOrMore(word('A task.', TASKS), 'What is asked for.'),
    complexity: COMPLEXITY,
    capabilities_include: oneOrMore(word('A capability.', CAPABILITIES), 'What the answer needs.'),
    capabilities_all: oneOrMore(
      word('A capability.', CAPABILITIES),
      'The same as `capabilities_include`.',
    ),
    agent: oneOrMore(NAMES, 'One of these agents.'),
    user: oneOrMore(NAMES, 'One of these users.'),
    team: oneOrMore(NAMES, 'One of these teams.'),
    tenant: oneOrMore(NAMES, 'One of these tenants.'),
    role: oneOrMore(NAMES, 'One of these roles.'),
    scope: oneOrMore(NAMES, 'One of these scopes.'),
    tier: oneOrMore(word('A tier.', TIERS), 'One of these tiers.'),
    tokens: span(count('Tokens.', 0), 'Input tokens, estimated.'),
    messages_min_length: count('Messages, at least.', 0),
    messages_total_tokens_gt: count('Input tokens, more than.', 0),
    risk: span(number('Risk.'), 'The session’s risk.'),
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
        remaining_share: span(number('A part.', { maximum: 1 }), 'What is left.'),
      },
      'What is left of the budget.',
    ),
    time: map(
      {
        days: filled(
          word('A day.', ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']),
          'On these days.',
        ),
        from: text('From this time on: `HH:MM`.', {
          pattern: '^(?:[01][0-9]|2[0-3]):[0-5][0-9]$',
          'x-problem': 'bad_duration',
        }),
        to: text('Before this time: `HH:MM`.', {
          pattern: '^(?:[01][0-9]|2[0-3]):[0-5][0-9]$',
          'x-problem': 'bad_duration',
        }),
        timezone: text('An IANA time zone.', { default: 'UTC' }),
      },
      'When.',
    ),
    metadata: {
      type: 'object',
      additionalProperties: oneOrMore(
        { type: ['string', 'number', 'boolean'] },
        'One of these values.',
      ),
      description: 'Keys of the request’s metadata.',
    },
  },
  'When the route is taken. Every key must hold.',
  [],
  { minProperties: 1 },
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
      mode: word('Who classifies.', ['local', 'llm', 'hybrid']),
      fallback: list(MODEL, 'Models to try next, in order.'),
      cache_ttl_seconds: count('How long an answer is kept.', 0),
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

export const ROUTER = map(
  {
    ...ROUTER_KEYS,
    models: {
      type: 'object',
      additionalProperties: ANYTHING,
      description: 'Prices and capabilities by model.',
    },
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
