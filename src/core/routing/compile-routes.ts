import { isMap } from '../json-kind.ts'
import type { JsonObject } from '../model/json.ts'
import { listOf, member, numberOf, textOf, textsOf } from '../policy/check/lenient.ts'
import { parseSelector, type Selector } from '../policy/selectors.ts'
import type { ModelCatalog } from './catalog.ts'
import { type Condition, compileConditions } from './compile-condition.ts'
import { catalogOf, readCard } from './read-card.ts'

/** A model and its part of the sessions. */
export interface Share {
  readonly model: string
  readonly weight: number
}

export interface CompiledRoute {
  /** As the policy calls it, else its place: `routes[2]`. */
  readonly name: string
  readonly conditions: readonly Condition[]
  /** Those of `conditions` that do not ask what the request is about. */
  readonly plain: readonly Condition[]
  readonly targets: readonly Share[]
  readonly fallbacks: readonly string[]
  /** Routes of the same models, in one order, have the same text here; such that draw by name have none. */
  readonly models: string | undefined
}

/** The policy's `router` section, ready to be asked. */
export interface CompiledRoutes {
  readonly routes: readonly CompiledRoute[]
  /** Where no route holds; undefined: the model that was asked for. */
  readonly otherwise: CompiledRoute | undefined
  readonly classifier: ClassifierSettings
  /** What every call would have cost. */
  readonly baseline: string | undefined
  readonly affinity: { readonly enabled: boolean; readonly margin: number }
  /** Where sessions that have read restricted data may go; undefined: anywhere. */
  readonly restricted: readonly Selector[] | undefined
  /** True where some route looks at what is left of a budget. */
  readonly asksBudget: boolean
  /** What the policy says of models. */
  readonly catalog: ModelCatalog
}

export interface ClassifierSettings {
  readonly mode: 'local' | 'llm' | 'hybrid'
  readonly model: string | undefined
  readonly fallbacks: readonly string[]
  readonly timeout_ms: number
  readonly max_tokens: number
  readonly cache_ttl_seconds: number
}

/** Undefined where the policy has no `router`. The schema has checked its form. */
export function compileRoutes(section: JsonObject | undefined): CompiledRoutes | undefined {
  if (section === undefined) return undefined
  const { affinity, baseline, classifier } = section
  const otherwise = compileRoute(section['default'], 'default')
  const routes = listOf(section, 'routes').map((route, index) =>
    compileRoute(route, textOf(route, 'name') ?? `routes[${index}]`),
  )
  return Object.freeze({
    routes,
    asksBudget: routes.some(({ conditions }) => conditions.some(({ key }) => key === 'budget')),
    otherwise: otherwise.targets.length + otherwise.fallbacks.length > 0 ? otherwise : undefined,
    classifier: classifierOf(classifier),
    baseline: textOf(baseline, 'model'),
    affinity: {
      enabled: member(affinity, 'enabled') !== false,
      margin: numberOf(affinity, 'margin') ?? 0,
    },
    restricted:
      section['restricted_models'] === undefined
        ? undefined
        : textsOf(section, 'restricted_models').map(modelSelector),
    catalog: policyCatalog(section),
  })
}

/** What a `router` section says of models. */
export function policyCatalog(section: unknown): ModelCatalog {
  const models = member(section, 'models')
  return catalogOf(
    Object.entries(isMap(models) ? models : {}).map(
      ([id, model]) => readCard(id, isMap(model) ? (model as JsonObject) : {}), // of parsed JSON
    ),
  )
}

function compileRoute(route: unknown, name: string): CompiledRoute {
  const conditions = compileConditions(member(route, 'if'))
  const targets = sharesOf(member(route, 'target'))
  const fallbacks = textsOf(route, 'fallback')
  return {
    name,
    conditions,
    plain: conditions.filter(({ key }) => key !== 'task' && key !== 'complexity'),
    targets,
    fallbacks,
    models: targets.length > 1 ? undefined : JSON.stringify([targets[0]?.model, ...fallbacks]),
  }
}

/** One model, or several with their weights. */
export function sharesOf(target: unknown): readonly Share[] {
  const entries: readonly unknown[] = Array.isArray(target) ? target : [target]
  return entries.flatMap((entry) => {
    const model = typeof entry === 'string' ? entry : textOf(entry, 'model')
    return model === undefined ? [] : [{ model, weight: numberOf(entry, 'weight') ?? 1 }]
  })
}

function classifierOf(given: unknown): ClassifierSettings {
  const model = textOf(given, 'model')
  const mode = textOf(given, 'mode')
  // Who names a model wants it asked; the local answer stands in where it is late.
  const usual = model === undefined ? 'local' : 'llm'
  return {
    model,
    mode: mode === 'local' || mode === 'llm' || mode === 'hybrid' ? mode : usual,
    fallbacks: textsOf(given, 'fallback'),
    timeout_ms: numberOf(given, 'timeout_ms') ?? 1_500,
    max_tokens: numberOf(given, 'max_tokens') ?? 150,
    cache_ttl_seconds: numberOf(given, 'cache_ttl_seconds') ?? 3_600,
  }
}

/** A selector of `restricted_models`: `openai/*` and `model:openai/*` mean the same there. */
export function modelSelector(text: string): Selector {
  return parseSelector(text.startsWith('model:') ? text : `model:${text}`)
}
