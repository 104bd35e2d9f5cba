import type { Credentials, Subject } from '../core/model/call.ts'
import { CallgateError } from '../core/model/errors.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import type { Classifier } from '../engine/routing/classify.ts'
import type { OpenAIContext } from './context.ts'
import { type AttemptLimits, attemptFault } from './routing/routing.ts'

/** How requests to models are governed. */
export interface GovernedFetchOptions {
  /** Who calls, said by the host's own code. @default that of `engine.run` */
  readonly subject?: Subject | ((context: OpenAIContext) => Subject)
  /** @default that of `engine.run`, else one for each client */
  readonly session?: string | ((context: OpenAIContext) => string)
  /** What proves who calls, for an engine with an identity provider. Asked once a request. */
  readonly credentials?: (context: OpenAIContext) => Credentials | undefined
  /**
   * The resource of a function that a model proposes to call.
   * @default the catalogue's entry of that name, else `server__tool` as `server.tool`, else the name
   */
  readonly resourceOf?: (name: string) => string | undefined
  /** Whose models those without a vendor are, and the server of everything else. @default 'openai' */
  readonly vendor?: string
  /**
   * `strip`: each tool call that a model proposes is judged, and taken out of the answer where it is
   * denied. `off`: answers keep all of them.
   * @default 'strip'
   */
  readonly toolCalls?: 'strip' | 'off'
  /**
   * Choose the model by the policy's `router`, and another one where it fails. A policy without that
   * section leaves the model that is asked for. What was tried is not tried again by the client.
   * @default false
   */
  readonly route?: boolean
  /** Who is asked what a request is about, for `route`. @default nobody: it is found out here */
  readonly classifier?: Classifier
  /** How often and for how long models are tried, for `route`. */
  readonly attempts?: AttemptLimits
  /** Where the API begins. @default the client's own, else what ends with `/v1` or the like */
  readonly baseURL?: string
  /** Most bytes of a request. @default 33554432 */
  readonly maxRequestBytes?: number
  /** Most bytes of an answer that is no stream, and of what is held back of a stream. @default 33554432 */
  readonly maxAnswerBytes?: number
  /** How long a stream may stay silent, in milliseconds. @default 120000 */
  readonly idleTimeoutMs?: number
}

export interface WrapOpenAIOptions extends Omit<GovernedFetchOptions, 'baseURL'> {
  /** Guard a copy, and leave the client as it is. Needs openai 5 or later. @default false */
  readonly clone?: boolean
}

/** Options with nothing left open. */
export interface OpenAISettings
  extends Pick<GovernedFetchOptions, 'subject' | 'session' | 'credentials' | 'resourceOf'>,
    Required<
      Pick<
        GovernedFetchOptions,
        'vendor' | 'toolCalls' | 'maxRequestBytes' | 'maxAnswerBytes' | 'idleTimeoutMs'
      >
    > {}

const MEBIBYTE = 1024 * 1024
const DEFAULTS = {
  vendor: 'openai',
  toolCalls: 'strip',
  maxRequestBytes: 32 * MEBIBYTE,
  maxAnswerBytes: 32 * MEBIBYTE,
  idleTimeoutMs: 120_000,
} as const

const KNOWN = [
  'subject',
  'session',
  'credentials',
  'resourceOf',
  'vendor',
  'toolCalls',
  'route',
  'classifier',
  'attempts',
  'baseURL',
  'maxRequestBytes',
  'maxAnswerBytes',
  'idleTimeoutMs',
  'clone',
] satisfies (keyof GovernedFetchOptions | keyof WrapOpenAIOptions)[]

const VENDOR = /^[A-Za-z0-9_-]{1,64}$/
const POSITIVE = ['maxRequestBytes', 'maxAnswerBytes', 'idleTimeoutMs'] as const

/**
 * Refuses options that are wrong or unknown: a misspelt one would quietly not protect.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function settingsOf(
  what: 'wrapOpenAIClient' | 'governedFetch',
  engine: PolicyEngine,
  options: GovernedFetchOptions & WrapOpenAIOptions,
): OpenAISettings {
  const fail = (message: string): never => {
    throw new CallgateError('ERR_OPTIONS_INVALID', `\`${what}\`: ${message}`)
  }
  if (typeof (engine as PolicyEngine | undefined)?.begin !== 'function')
    fail('the second argument is an engine made by `createPolicyEngine`')
  if (typeof options !== 'object' || options === null) fail('the third argument holds options')
  const known = KNOWN.filter((key) => key !== (what === 'governedFetch' ? 'clone' : 'baseURL'))
  for (const key of Object.keys(options))
    if (!known.includes(key as (typeof KNOWN)[number]))
      // any string is compared
      fail(`unknown option \`${key.slice(0, 64)}\`; known: ${known.join(', ')}`)
  const fault = faultOf(options)
  if (fault !== undefined) fail(fault)
  return { ...DEFAULTS, ...given(options) }
}

function faultOf(options: GovernedFetchOptions): string | undefined {
  const { subject, session, credentials, resourceOf, vendor, toolCalls } = options
  if (vendor !== undefined && !(typeof vendor === 'string' && VENDOR.test(vendor)))
    return '`vendor` is a name of up to 64 letters, digits, `_` and `-`'
  if (!['strip', 'off', undefined].includes(toolCalls)) return '`toolCalls` is `strip` or `off`'
  if (!['string', 'function', 'undefined'].includes(typeof session))
    return '`session` is a text or a function'
  if (!['object', 'function', 'undefined'].includes(typeof subject))
    return '`subject` is a subject or a function'
  for (const one of [credentials, resourceOf])
    if (!['function', 'undefined'].includes(typeof one))
      return '`credentials` and `resourceOf` are functions'
  const limits = attemptFault(options.attempts)
  if (limits !== undefined) return limits
  const wrong = POSITIVE.find((name) => !isPositive(options[name]))
  return wrong === undefined ? undefined : `\`${wrong}\` is a whole number above 0`
}

function isPositive(value: unknown): boolean {
  return value === undefined || (Number.isSafeInteger(value) && Number(value) > 0)
}

/** An option that is undefined is not given. */
function given(options: GovernedFetchOptions): Partial<OpenAISettings> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
