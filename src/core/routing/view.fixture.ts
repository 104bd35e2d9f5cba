import * as fc from 'fast-check'
import type { Subject } from '../model/call.ts'
import type { JsonObject } from '../model/json.ts'
import type { ModelCatalog } from './catalog.ts'
import { type CompiledRoutes, compileRoutes } from './compile-routes.ts'
import type { Classification, ModelRequest } from './model-request.ts'
import { catalogOf, readCard } from './read-card.ts'
import type { RouteBudget, RouteSession, RouteView } from './route-view.ts'
import { CAPABILITIES, COMPLEXITIES, TASKS } from './words.ts'

export interface ViewParts {
  readonly request?: Partial<ModelRequest>
  readonly classification?: Partial<Classification>
  readonly subject?: Partial<Subject>
  readonly scope?: string
  readonly session?: Partial<RouteSession>
  readonly budget?: RouteBudget
  readonly at?: number
}

/** A view of a plain question, with what is given in its place. */
export function viewOf(parts: ViewParts = {}): RouteView {
  return {
    request: { ...REQUEST, ...parts.request },
    classification: { ...CLASSIFICATION, ...parts.classification },
    subject: { agent: 'support-bot', ...parts.subject },
    scope: parts.scope,
    session: { id: 's', risk: 0, tainted: false, scopes: new Set(), ...parts.session },
    budget: parts.budget,
    at: parts.at ?? Date.UTC(2026, 2, 2, 12),
  }
}

const REQUEST: ModelRequest = {
  surface: 'chat',
  model: 'asked/for',
  alternatives: [],
  messages: [{ role: 'user', text: 'hello' }],
  tools: [],
  capabilities: new Set(),
  stream: false,
  response_format: 'text',
  input_tokens: 10,
  max_output_tokens: null,
  temperature: null,
  metadata: {},
  conversation: null,
  bound_to_vendor: false,
}

const CLASSIFICATION: Classification = {
  task: 'unknown',
  complexity: 'medium',
  score: 0.5,
  confidence: 0,
  by: 'none',
}

export function routesOf(section: JsonObject): CompiledRoutes {
  const routes = compileRoutes(section)
  if (routes === undefined) throw new Error('a section was given')
  return routes
}

/** What OpenRouter would say of models, by id. */
export function cardsOf(models: Readonly<Record<string, JsonObject>>): ModelCatalog {
  return catalogOf(Object.entries(models).map(([id, model]) => readCard(id, model)))
}

// Few words of each kind, so that tests hold about as often as not.
const NAMES = ['a', 'b', 'c']
const MODELS = ['x/one', 'x/two', 'y/three', 'y/four:free', 'z/five']
const TOKENS = [0, 100, 5_000, 100_000]
const name = fc.constantFrom(...NAMES)
const model = fc.constantFrom(...MODELS)
const task = fc.constantFrom(...TASKS.slice(0, 3))
const level = fc.constantFrom(...COMPLEXITIES)
const capability = fc.constantFrom(...CAPABILITIES)
const tier = fc.constantFrom('user', 'admin', 'mcp')
const format = fc.constantFrom('text', 'json_object', 'json_schema')
const value = fc.constantFrom<string | number | boolean>('1', 1, 'true', true, 'gold')
const tokens = fc.constantFrom(...TOKENS)
const share = fc.constantFrom(0, 0.25, 0.5, 1)
const clock = fc.constantFrom('00:00', '06:00', '12:30', '22:00')

function listOf<T>(one: fc.Arbitrary<T>, most = 3): fc.Arbitrary<T[]> {
  return fc.uniqueArray(one, { minLength: 1, maxLength: most })
}

function oneOrMore<T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> {
  return fc.oneof(one, listOf(one))
}

function spanOf(one: fc.Arbitrary<number>): fc.Arbitrary<JsonObject> {
  const both = fc.tuple(one, one).map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) }))
  return fc.oneof(both, fc.record({ min: one }), fc.record({ max: one }))
}

const time = fc.record(
  {
    days: listOf(fc.constantFrom('mon', 'tue', 'sat', 'sun')),
    from: clock,
    to: fc.constantFrom('03:00', '13:00', '24:00'),
    timezone: fc.constantFrom('UTC', 'Asia/Kolkata', 'America/New_York'),
  },
  { requiredKeys: [] },
)

const KEYS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  task: oneOrMore(task),
  complexity: fc.oneof(
    oneOrMore(level),
    fc.constantFrom({ min: 'medium' }, { max: 'medium' }, { min: 'medium', max: 'medium' }),
  ),
  capabilities_include: oneOrMore(capability),
  capabilities_all: oneOrMore(capability),
  agent: oneOrMore(name),
  user: oneOrMore(name),
  team: oneOrMore(name),
  tenant: oneOrMore(name),
  role: oneOrMore(name),
  scope: oneOrMore(name),
  tier: oneOrMore(tier),
  tokens: spanOf(tokens),
  messages_min_length: fc.integer({ min: 0, max: 3 }),
  messages_total_tokens_gt: tokens,
  risk: spanOf(fc.constantFrom(0, 30, 60)),
  tainted: fc.boolean(),
  tainted_scopes: oneOrMore(name),
  has_tools: fc.boolean(),
  stream: fc.boolean(),
  response_format: oneOrMore(format),
  budget: fc.oneof(
    fc.record({ remaining_usd: spanOf(fc.constantFrom(0, 1, 5)) }),
    fc.record({ remaining_share: spanOf(share) }),
    fc.record({ remaining_usd: spanOf(fc.constantFrom(0, 1, 5)), remaining_share: spanOf(share) }),
  ),
  time,
  metadata: fc.dictionary(name, oneOrMore(value), { minKeys: 1, maxKeys: 2 }),
}

/** One to three keys of an `if`; of a few keys more often than of the rest, so that tests meet. */
export const testArbitrary: fc.Arbitrary<JsonObject> = fc
  .uniqueArray(
    fc.oneof(
      fc.constantFrom('task', 'complexity', 'tokens', 'capabilities_include'),
      fc.constantFrom(...Object.keys(KEYS)),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .chain((keys) =>
    fc.record(Object.fromEntries(keys.map((key) => [key, KEYS[key] ?? fc.constant(null)]))),
  )
  .map((test) => test as JsonObject) // of the values above

const target = fc.oneof(
  { weight: 3, arbitrary: model },
  {
    weight: 1,
    arbitrary: fc.uniqueArray(
      fc.record({ model, weight: fc.constantFrom(1, 2, 9) }, { requiredKeys: ['model'] }),
      { minLength: 1, maxLength: 3, selector: (one) => one.model },
    ),
  },
)

/** A route without a name is called by its place. */
export const routeArbitrary: fc.Arbitrary<JsonObject> = fc
  .record(
    { name, if: testArbitrary, target, fallback: fc.array(model, { maxLength: 3 }) },
    { requiredKeys: ['if', 'target'] },
  )
  .map((route) => route as JsonObject) // of the values above

export const sectionArbitrary: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      routes: fc.array(routeArbitrary, { maxLength: 6 }),
      default: fc.record({ target, fallback: fc.array(model, { maxLength: 2 }) }),
      restricted_models: listOf(
        fc.constantFrom('x/*', 'model:y/three', 'asked/for', 'model:z/*', 'y/four:free'),
      ),
    },
    { requiredKeys: ['routes'] },
  )
  .map((section) => section as JsonObject) // of the values above

export const classificationArbitrary: fc.Arbitrary<Classification> = fc.record({
  task: fc.oneof(task, fc.constant('unknown' as const)),
  complexity: level,
  score: fc.constant(0.5),
  confidence: fc.constant(1),
  by: fc.constant('local' as const),
})

const request = fc
  .record({
    model: fc.constantFrom('asked/for', 'x/one', null),
    alternatives: fc.array(model, { maxLength: 2 }),
    messages: fc.array(fc.constant({ role: 'user' as const, text: 'hello' }), { maxLength: 4 }),
    tools: fc.array(name, { maxLength: 1 }),
    capabilities: fc.uniqueArray(capability, { maxLength: 4 }).map((list) => new Set(list)),
    stream: fc.boolean(),
    response_format: fc.constantFrom('text' as const, 'json_object' as const),
    input_tokens: tokens,
    max_output_tokens: fc.constantFrom(null, 100, 50_000),
    metadata: fc.dictionary(name, value, { maxKeys: 2 }),
  })
  .map((parts): ModelRequest => ({ ...REQUEST, ...parts }))

const subject = fc.record(
  {
    agent: name,
    user: name,
    team: name,
    tenant: name,
    tier: fc.constantFrom('user' as const, 'admin' as const, 'mcp' as const),
    roles: fc.array(name, { maxLength: 2 }),
  },
  { requiredKeys: ['agent'] },
)

export const viewArbitrary: fc.Arbitrary<RouteView> = fc.record({
  request,
  classification: classificationArbitrary,
  subject,
  scope: fc.option(name, { nil: undefined }),
  session: fc.record({
    id: fc.string(),
    risk: fc.constantFrom(0, 30, 45, 100),
    tainted: fc.boolean(),
    scopes: fc.uniqueArray(name, { maxLength: 2 }).map((list) => new Set(list)),
  }),
  budget: fc.option(
    fc.record({ remaining_usd: fc.constantFrom(0, 1, 3), remaining_share: share }),
    { nil: undefined },
  ),
  // Two weeks of March and the night in which Europe and America have other hours.
  at: fc.integer({ min: Date.UTC(2026, 2, 1), max: Date.UTC(2026, 2, 15) }),
})

export const catalogArbitrary: fc.Arbitrary<ModelCatalog> = fc
  .dictionary(
    fc.constantFrom('x/one', 'x/two', 'y/three', 'y/four'),
    fc.record(
      {
        context_length: fc.constantFrom(4_000, 128_000),
        max_completion_tokens: fc.constantFrom(100, 64_000),
        supported_parameters: fc.subarray(['tools', 'response_format', 'reasoning']),
        expiration_date: fc.constantFrom('2026-03-07', null),
      },
      { requiredKeys: [] },
    ),
  )
  .map((models) => cardsOf(models as Readonly<Record<string, JsonObject>>)) // of the values above
