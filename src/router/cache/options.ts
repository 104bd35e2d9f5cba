import type { MaybePromise } from '../../core/model/json.ts'
import { checkNames, refuseOption } from '../../core/option-checks.ts'
import type { Embedder } from './semantic/ngram-embedder.ts'

export interface ResponseCacheOptions {
  /**
   * Routes whose answers are given again whatever the temperature. Of all others only those that were
   * asked for at temperature 0.
   * @default []
   */
  readonly routes?: readonly string[]
  /**
   * `user`: an answer is given again to the same agent for the same user. `scopes`: to everybody of the
   * same tenant with the same tier, scopes, roles, groups, team and department.
   * @default 'user'
   */
  readonly sharedBy?: 'user' | 'scopes'
  /** Tools by which nothing is read or done: offering them keeps no answer out. @default [] */
  readonly harmlessTools?: readonly string[]
  /** How long an answer is given again, in seconds. @default 3600 */
  readonly ttlSeconds?: number
  /** What all of it may take up, in bytes. @default 67108864 */
  readonly maxBytes?: number
  /** An answer whose body is longer is not kept. @default 262144 */
  readonly maxAnswerBytes?: number
  /** How long who asks the same at the same time waits, in milliseconds. @default 30000 */
  readonly waitMs?: number
  /** Answers to questions that mean the same. @default off */
  readonly semantic?: SemanticOptions
  /** Epoch milliseconds. @default the system's clock */
  readonly clock?: { now(): number }
}

export interface SemanticOptions {
  /**
   * `shadow`: look it up, ask the model all the same, and compare. `serve`: the same, until it is known
   * that false hits are rarer than `maxFalseHits`; then give such answers.
   */
  readonly mode: 'shadow' | 'serve'
  readonly embed: Embedder
  /** How near two questions must be, as the cosine of their vectors. @default 0.9 */
  readonly threshold?: number
  /** The share of false hits that a route may have, by its upper bound. @default 0.01 */
  readonly maxFalseHits?: number
  /** How sure that bound is. @default 0.95 */
  readonly confidence?: number
  /** Of the hits of a route that may serve, every so many-th is compared all the same. @default 10 */
  readonly recheckEvery?: number
  /** How long the embedder may take, in milliseconds. @default 1000 */
  readonly embedTimeoutMs?: number
  /** Most questions that one is compared with. @default 1000 */
  readonly maxQuestions?: number
  /** Whether two answers say the same. @default the same words, numbers and negations, nearly */
  readonly sameAnswer?: (kept: string, fresh: string) => MaybePromise<boolean>
}

type Filled<T, Optional extends keyof T = never> = Required<Omit<T, Optional>> & Pick<T, Optional>
export type CacheSettings = Filled<Omit<ResponseCacheOptions, 'semantic'>> & {
  readonly semantic: SemanticSettings | undefined
}
export type SemanticSettings = Filled<SemanticOptions, 'sameAnswer'>

const MEBIBYTE = 1024 * 1024
const DEFAULTS = {
  routes: [],
  sharedBy: 'user',
  harmlessTools: [],
  ttlSeconds: 3_600,
  maxBytes: 64 * MEBIBYTE,
  maxAnswerBytes: MEBIBYTE / 4,
  waitMs: 30_000,
  clock: { now: () => Date.now() },
} as const satisfies Omit<CacheSettings, 'semantic'>
const SEMANTIC_DEFAULTS = {
  threshold: 0.9,
  maxFalseHits: 0.01,
  confidence: 0.95,
  recheckEvery: 10,
  embedTimeoutMs: 1_000,
  maxQuestions: 1_000,
} as const

const KNOWN = [...Object.keys(DEFAULTS), 'semantic']
const KNOWN_SEMANTIC = [...Object.keys(SEMANTIC_DEFAULTS), 'mode', 'embed', 'sameAnswer']

/** @throws {CallgateError} ERR_OPTIONS_INVALID */
export function cacheSettings(options: ResponseCacheOptions): CacheSettings {
  checkNames(WHAT, options, KNOWN)
  const { semantic, ...rest } = options
  const settings = { ...DEFAULTS, ...given(rest) }
  for (const name of ['ttlSeconds', 'maxBytes', 'maxAnswerBytes', 'waitMs'] as const)
    positive(name, settings[name])
  if (settings.sharedBy !== 'user' && settings.sharedBy !== 'scopes')
    refuse('`sharedBy` is `user` or `scopes`')
  for (const name of ['routes', 'harmlessTools'] as const)
    if (!Array.isArray(settings[name])) refuse(`\`${name}\` is a list of names`)
  return { ...settings, semantic: semantic === undefined ? undefined : semanticSettings(semantic) }
}

function semanticSettings(options: SemanticOptions): SemanticSettings {
  checkNames(`${WHAT}: \`semantic\``, options, KNOWN_SEMANTIC)
  const settings = { ...SEMANTIC_DEFAULTS, ...given(options) }
  const { mode, embed, sameAnswer } = settings
  if (mode !== 'shadow' && mode !== 'serve') refuse('`mode` is `shadow` or `serve`')
  if (typeof embed !== 'function') refuse('`embed` is a function from texts to vectors')
  if (mode === 'serve' && embed.hints_only === true)
    refuse('`serve` needs an embedder that knows meanings: this one is for `shadow` alone')
  if (sameAnswer !== undefined && typeof sameAnswer !== 'function')
    refuse('`sameAnswer` is a function of two answers')
  for (const name of ['recheckEvery', 'embedTimeoutMs', 'maxQuestions'] as const)
    positive(name, settings[name])
  for (const name of ['threshold', 'maxFalseHits', 'confidence'] as const)
    if (!(settings[name] > 0 && settings[name] < 1)) refuse(`\`${name}\` is between 0 and 1`)
  return settings
}

const WHAT = '`createResponseCache`'

function refuse(fault: string): never {
  return refuseOption(`${WHAT}: ${fault}`)
}

function positive(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value <= 0) refuse(`\`${name}\` is a whole number above 0`)
}

/** An option that is undefined is not given. */
function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, one]) => one !== undefined)) as T // its own members
}
