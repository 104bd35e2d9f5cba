import type { CallRequest } from '../../core/model/call.ts'
import { andThen, isPromise, type MaybePromise } from '../../core/model/json.ts'
import type { CompiledPolicy } from '../../core/policy/compile.ts'
import type { ModelCatalog } from '../../core/routing/catalog.ts'
import type { ClassifierSettings, CompiledRoutes } from '../../core/routing/compile-routes.ts'
import {
  type ConsideredRoute,
  evaluateRoute,
  isKeptFrom,
  type NoRoute,
  needsClassifying,
  type RouteChoice,
} from '../../core/routing/evaluate-route.ts'
import type { ModelRequest, Surface } from '../../core/routing/model-request.ts'
import { catalogOver } from '../../core/routing/read-card.ts'
import { readModelRequest } from '../../core/routing/read-model-request.ts'
import { recordedView } from '../../core/routing/recorded-route.ts'
import type { RouteView } from '../../core/routing/route-view.ts'
import { gateSettings } from '../gate-settings.ts'
import { identify } from '../identify.ts'
import type { LineParts } from '../line-record.ts'
import { type Asked, receive } from '../receive.ts'
import { note } from '../session-control.ts'
import type { Session } from '../sessions.ts'
import { type Affinity, keepModel } from './affinity.ts'
import { type Classified, type Classifier, classify, saidByCaller, skipped } from './classify.ts'
import { localClassifierOf } from './local-classifier.ts'

/** A request to a model, as its body says it. */
export interface RouteRequest extends Omit<CallRequest, 'resource'> {
  /** By the path it came on. @default 'chat' */
  readonly surface?: Surface
  /** Who is asked what the request is about, where the policy wants a model to say it. */
  readonly classifier?: Classifier
  /** What the request is about, where the host knows: nobody is asked then. */
  readonly classification?: Pick<Classified, 'task' | 'complexity'>
  /** What the provider says of its models; what the policy says comes first. */
  readonly catalog?: ModelCatalog
  /** Leave no record and keep no model for the session. @default false */
  readonly dryRun?: boolean
}

/** Which models answer a request, and why. Frozen; its field names are those of its JSON form. */
export interface RouteDecision {
  readonly id: string
  readonly policy_digest: string
  /** Null: no route held and the policy has no default, or nobody may be routed. */
  readonly route: string | null
  /** Null: nothing may answer; `detail` says why. */
  readonly target: string | null
  /** Tried next, in order. */
  readonly fallbacks: readonly string[]
  readonly classification: Classified
  readonly affinity: Affinity
  readonly considered: readonly ConsideredRoute[]
  /** What every call would have cost is measured with this model. */
  readonly baseline: string | null
  readonly detail: string | null
}

/**
 * Which models answer. It grants nothing: each is judged as its own `model:` resource before anything
 * is sent to it. INVARIANT: it never throws for what a request does.
 */
export function route(parts: LineParts, request: RouteRequest): MaybePromise<RouteDecision> {
  const asked = receive({ ...request, resource: '*' }, parts.context(), parts.limits)
  const refuse = (detail: string): RouteDecision => refusal(parts, detail)
  if (asked.fault !== undefined) return refuse(asked.fault.detail)
  return andThen(
    identify(asked, parts.identity(), parts.gateTimeoutMs),
    ({ subject, rejected }) => {
      if (rejected !== undefined) return refuse(rejected)
      if (subject === undefined) return refuse('nobody is named as the subject of this request')
      return routeSafely(parts, request, { asked, subject })
    },
  )
}

interface Known {
  readonly asked: Asked
  readonly subject: NonNullable<Asked['subject']>
}

/** INVARIANT: where choosing fails, nothing may answer. */
function routeSafely(
  parts: LineParts,
  request: RouteRequest,
  known: Known,
): MaybePromise<RouteDecision> {
  const fail = (cause: unknown): RouteDecision => {
    parts.report({ code: 'gate_failed', message: 'choosing a model failed', cause })
    return refusal(parts, 'choosing a model failed')
  }
  try {
    const decision = routeFor(parts, request, known)
    return isPromise(decision) ? decision.catch(fail) : decision
  } catch (cause) {
    return fail(cause)
  }
}

function routeFor(
  parts: LineParts,
  request: RouteRequest,
  known: Known,
): MaybePromise<RouteDecision> {
  const policy = parts.policyFor(known.subject)
  const { routes, limits } = gateSettings(policy)
  if (routes === undefined) return refusal(parts, 'the policy has no `router` section')
  const payer = { session: known.asked.session, subject: known.subject }
  const left = routes.asksBudget ? parts.limiter.left(payer, limits) : undefined
  return andThen(left, (budget) => choose(parts, request, { ...known, policy, routes, budget }))
}

interface Choosing extends Known {
  readonly policy: CompiledPolicy
  readonly routes: CompiledRoutes
  readonly budget: RouteView['budget']
}

function choose(
  parts: LineParts,
  request: RouteRequest,
  { asked, subject, policy, routes, budget }: Choosing,
): MaybePromise<RouteDecision> {
  const model = readModelRequest(asked.arguments, request.surface ?? 'chat')
  const at = parts.now()
  const session = parts.sessions.look(asked.session, subject, at)
  const catalog = catalogOver(routes.catalog, request.catalog)
  const view = (classification: Classified): RouteView => ({
    request: model,
    classification,
    subject,
    scope: asked.scope,
    session: sessionView(session),
    budget,
    at,
  })
  const classified = request.classification
    ? saidByCaller(request.classification)
    : needsClassifying(routes, view(skipped()))
      ? classify({
          request: model,
          settings: permittedClassifier(routes, sessionView(session)),
          classifier: request.classifier,
          local: localClassifierOf(parts.classifierWeights),
          known: parts.classifications,
          catalog,
          owner: `${policy.digest} ${subject.tenant ?? ''}`,
          now: parts.now,
          signal: asked.signal,
        })
      : skipped()
  return andThen(classified, (classification) => {
    const choice = evaluateRoute(routes, view(classification), catalog)
    const decision = Object.freeze({
      id: parts.nextId(),
      policy_digest: policy.digest,
      classification,
      baseline: routes.baseline ?? null,
      ...settle(routes, choice, { model, session, at, catalog }),
    })
    if (request.dryRun === true) return decision
    return andThen(
      record(parts, { asked, decision, chosen: choice.target ?? null, view: view(classification) }),
      () => decision,
    )
  })
}

/** INVARIANT: what a target may not have is not shown to a classifier either. */
function permittedClassifier(
  routes: CompiledRoutes,
  session: RouteView['session'],
): ClassifierSettings {
  const { classifier } = routes
  if (classifier.model === undefined) return classifier
  const [model, ...fallbacks] = [classifier.model, ...classifier.fallbacks].filter(
    (one) => !isKeptFrom(routes, one, { session }),
  )
  return model === undefined
    ? { ...classifier, mode: 'local' }
    : { ...classifier, model, fallbacks }
}

interface Settling {
  readonly model: ModelRequest
  readonly session: Session
  readonly at: number
  readonly catalog: ModelCatalog
}

type Settled = Pick<
  RouteDecision,
  'route' | 'target' | 'fallbacks' | 'considered' | 'detail' | 'affinity'
>

function settle(routes: CompiledRoutes, choice: RouteChoice | NoRoute, given: Settling): Settled {
  const { considered } = choice
  if (choice.target === undefined)
    return {
      route: null,
      target: null,
      fallbacks: [],
      considered,
      detail: choice.detail,
      affinity: NO_AFFINITY,
    }
  const { model, affinity } = keepModel(routes, choice, {
    ...given,
    used: given.session.models,
    session: sessionView(given.session),
  })
  const others = [choice.target, ...choice.fallbacks].filter((one) => one !== model)
  return {
    route: choice.route,
    target: model,
    fallbacks: others,
    considered,
    detail: null,
    affinity,
  }
}

const NO_AFFINITY: Affinity = Object.freeze({ action: 'none', switch_cost_nusd: null, reason: '' })

function sessionView(session: Session): RouteView['session'] {
  const { id, risk, watch, forgot, scopes } = session
  return { id, risk, tainted: watch?.tainted === true || forgot, scopes }
}

function refusal(parts: LineParts, detail: string): RouteDecision {
  return Object.freeze({
    id: parts.nextId(),
    policy_digest: parts.currentDigest(),
    route: null,
    target: null,
    fallbacks: [],
    classification: skipped(),
    affinity: NO_AFFINITY,
    considered: [],
    baseline: null,
    detail,
  })
}

interface Recording {
  readonly asked: Asked
  readonly decision: RouteDecision
  /** What the route says, before the session's own model was kept. */
  readonly chosen: string | null
  readonly view: RouteView
}

function record(
  parts: LineParts,
  { asked, decision, chosen, view }: Recording,
): MaybePromise<void> {
  const { classification, affinity, fallbacks, baseline } = decision
  const { subject } = view
  return note(parts, {
    kind: 'route',
    status: decision.target === null ? 'denied' : 'success',
    session_id: asked.session,
    trace_id: asked.trace ?? null,
    request_id: asked.ids.request ?? null,
    agent: subject.agent,
    user_id: subject.user ?? null,
    tenant: subject.tenant ?? null,
    team: subject.team ?? null,
    tier: subject.tier ?? 'user',
    scope: view.scope ?? null,
    policy_digest: decision.policy_digest,
    model: decision.target,
    cost_nusd: classification.cost_nusd,
    duration_ms: classification.latency_ms,
    arguments: {
      route: decision.route,
      chosen,
      fallbacks,
      classification: { ...classification },
      affinity: { ...affinity },
      baseline,
      view: recordedView(view),
    },
  })
}
