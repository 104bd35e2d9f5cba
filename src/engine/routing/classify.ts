import { isMap } from '../../core/json-kind.ts'
import { isPromise, type MaybePromise } from '../../core/model/json.ts'
import type { ModelCatalog } from '../../core/routing/catalog.ts'
import type { LocalClassifier } from '../../core/routing/classifier/classify-locally.ts'
import type { ClassifierSettings } from '../../core/routing/compile-routes.ts'
import type { Classification, ModelRequest } from '../../core/routing/model-request.ts'
import { COMPLEXITIES, TASKS } from '../../core/routing/words.ts'
import { depart, type Flight } from './flights.ts'
import { classificationKey, type KnownClassifications } from './known-classifications.ts'

/** Somebody who is asked what a request is about: a model, or code of the host's own. */
export interface Classifier {
  /** Where it fails, rejects or is late, the local answer stands. */
  classify(
    request: ModelRequest,
    context: ClassifierContext,
  ): MaybePromise<ClassifierAnswer | ClassifierFailure>
}

export interface ClassifierContext {
  readonly settings: ClassifierSettings
  /** What is known of models, the policy's own words first. */
  readonly catalog: ModelCatalog
  /** Aborts at the deadline, and when all who wait have given up. */
  readonly signal: AbortSignal
}

export interface ClassifierAnswer extends Pick<Classification, 'task' | 'complexity'> {
  /** @default 0.8 */
  readonly confidence?: number
  /** True where its words had to be mended to be understood. */
  readonly repaired?: boolean
  /** Billionths of a US dollar; null where nobody knows. */
  readonly cost_nusd?: number | null
}

/** It has no answer, and knows what that has cost. */
export interface ClassifierFailure {
  readonly failed: true
  /** Billionths of a US dollar; null where nobody knows. */
  readonly cost_nusd: number | null
}

/** What a request was taken to be about, by whom, and what that has cost. */
export interface Classified extends Classification {
  readonly outcome: 'local' | 'ok' | 'repaired' | 'cached' | 'timeout' | 'failed' | 'skipped'
  readonly latency_ms: number
  /** Null where a classifier was asked and nobody knows what it has cost. */
  readonly cost_nusd: number | null
}

export interface Classifying {
  readonly request: ModelRequest
  readonly settings: ClassifierSettings
  readonly classifier: Classifier | undefined
  readonly local: LocalClassifier
  readonly known: KnownClassifications
  readonly catalog: ModelCatalog
  /** Whose answers may be used again: of one tenant, under one policy. */
  readonly owner: string
  readonly now: () => number
  readonly signal: AbortSignal | undefined
}

/** Where nobody need be asked: the outcome is the same whatever the request is about. */
export function skipped(): Classified {
  return { ...NOBODY, outcome: 'skipped' }
}

/** The host has said it. */
export function saidByCaller(said: Pick<Classification, 'task' | 'complexity'>): Classified {
  const { task, complexity } = said
  return { ...NOBODY, task, complexity, confidence: 1, by: 'caller', outcome: 'skipped' }
}

const NOBODY = {
  task: 'unknown',
  complexity: 'medium',
  score: 0.5,
  confidence: 0,
  by: 'none',
  latency_ms: 0,
  cost_nusd: 0,
} as const

/** In `hybrid` the local answer is enough from here on. */
const SURE = 0.8

/**
 * The local answer first: it is there at once, and stands in wherever a classifier is late, fails or
 * says what is no answer. Nobody's answer grants a capability or a permission.
 */
export function classify(given: Classifying): MaybePromise<Classified> {
  const { request, settings, classifier, now } = given
  const startedAt = now()
  const local = given.local(request)
  const isLocal =
    classifier === undefined ||
    settings.mode === 'local' ||
    (settings.mode === 'hybrid' && local.confidence >= SURE)
  if (isLocal)
    return {
      ...local,
      outcome: 'local',
      latency_ms: Math.max(0, now() - startedAt),
      cost_nusd: 0,
    }
  const key = classificationKey(given.owner, request)
  const before = given.known.get(key, startedAt)
  if (before !== undefined)
    return { ...before, by: 'cache', outcome: 'cached', latency_ms: 0, cost_nusd: 0 }
  return ask(given, classifier, { key, local, startedAt })
}

/** What a classifier's answer comes to, for all who have waited for it. */
export type ReadAnswer =
  | {
      readonly kind: 'label'
      readonly label: Pick<Classification, 'task' | 'complexity' | 'confidence'>
      readonly repaired: boolean
      readonly cost_nusd: number | null
    }
  | { readonly kind: 'failed' | 'timeout'; readonly cost_nusd: number | null }

interface Asking {
  readonly key: string
  readonly local: Classification
  readonly startedAt: number
}

function ask(given: Classifying, classifier: Classifier, asking: Asking): MaybePromise<Classified> {
  const { request, settings, known, catalog, signal } = given
  const { key, local, startedAt } = asking
  const flying = known.flights.get(key)
  if (flying !== undefined) return wait(flying, given, asking)
  if (signal?.aborted === true) return told({ kind: 'failed', cost_nusd: 0 }, given, asking)
  const keep = (said: ReadAnswer): void => {
    if (said.kind !== 'label') return
    const found = { ...said.label, score: local.score, by: 'llm' } as const
    known.set(key, found, startedAt + settings.cache_ttl_seconds * 1000)
  }
  const controller = new AbortController()
  let answer: MaybePromise<ClassifierAnswer | ClassifierFailure>
  try {
    answer = classifier.classify(request, { settings, catalog, signal: controller.signal })
  } catch {
    return told(FAILED, given, asking)
  }
  if (!isPromise(answer)) {
    const said = readAnswer(answer)
    keep(said)
    return told(said, given, asking)
  }
  const flight = depart<ReadAnswer>(known.flights, key, {
    said: Promise.resolve(answer).then(readAnswer, () => FAILED),
    limitMs: settings.timeout_ms,
    controller,
    late: () => ({ kind: 'timeout', cost_nusd: null }),
    keep,
  })
  return wait(flight, given, asking)
}

const FAILED: ReadAnswer = Object.freeze({ kind: 'failed', cost_nusd: null })

/** Until the answer is there, or the caller gives up: others may go on waiting. */
function wait(flight: Flight<ReadAnswer>, given: Classifying, asking: Asking): Promise<Classified> {
  const { signal } = given
  flight.join()
  return new Promise((resolve) => {
    let isGone = false
    const stop = (): void => {
      isGone = true
      const cost = flight.leave() && flight.takeBill() ? null : 0
      resolve(told({ kind: 'failed', cost_nusd: cost }, given, asking))
    }
    if (signal?.aborted === true) return stop()
    signal?.addEventListener('abort', stop, { once: true })
    void flight.answer.then((said) => {
      signal?.removeEventListener('abort', stop)
      if (!isGone)
        resolve(flight.takeBill() ? told(said, given, asking) : toldAgain(said, given, asking))
    })
  })
}

function told(said: ReadAnswer, { now }: Classifying, asking: Asking): Classified {
  const { local, startedAt } = asking
  const more = { latency_ms: Math.max(0, now() - startedAt), cost_nusd: said.cost_nusd }
  if (said.kind !== 'label') return { ...local, outcome: said.kind, ...more }
  const outcome = said.repaired ? 'repaired' : 'ok'
  return { ...said.label, score: local.score, by: 'llm', outcome, ...more }
}

/** Somebody else's question was the same one, and is theirs to pay. */
function toldAgain(said: ReadAnswer, given: Classifying, asking: Asking): Classified {
  const free = told({ ...said, cost_nusd: 0 }, given, asking)
  return said.kind === 'label' ? { ...free, by: 'cache', outcome: 'cached' } : free
}

/** INVARIANT: what is none of our words classifies nothing. Host code may answer anything. */
function readAnswer(answer: ClassifierAnswer | ClassifierFailure): ReadAnswer {
  if (!isMap(answer)) return FAILED
  const cost = answer.cost_nusd === undefined ? 0 : answer.cost_nusd
  const cost_nusd = Number.isSafeInteger(cost) && Number(cost) >= 0 ? cost : null
  if ('failed' in answer) return { kind: 'failed', cost_nusd }
  const { task, complexity, confidence = 0.8, repaired } = answer
  const isKnown = task === 'unknown' || TASKS.includes(task)
  if (!isKnown || !COMPLEXITIES.includes(complexity) || !(confidence >= 0 && confidence <= 1))
    return { kind: 'failed', cost_nusd }
  return {
    kind: 'label',
    label: { task, complexity, confidence },
    repaired: repaired === true,
    cost_nusd,
  }
}
