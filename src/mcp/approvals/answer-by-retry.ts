import { isObject, type Params } from '../host.ts'
import type { Incoming } from '../server/server-guard.ts'
import { type Said, saidOf } from './question.ts'
import { type AppState, isOurState, type QuestionState, readState } from './signed-state.ts'

/** Under this key of `inputRequests` stands our question, and its answer under the same. */
export const INPUT_KEY = 'callgate'

/** A request with what its client has said to a question of ours taken out of it. */
export interface Retry {
  readonly incoming: Incoming
  /** Undefined: the state is none that we have made. */
  readonly state: QuestionState | undefined
  /** Also where the question was dismissed, or answered by what is no answer. */
  readonly isAnswered: boolean
  readonly said: Said | undefined
}

/** Undefined where the request brings no answer to a question of ours. */
export function retryOf(incoming: Incoming, key: string | Uint8Array): Retry | undefined {
  const request = innerOf(incoming)
  const given = stateOf(request)
  if (request === undefined || !isOurState(given)) return undefined
  const state = readState(given, key)
  const { inputResponses } = request
  const answers = isObject(inputResponses) ? inputResponses : {}
  const isAnswered = Object.hasOwn(answers, INPUT_KEY)
  return {
    incoming: withApp(incoming, request, state?.app ?? {}),
    state,
    isAnswered,
    said: isAnswered ? saidOf(answers[INPUT_KEY]) : undefined,
  }
}

/** What the request carries for the server's own handler. */
export function appStateOf(incoming: Incoming): AppState {
  const request = innerOf(incoming)
  const state = stateOf(request)
  const responses = request?.['inputResponses']
  return {
    ...(typeof state === 'string' ? { state } : {}),
    ...(isObject(responses) ? { responses } : {}),
  }
}

function innerOf({ extra }: Incoming): Params | undefined {
  const inner = isObject(extra) ? extra['mcpReq'] : undefined
  return isObject(inner) ? inner : undefined
}

function stateOf(request: Params | undefined): unknown {
  const read = request?.['requestState']
  return typeof read === 'function' ? read.call(request) : undefined
}

/** INVARIANT: a handler sees its own state and its own answers, never ours; a hook that verifies its state neither. */
function withApp(incoming: Incoming, request: Params, { state, responses }: AppState): Incoming {
  const { inputResponses: _, droppedInputResponseKeys: _also, ...rest } = request
  const mcpReq = {
    ...rest,
    requestState: () => state,
    ...(responses === undefined ? {} : { inputResponses: responses }),
  }
  return { ...incoming, extra: { ...(incoming.extra as object), mcpReq } }
}
