import type { Surface } from '../../core/routing/model-request.ts'
import { readModelRequest } from '../../core/routing/read-model-request.ts'
import type { RouteDecision } from '../../engine/routing/route.ts'
import type { Guard, Head } from '../guard.ts'
import type { Incoming } from '../incoming.ts'
import { attemptLoop } from './attempt-loop.ts'
import { noRouteResponse } from './final-response.ts'
import type { Routing } from './routing.ts'

/** A request that may be routed. */
export interface Asked {
  readonly guard: Guard
  readonly routing: Routing
  readonly inner: typeof fetch
  readonly incoming: Incoming
  readonly head: Head
}

/**
 * Has a request answered by the models that the policy chooses. Undefined where it chooses none: the
 * request then goes to the model it names, judged as always. Only observed, a request goes where it went.
 */
export async function routed(asked: Asked): Promise<Response | undefined> {
  const { guard, routing, incoming, head } = asked
  const { body, endpoint } = incoming
  if (body.kind !== 'json' || !isSurface(endpoint.kind)) return undefined
  const { engine } = guard
  const requestId = head.ids?.request ?? globalThis.crypto.randomUUID()
  const named: Head = { ...head, ids: { ...head.ids, request: requestId } }
  const catalog = routing.catalog?.()
  const decision = await engine.route({
    ...named,
    arguments: body.light.value,
    surface: endpoint.kind,
    ...(routing.classifier === undefined ? {} : { classifier: routing.classifier }),
    ...(catalog === undefined ? {} : { catalog }),
  })
  classifiedFor(asked, decision)
  if (!engine.context().enforces) return undefined
  const { target, considered } = decision
  if (target === null) return considered.length === 0 ? undefined : noRouteResponse(decision)
  const surface = endpoint.kind
  return attemptLoop({
    ...asked,
    head: named,
    requestId,
    decision,
    surface,
    target,
    fallbacks: () => fallbacksOf(asked, decision, surface),
  })
}

/** Within a tool loop, or a chain of sealed reasoning, another vendor could not go on. */
function fallbacksOf(
  { incoming: { body } }: Asked,
  { target, fallbacks }: RouteDecision,
  surface: Surface,
): readonly string[] {
  if (fallbacks.length === 0 || body.kind !== 'json') return fallbacks
  if (!readModelRequest(body.light.value, surface).bound_to_vendor) return fallbacks
  return fallbacks.filter((model) => vendorOf(model) === vendorOf(target ?? ''))
}

function vendorOf(model: string): string {
  return model.replace(/^~/, '').split('/')[0] ?? ''
}

const ASKED: ReadonlySet<string> = new Set(['ok', 'repaired', 'timeout', 'failed'])

/** Asking what a request is about has its own line in the costs, whatever became of the answer. */
function classifiedFor({ routing, head }: Asked, { classification }: RouteDecision): void {
  const { outcome, cost_nusd: nusd, task } = classification
  if (!ASKED.has(outcome)) return
  routing.costs?.classified({
    session: head.session,
    agent: head.subject?.agent ?? null,
    tenant: head.subject?.tenant ?? null,
    task: task === 'unknown' ? null : task,
    nusd,
  })
}

const SURFACES: ReadonlySet<string> = new Set(['chat', 'responses', 'completions', 'embeddings'])

function isSurface(kind: Incoming['endpoint']['kind']): kind is Surface {
  return SURFACES.has(kind)
}
