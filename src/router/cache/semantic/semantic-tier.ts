import { within } from '../../../engine/wait.ts'
import type { Question } from '../cache-key.ts'
import { createFalseHitMeter, type FalseHits } from '../false-hits.ts'
import type { SemanticSettings } from '../options.ts'
import type { StoredAnswer } from '../stored-answer.ts'
import { type AskedQuestion, createAskedQuestions } from './asked-questions.ts'
import { differenceOf, type Features, featuresOf, isLongEnough } from './guards.ts'
import { cosine } from './ngram-embedder.ts'
import { saysTheSame } from './same-answer.ts'

/** What is known of a question before it is asked. */
export interface Look {
  readonly question: Question
  readonly vector: Float32Array
  readonly features: Features
  /** The one most like it whose answer may be its own; undefined: none. */
  readonly found: AskedQuestion | undefined
  /** True where its answer is to be given, and the model not asked. */
  readonly serves: boolean
}

export interface SemanticTier {
  /** Undefined where it is compared with nothing: it is too short, or the embedder has failed. */
  look(question: Question, route: string): Promise<Look | undefined>
  /** The model has answered what was looked up. */
  learn(look: Look, route: string, answer: StoredAnswer): Promise<void>
  /** One that is no longer kept. */
  forget(question: AskedQuestion): void
  /** By route: what was measured, and whether its answers are given. */
  measured(): Readonly<Record<string, FalseHits & { readonly serves: boolean }>>
}

export interface Keeping {
  readonly settings: SemanticSettings
  readonly ttlMs: number
  /** Where questions are kept, as long as there is room. */
  put(question: AskedQuestion, bytes: number): void
  drop(id: string): void
  now(): number
}

/** INVARIANT: questions are compared within their partition alone. */
export function createSemanticTier({ settings, ttlMs, put, drop, now }: Keeping): SemanticTier {
  const questions = createAskedQuestions({ most: settings.maxQuestions, put, drop })
  const meter = createFalseHitMeter(settings.confidence)
  let made = 0
  let served = 0

  const mayServe = (route: string): boolean =>
    settings.mode === 'serve' &&
    settings.embed.hints_only !== true &&
    meter.of(route).upper_bound < settings.maxFalseHits

  return {
    async look(question, route) {
      const features = featuresOf(question.text)
      if (!isLongEnough(features)) return undefined
      const vector = await vectorOf(question.text, settings)
      if (vector === undefined) return undefined
      const found = nearest(questions.of(question.partition), {
        vector,
        features,
        settings,
        at: now(),
      })
      const isReady = found?.answer !== undefined && mayServe(route)
      // Some are compared all the same, or nobody would learn that questions have changed.
      const serves = isReady && ++served % settings.recheckEvery !== 0
      return { question, vector, features, found, serves }
    },
    async learn({ question, vector, features, found }, route, answer) {
      if (found?.answer !== undefined) {
        meter.note(route, !(await agree(found.answer, answer, settings)))
        return
      }
      // A question that is asked once is most often never asked again: its answer is not kept.
      const id = found?.id ?? `semantic-${made++}`
      if (found !== undefined) drop(found.id)
      const isSecond = found !== undefined
      const { partition } = question
      const at = now()
      questions.keep({
        id,
        partition,
        vector,
        features,
        answer: isSecond ? answer : undefined,
        at,
        until: at + ttlMs,
      })
    },
    forget: questions.forget,
    measured: () =>
      Object.fromEntries(
        [...meter.routes()].map((route) => [
          route,
          { ...meter.of(route), serves: mayServe(route) },
        ]),
      ),
  }
}

/** INVARIANT: where nobody can tell, the hit was a false one. */
async function agree(
  kept: StoredAnswer,
  fresh: StoredAnswer,
  { sameAnswer = saysTheSame }: SemanticSettings,
): Promise<boolean> {
  try {
    const said = Promise.resolve(sameAnswer(kept.content, fresh.content))
    return (await within(said, COMPARING_MS, () => false)) === true
  } catch {
    return false
  }
}

const COMPARING_MS = 60_000

/** A fault of the embedder is no fault of the call: nothing is found then. */
async function vectorOf(
  text: string,
  { embed, embedTimeoutMs }: SemanticSettings,
): Promise<Float32Array | undefined> {
  try {
    const vectors = await within(embed([text]), embedTimeoutMs, () => [])
    const [vector] = vectors
    return vector instanceof Float32Array && vector.length > 0 && vector.every(Number.isFinite)
      ? vector
      : undefined
  } catch {
    return undefined
  }
}

interface Asked {
  readonly settings: SemanticSettings
  readonly at: number
  readonly vector: Float32Array
  readonly features: Features
}

/** Of those near enough, and that no guard holds back. Linear in the questions of one partition. */
function nearest(
  questions: Iterable<AskedQuestion>,
  { vector, features, settings, at }: Asked,
): AskedQuestion | undefined {
  let best: AskedQuestion | undefined
  let most = settings.threshold
  for (const question of questions) {
    if (at >= question.until) continue
    const likeness = cosine(vector, question.vector)
    if (likeness < most || differenceOf(features, question.features) !== undefined) continue
    best = question
    most = likeness
  }
  return best
}
