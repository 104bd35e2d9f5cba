import { isMap } from '../core/json-kind.ts'
import { CallgateError } from '../core/model/errors.ts'
import type { Outcome } from '../engine/ticket.ts'
import type { Usage } from '../engine/usage.ts'
import { type Answer, answerOf } from './answer/answer.ts'
import { errorBody, faultResponse, withBody } from './answer/error-response.ts'
import { jsonAnswer } from './answer/json-answer.ts'
import { hasStray } from './answer/strays.ts'
import { withheld } from './answer/withheld.ts'
import { type Attempts, isRetried, retryWaitMs } from './attempts.ts'
import type { Guard } from './guard.ts'
import type { Incoming } from './incoming.ts'
import { finishAll, type Judged } from './judge.ts'
import type { Attempt, Closing } from './routing/attempt.ts'
import { type Begun, beginStream } from './routing/begin-stream.ts'
import { ANSWER_MALFORMED, failureOf } from './routing/upstream-failure.ts'
import { sentText } from './sent-text.ts'
import { governStream } from './stream/govern-stream.ts'
import type { Source } from './stream/source.ts'
import { type JsonAnswer, readAnswer } from './wire/read-answer.ts'

/** A request that may go out. */
export interface Forwarding {
  readonly guard: Guard
  readonly incoming: Incoming
  readonly judged: Judged
  readonly inner: typeof fetch
  readonly attempts: Attempts
  /** The same for each attempt of one call. */
  readonly key: string
  /** Where others may follow that are not its client's: it is told what became of this one. */
  readonly attempt?: Attempt | undefined
  /** Told once what the call has used up. Gives what it is closed with. */
  readonly meter?: ((closing: Closing) => Usage) | undefined
}

/** Sends a request that may go out, and gives its answer as the caller may see it. */
export async function forward(forwarding: Forwarding): Promise<Response> {
  const { guard, incoming, judged, inner } = forwarding
  const sent = sentText(guard, incoming, judged.ticket)
  if (!sent.ok) {
    await close(forwarding, {
      ok: false,
      error: new CallgateError('ERR_CALL_CANCELLED', sent.fault),
    })
    return faultResponse(422, 'request_not_rewritable', sent.fault)
  }
  let response: Response
  try {
    response = await incoming.send(inner, sent.text)
  } catch (error) {
    await failed(forwarding, { ok: false, error: asOutcome(incoming, error) }, 0, {})
    throw error
  }
  if (!response.ok) return refused(forwarding, response)
  const answer = answerOf(guard, judged)
  const kind = kindOf(response, incoming)
  if (kind === 'other') return opaque(forwarding, { response })
  if (kind === 'json') return json(forwarding, answer, response)
  return stream(forwarding, { response, answer }, sent.addsUsage)
}

/** What there is of an answer when its call is closed. */
interface Said {
  readonly response?: Response
  readonly answer?: Answer
}

/** Nothing was made, and nothing is governed: the error is told as it came. */
async function refused(forwarding: Forwarding, response: Response): Promise<Response> {
  const { guard, incoming, attempt } = forwarding
  const outcome = { ok: false, error: new UpstreamError(response.status) } as const
  if (attempt === undefined) {
    const waitMs = retryWaitMs(response.headers)
    if (isRetried(response)) await failed(forwarding, outcome, waitMs, { response })
    else await close(forwarding, outcome, { response })
    return response
  }
  let read: JsonAnswer | undefined
  try {
    read = await readAnswer(response, guard.settings.maxAnswerBytes)
  } catch (error) {
    const broken = { ok: false, error: asOutcome(incoming, error) } as const
    await close(forwarding, broken, { response })
    throw error
  }
  attempt.failed(failureOf(response.status, read?.value, response.headers))
  await close(forwarding, outcome, { response })
  return read === undefined
    ? faultResponse(response.status, 'upstream_failed', outcome.error.message)
    : withBody(response, read.bytes, { isChanged: false })
}

/** Where others may follow, nothing is handed on before there is something of an answer. */
async function stream(
  forwarding: Forwarding,
  said: Required<Said>,
  addsUsage: boolean,
): Promise<Response> {
  const { guard, incoming, attempt } = forwarding
  const { response, answer } = said
  let source: Source | undefined
  if (attempt !== undefined) {
    const begun = await begunStream(forwarding, said)
    if (!begun.ok) {
      const { status } = begun.failure
      attempt.failed(begun.failure)
      await close(forwarding, { ok: false, error: new UpstreamError(status) }, said)
      return faultResponse(status, 'upstream_failed', 'the stream has failed before it began')
    }
    attempt.began()
    source = begun.source
  }
  return governStream({
    response,
    source,
    answer,
    surface: incoming.endpoint.pattern.startsWith('/responses') ? 'responses' : 'chat',
    addsUsage,
    settings: guard.settings,
    finish: (outcome) => close(forwarding, outcome, said),
    asError: (error) => asOutcome(incoming, error),
  })
}

async function begunStream(forwarding: Forwarding, said: Required<Said>): Promise<Begun> {
  try {
    return await beginStream(said.response, forwarding.guard.settings.idleTimeoutMs)
  } catch (error) {
    await close(forwarding, { ok: false, error: asOutcome(forwarding.incoming, error) }, said)
    throw error
  }
}

/** What the model's server has answered, where it is an error. Its text may hold anything: it stays out. */
class UpstreamError extends Error {
  readonly code: number
  constructor(code: number) {
    super(`the model's server answered ${code}`)
    this.name = 'UpstreamError'
    this.code = code
  }
}

function asOutcome({ context }: Incoming, error: unknown): unknown {
  return context.signal?.aborted === true
    ? new CallgateError('ERR_CALL_CANCELLED', 'the caller gave up', { cause: error })
    : error
}

function close(forwarding: Forwarding, given: Outcome, said?: Said): Promise<Outcome> {
  const { judged, meter } = forwarding
  const outcome = meter === undefined || said === undefined ? given : metered(meter, given, said)
  return finishAll([judged.ticket, ...judged.besides], outcome)
}

function metered(
  meter: (closing: Closing) => Usage,
  outcome: Outcome,
  { response, answer }: Said,
): Outcome {
  const usage = meter({
    outcome,
    usage: answer?.view.spent() ?? null,
    served: answer?.view.usage().model,
    generation: response?.headers.get('x-generation-id') ?? undefined,
    isRefused: response?.ok === false,
  })
  return { ...outcome, usage }
}

/** Kept open for the client's next attempt, where it makes them. */
async function failed(
  forwarding: Forwarding,
  outcome: Outcome,
  waitMs: number,
  said: Said,
): Promise<void> {
  const { incoming, judged, attempts, key } = forwarding
  const isLast = incoming.retry === undefined || incoming.context.signal?.aborted === true
  if (isLast || incoming.retry === MOST_ATTEMPTS) await close(forwarding, outcome, said)
  else attempts.hold(key, judged, outcome, waitMs === 0 ? NETWORK_WAIT_MS : waitMs)
}

const MOST_ATTEMPTS = 20
const NETWORK_WAIT_MS = 10_000

type Kind = 'json' | 'stream' | 'other'

const IN_TEXT: ReadonlySet<string> = new Set(['chat', 'responses', 'completions', 'embeddings'])

function mayPropose({ endpoint }: Incoming): boolean {
  return IN_TEXT.has(endpoint.kind) || endpoint.pattern.startsWith('/responses')
}

/** INVARIANT: what might hold a proposal is read, whatever its head says of it. */
function kindOf(response: Response, incoming: Incoming): Kind {
  const { endpoint, body, context } = incoming
  const type = response.headers.get('content-type') ?? ''
  if (/\bjson\b/i.test(type)) return 'json'
  const isEvents = /^text\/event-stream\b/i.test(type)
  if (endpoint.kind === 'media') return 'other'
  if (isEvents) return 'stream'
  const isAsked = body.kind === 'json' && body.value['stream'] === true
  if (mayPropose(incoming))
    return isAsked || context.url.includes('stream=true') ? 'stream' : 'json'
  return 'other'
}

/** Images, sounds and files: nothing in them is a call. */
async function opaque(
  forwarding: Forwarding,
  said: Required<Pick<Said, 'response'>>,
): Promise<Response> {
  const outcome = await close(forwarding, { ok: true, value: null }, said)
  return outcome.ok ? said.response : withheld(outcome.error)
}

async function json(forwarding: Forwarding, answer: Answer, response: Response): Promise<Response> {
  const { guard, incoming } = forwarding
  const said = { response, answer }
  let read: JsonAnswer | undefined
  try {
    read = await readAnswer(response, guard.settings.maxAnswerBytes)
  } catch (error) {
    await close(forwarding, { ok: false, error: asOutcome(incoming, error) }, said)
    throw error
  }
  if (read === undefined) {
    forwarding.attempt?.failed(ANSWER_MALFORMED)
    await close(forwarding, { ok: false, error: new UpstreamError(response.status) }, said)
    return faultResponse(
      502,
      'answer_malformed',
      'the answer is no JSON object, or larger than it may be',
    )
  }
  const { value, bytes } = read
  const error = errorIn(value)
  if (error !== undefined) {
    return erroneous(forwarding, answer, response, { ...read, status: error })
  }
  if (answer.refusesStrays && mayPropose(incoming) && hasStray(value, 'answer')) {
    forwarding.attempt?.failed(ANSWER_MALFORMED)
    await close(forwarding, { ok: false, error: new UpstreamError(response.status) }, said)
    return faultResponse(502, 'answer_malformed', 'the answer hides a call where none is judged')
  }
  const seen = await jsonAnswer(answer, value)
  const usage = answer.view.usage()
  const outcome = await close(forwarding, { ok: true, value: answer.view.value(), usage }, said)
  if (!outcome.ok) return withheld(outcome.error)
  if (seen.note !== undefined)
    return Response.json(errorBody(seen.note, 'policy_denied', 'policy_denied'), {
      status: 403,
      headers: { 'x-should-retry': 'false' },
    })
  const isSame = seen.value === value && !(read.saysTwice && answer.enforces)
  if (isSame) return withBody(response, bytes, { isChanged: false })
  return withBody(response, JSON.stringify(seen.value), { isChanged: true })
}

interface Erroneous extends JsonAnswer {
  readonly status: number
}

/** Given the status that it should have come with. */
async function erroneous(
  forwarding: Forwarding,
  answer: Answer,
  response: Response,
  { status, value, bytes }: Erroneous,
): Promise<Response> {
  answer.view.read(value)
  const outcome = {
    ok: false,
    error: new UpstreamError(status),
    usage: answer.view.usage(),
  } as const
  const shown = withBody(response, bytes, {
    ...(answer.enforces ? { status } : {}),
    isChanged: false,
  })
  const said = { response, answer }
  forwarding.attempt?.failed(failureOf(status, value, response.headers))
  if (isRetried(shown)) await failed(forwarding, outcome, 0, said)
  else await close(forwarding, outcome, said)
  return shown
}

/** Some answer errors with 200. A response that tells how it failed is no such error. */
function errorIn(value: Readonly<Record<string, unknown>>): number | undefined {
  const { error, object } = value
  if (error === undefined || error === null || object === 'response') return undefined
  if (value['choices'] !== undefined && !isMap(error)) return undefined
  const code = isMap(error) ? error['code'] : undefined
  return typeof code === 'number' && Number.isInteger(code) && code >= 400 && code < 600
    ? code
    : 502
}
