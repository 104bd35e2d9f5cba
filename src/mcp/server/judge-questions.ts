import type { Decision } from '../../core/model/decision.ts'
import { andThen, type MaybePromise } from '../../core/model/json.ts'
import { copyWith } from '../answers/hidden-links.ts'
import { isObject, type Params } from '../host.ts'
import type { Judged } from '../methods/judged.ts'
import { askedOfClient } from './ask-client.ts'

/** A result whose questions may be asked, or the decision about the first that may not. */
export type Questioned =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly decision: Decision }

/** What a result asks of the client (2026-07-28) is judged as if the server had sent a request for it. */
export function judgeQuestions(judged: Judged, result: unknown): MaybePromise<Questioned> {
  const { guard } = judged.incoming
  const whole: Questioned = { ok: true, result }
  if (guard.judgesQuestions !== true || !isObject(result)) return whole
  const { resultType, status, inputRequests } = result
  // A task says so by its status.
  const isAsking = resultType === INPUT || status === INPUT
  if (!isAsking || !isObject(inputRequests)) return whole
  const kept: Record<string, unknown> = { ...inputRequests }
  const left = Object.entries(inputRequests)
  const next = (): MaybePromise<Questioned> => {
    const entry = left.shift()
    if (entry === undefined)
      return Object.entries(kept).every(([key, value]) => inputRequests[key] === value)
        ? whole
        : { ok: true, result: copyWith(result, 'inputRequests', kept) }
    const [key, question] = entry
    const { method, params } = isObject(question) ? question : NOTHING
    const asked = askedOfClient(guard, judged.head, String(method), params as Params | undefined)
    return andThen(asked, (answer) => {
      if (!answer.ok) return answer
      if (answer.params !== params) kept[key] = { ...(question as object), params: answer.params }
      return next()
    })
  }
  return next()
}

const INPUT = 'input_required'
const NOTHING: Record<string, unknown> = Object.freeze({})
