import type { Reason } from '../../core/model/decision.ts'
import type { Surface } from '../../core/routing/model-request.ts'
import type { Denial } from '../../engine/denial-text.ts'
import type { RouteDecision } from '../../engine/routing/route.ts'
import { deniedResponse } from '../answer/error-response.ts'
import type { Guard, Head } from '../guard.ts'
import type { Incoming } from '../incoming.ts'
import { type Judged, judge } from '../judge.ts'
import { planOf } from '../plan.ts'
import { type Tried, told, unansweredResponse } from './final-response.ts'
import { type Attempted, attemptOnce } from './one-attempt.ts'
import { pause, pauseBefore } from './pause.ts'
import { requestFor } from './routed-body.ts'
import type { Routing } from './routing.ts'
import type { UpstreamFailure } from './upstream-failure.ts'

/** A request, and the models that may answer it, in order. */
export interface Looped {
  readonly guard: Guard
  readonly routing: Routing
  readonly inner: typeof fetch
  readonly incoming: Incoming
  readonly head: Head
  readonly requestId: string
  readonly surface: Surface
  readonly decision: RouteDecision
  readonly target: string
  /** Asked for only where the target has not answered. */
  readonly fallbacks: () => readonly string[]
}

/** What has become of the attempts so far. */
interface Progress {
  readonly startedAt: number
  attempts: number
  readonly tried: Tried[]
  /** Of the first model that was denied. */
  denial: Denial | undefined
  /** Of the last attempt that failed. */
  last: { readonly failure: UpstreamFailure; readonly response: Response | undefined } | undefined
  /** Only models with a context above this many tokens may still answer. */
  contextAbove: number | undefined
}

/** What one model has come to: an answer, or whether another may be tried. */
type Step = { readonly response: Response } | { readonly goesOn: boolean }

/**
 * Has a request answered by the first model that does. Each is judged as its own resource right before
 * each attempt. INVARIANT: once anything of an answer was handed on, no other is begun.
 */
export async function attemptLoop(looped: Looped): Promise<Response> {
  const progress: Progress = {
    startedAt: performance.now(),
    attempts: 0,
    tried: [],
    denial: undefined,
    last: undefined,
    contextAbove: undefined,
  }
  for (const model of modelsOf(looped)) {
    if (isTooSmall(looped, progress, model)) continue
    const step = await tryModel(looped, progress, model)
    if ('response' in step) return step.response
    if (!step.goesOn || isSpent(looped, progress)) break
  }
  return unanswered(looped, progress)
}

function* modelsOf({ target, fallbacks }: Looped): Iterable<string> {
  yield target
  yield* fallbacks()
}

/** A model of which the context is not known is no larger one. */
function isTooSmall({ routing }: Looped, progress: Progress, model: string): boolean {
  const { contextAbove, tried } = progress
  if (contextAbove === undefined) return false
  const context = routing.catalog?.()?.get(model)?.context_length ?? 0
  if (context > contextAbove) return false
  tried.push({ model, status: null, kind: 'context_too_small', attempts: 0 })
  return true
}

function isSpent({ routing }: Looped, progress: Progress): boolean {
  return progress.attempts >= routing.limits.most || leftMs(routing, progress) <= 0
}

function leftMs({ limits }: Routing, { startedAt }: Progress): number {
  return limits.deadlineMs - (performance.now() - startedAt)
}

async function tryModel(looped: Looped, progress: Progress, model: string): Promise<Step> {
  const { routing, guard, head, decision } = looped
  const { limits } = routing
  const incoming = requestFor(looped.incoming, model)
  const plan = planOf(incoming, guard.settings.vendor)
  for (let attempt = 1; ; attempt++) {
    incoming.context.signal?.throwIfAborted()
    const verdict = await judge(guard, head, plan)
    if (!verdict.ok) return denied(progress, model, verdict.denial)
    progress.attempts++
    const { judged } = verdict
    const attempted = await send(looped, progress, { incoming, judged, model })
    const { failure, response } = attempted
    if (failure === undefined && response !== undefined) {
      const { id } = judged.ticket.decision
      return { response: told(response, { route: decision.route, model, decision: id }) }
    }
    if (failure === undefined) return { goesOn: false }
    progress.last = { failure, response }
    const waitMs = pauseBefore(attempt, failure.waitMs, limits)
    const isAgain =
      failure.remedy === 'retry' &&
      attempt <= limits.retries &&
      progress.attempts < limits.most &&
      waitMs !== undefined &&
      waitMs < leftMs(routing, progress)
    if (!isAgain) return failedFor(looped, progress, { model, failure, attempts: attempt })
    await pause(waitMs, incoming.context.signal)
  }
}

interface Sending {
  readonly incoming: Incoming
  readonly judged: Judged
  readonly model: string
}

function send(
  { routing, guard, inner, requestId, decision, surface }: Looped,
  progress: Progress,
  { incoming, judged, model }: Sending,
): Promise<Attempted> {
  const { task } = decision.classification
  return attemptOnce({
    guard,
    incoming,
    judged,
    inner,
    forMs: Math.max(1, Math.min(routing.limits.attemptMs, leftMs(routing, progress))),
    cache: routing.cache,
    surface,
    route: decision.route,
    catalog: routing.catalog?.(),
    costs: routing.costs,
    about: {
      requestId,
      task: task === 'unknown' ? null : task,
      model,
      baseline: decision.baseline,
    },
  })
}

interface Failed {
  readonly model: string
  readonly failure: UpstreamFailure
  readonly attempts: number
}

function failedFor(looped: Looped, progress: Progress, failed: Failed): Step {
  const { model, failure, attempts } = failed
  const { status, kind, remedy } = failure
  progress.tried.push({ model, status, kind, attempts })
  if (remedy === 'larger') {
    const context = looped.routing.catalog?.()?.get(model)?.context_length ?? undefined
    const known = progress.contextAbove ?? 0
    // Not knowing how large this one is, nobody can say which is larger.
    progress.contextAbove =
      context === undefined ? Number.POSITIVE_INFINITY : Math.max(known, context)
  }
  return { goesOn: remedy !== 'end' }
}

/** What concerns who asks, or what is asked, holds for every model. */
const FOR_EVERY_MODEL: ReadonlySet<Reason> = new Set([
  'malformed_request',
  'no_principal',
  'no_binding',
  'token_invalid',
  'secret_detected',
  'scanner_detected',
  'behavior_blocked',
  'session_paused',
  'session_terminated',
  'approval_required',
  'approval_denied',
  'approval_expired',
  'approval_mismatch',
  'approval_used',
  'payload_limit',
  'gate_failed',
  'audit_unavailable',
])

function denied(progress: Progress, model: string, denial: Denial): Step {
  progress.denial ??= denial
  progress.tried.push({ model, status: null, kind: denial.reason, attempts: 0 })
  return { goesOn: !FOR_EVERY_MODEL.has(denial.reason) }
}

function unanswered({ decision, target }: Looped, progress: Progress): Response {
  const { tried, last, denial, attempts } = progress
  const model = tried[0]?.model ?? target
  const about = { route: decision.route, model }
  if (last === undefined && denial !== undefined) return told(deniedResponse(denial), about)
  const { status, waitMs, remedy } = last?.failure ?? { status: 502, waitMs: null, remedy: 'end' }
  // The one error that there was is told as it came.
  const isOne = attempts === 1 && tried.length === 1 && remedy === 'end'
  if (isOne && last?.response !== undefined) return told(last.response, about)
  return told(unansweredResponse(tried, status, waitMs), about)
}
