import type { Subject } from '../core/model/call.ts'
import { checkNames, refuseOption } from '../core/option-checks.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import type { Classifier } from '../engine/routing/classify.ts'
import type { AnswerCache } from '../openai/routing/answer-cache.ts'
import { type AttemptLimits, attemptFault } from '../openai/routing/routing.ts'
import type { RouterKey } from './keys.ts'
import { SETTLE_DELAYS_MS } from './settlement.ts'
import type { RouterUpstream } from './upstream.ts'

/** An endpoint for clients of OpenAI's API, under a policy. */
export interface RouterOptions {
  readonly engine: PolicyEngine
  readonly upstream: RouterUpstream
  /** Keys that callers present; others are answered 401. Not together with an identity provider. @default none */
  readonly keys?: readonly RouterKey[]
  /** Who calls, where neither a key nor an identity provider says it. @default anonymous */
  readonly subject?: Subject
  /** Who is asked what a request is about, where the policy wants a model to say it. @default nobody */
  readonly classifier?: Classifier
  /** Asked before a model is: `createResponseCache` makes one. For requests that are routed. @default none */
  readonly cache?: AnswerCache
  /** How often and for how long models are tried. */
  readonly attempts?: AttemptLimits
  /** Whose models those without a vendor are. @default 'openai' */
  readonly vendor?: string
  /** Most bytes of a request. @default 33554432 */
  readonly maxRequestBytes?: number
  /** Most bytes of an answer that is no stream, and of what is held back of a stream. @default 33554432 */
  readonly maxAnswerBytes?: number
  /** How long a stream may stay silent, in milliseconds. @default 120000 */
  readonly idleTimeoutMs?: number
  /** How often the upstream is asked for its models, in milliseconds. @default 600000 */
  readonly catalogueMs?: number
  /**
   * Milliseconds before each time the upstream is asked what a call has cost that broke off.
   * @default [1000, 5000, 15000, 60000, 300000, 900000]
   */
  readonly settleMs?: readonly number[]
  /** Told in words what the operator should know. @default nobody */
  readonly say?: (message: string) => void
}

const KNOWN = [
  'engine',
  'upstream',
  'keys',
  'subject',
  'classifier',
  'cache',
  'attempts',
  'vendor',
  'maxRequestBytes',
  'maxAnswerBytes',
  'idleTimeoutMs',
  'catalogueMs',
  'settleMs',
  'say',
] satisfies (keyof RouterOptions)[]

const WHAT = '`createRouter`'
const CATALOGUE_MS = 600_000
const LEAST_CATALOGUE_MS = 1_000
const MOST_MS = 2 ** 31 - 1

/** What is left open is filled in. */
export type RouterSettings = RouterOptions &
  Required<Pick<RouterOptions, 'catalogueMs' | 'settleMs' | 'say'>>

/** @throws {CallgateError} ERR_OPTIONS_INVALID */
export function routerSettings(options: RouterOptions): RouterSettings {
  checkNames(WHAT, options, KNOWN)
  checkUpstream(options.upstream)
  const { keys, engine, subject } = options
  if (keys !== undefined && !Array.isArray(keys)) refuseOption(`${WHAT}: \`keys\` is a list`)
  if (typeof (engine as PolicyEngine | undefined)?.begin !== 'function')
    refuseOption(`${WHAT}: \`engine\` is one made by \`createPolicyEngine\``)
  if ((keys !== undefined || subject !== undefined) && engine.context().identifies)
    refuseOption(
      `${WHAT}: either \`keys\` and \`subject\` say who calls, or the engine's identity provider does`,
    )
  const { cache } = options
  if (cache !== undefined && typeof cache?.answer !== 'function')
    refuseOption(`${WHAT}: \`cache\` is one made by \`createResponseCache\``)
  const fault = attemptFault(options.attempts)
  if (fault !== undefined) refuseOption(`${WHAT}: ${fault}`)
  const { catalogueMs = CATALOGUE_MS, settleMs = SETTLE_DELAYS_MS } = options
  if (!isTime(catalogueMs) || catalogueMs < LEAST_CATALOGUE_MS)
    refuseOption(`${WHAT}: \`catalogueMs\` is a whole number from ${LEAST_CATALOGUE_MS}`)
  if (!Array.isArray(settleMs) || settleMs.length > 32 || !settleMs.every(isTime))
    refuseOption(`${WHAT}: \`settleMs\` is a list of up to 32 times in milliseconds`)
  return { ...options, catalogueMs, settleMs, say: options.say ?? (() => undefined) }
}

function isTime(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= MOST_MS
}

function checkUpstream(upstream: RouterUpstream | undefined): void {
  const { baseURL, apiKey, fetch: inner } = (upstream ?? {}) as Partial<RouterUpstream> // may be anything
  if (typeof baseURL !== 'string' || !/^https?:\/\//.test(baseURL) || !URL.canParse(baseURL))
    refuseOption(
      `${WHAT}: \`upstream.baseURL\` is where the API begins, such as \`https://openrouter.ai/api/v1\``,
    )
  if (typeof apiKey !== 'function' && (typeof apiKey !== 'string' || apiKey === ''))
    refuseOption(`${WHAT}: \`upstream.apiKey\` is a text, or a function that gives it`)
  if (inner !== undefined && typeof inner !== 'function')
    refuseOption(`${WHAT}: \`upstream.fetch\` is a \`fetch\``)
}
