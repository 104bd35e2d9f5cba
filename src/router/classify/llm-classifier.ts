import { CallgateError } from '../../core/model/errors.ts'
import type { JsonObject, MaybePromise } from '../../core/model/json.ts'
import { checkNames, refuseOption } from '../../core/option-checks.ts'
import type { ModelRequest } from '../../core/routing/model-request.ts'
import type {
  Classifier,
  ClassifierAnswer,
  ClassifierContext,
  ClassifierFailure,
} from '../../engine/routing/classify.ts'
import { type Asked, readLabelAnswer } from './read-answer.ts'
import { classifierBody } from './request.ts'

export interface LlmClassifierOptions {
  /**
   * Sends the requests. Give one that `governedFetch` has made, without `route` and with a subject of its
   * own: then each is judged and recorded as a call of its `model:` resource, with its cost.
   */
  readonly fetch: typeof fetch
  /** Where the API begins. @default 'https://openrouter.ai/api/v1' */
  readonly baseURL?: string
  /** Key of the API, asked for at each request. @default none: `fetch` adds it */
  readonly apiKey?: string | (() => MaybePromise<string>)
  /**
   * What OpenRouter is told of providers besides `require_parameters`, such as `{ zdr: true }`; null for
   * an API that is not OpenRouter's and knows no such field.
   * @default {}
   */
  readonly provider?: JsonObject | null
}

const KNOWN = ['fetch', 'baseURL', 'apiKey', 'provider'] satisfies (keyof LlmClassifierOptions)[]
const OPENROUTER = 'https://openrouter.ai/api/v1'

/**
 * A model that says what requests are about: that of the policy's `classifier`, then its fallbacks. What
 * it is shown are texts of strangers, so all it can do is name one of our words: capabilities are read
 * off the request, and permissions off the policy. It never rejects.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function createLlmClassifier(options: LlmClassifierOptions): Classifier {
  checkNames('`createLlmClassifier`', options, KNOWN)
  if (typeof options.fetch !== 'function')
    refuseOption('`createLlmClassifier`: `fetch` is one that `governedFetch` has made')
  const url = urlOf(options.baseURL ?? OPENROUTER)
  return { classify: (request, context) => classify({ ...options, url }, request, context) }
}

function urlOf(baseURL: string): string {
  if (!URL.canParse(baseURL))
    throw new CallgateError(
      'ERR_OPTIONS_INVALID',
      '`createLlmClassifier`: `baseURL` is where the API begins, such as `https://openrouter.ai/api/v1`',
    )
  return `${baseURL.replace(/\/+$/, '')}/chat/completions`
}

interface Line extends LlmClassifierOptions {
  readonly url: string
}

/** One model after the other, until one has said something that can be used. */
async function classify(
  line: Line,
  request: ModelRequest,
  context: ClassifierContext,
): Promise<ClassifierAnswer | ClassifierFailure> {
  const { settings, signal } = context
  let cost: number | null = 0
  for (const model of settings.model === undefined ? [] : [settings.model, ...settings.fallbacks]) {
    if (signal.aborted) break
    const asked = await ask(line, request, model, context)
    cost = cost === null || asked.cost_nusd === null ? null : cost + asked.cost_nusd
    if (asked.label !== undefined) return { ...asked.label, cost_nusd: cost }
  }
  return { failed: true, cost_nusd: cost }
}

/** Whatever goes wrong is no answer. Once it has gone out, nobody knows what it has cost. */
async function ask(
  { fetch, url, apiKey, provider = {} }: Line,
  request: ModelRequest,
  model: string,
  { settings, catalog, signal }: ClassifierContext,
): Promise<Asked> {
  try {
    const key = typeof apiKey === 'function' ? await apiKey() : apiKey
    const body = classifierBody(request, model, { settings, catalog, provider })
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify(body),
      signal,
    })
    return await readLabelAnswer(response)
  } catch {
    return { label: undefined, cost_nusd: null }
  }
}
