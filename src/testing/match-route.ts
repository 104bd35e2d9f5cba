import { andThen, type MaybePromise } from '../core/model/json.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import type { RouteDecision, RouteRequest } from '../engine/routing/route.ts'
import type { MatcherResult } from './matcher-result.ts'
import { requestOf, type TestCall } from './test-call.ts'

/** A request to a model in a test: `arguments` is its body. */
export interface TestRoute extends Omit<TestCall, 'resource'> {
  /** By the path it comes on. @default 'chat' */
  readonly surface?: RouteRequest['surface']
  /** What it is about; without it the local classifier says so. */
  readonly classification?: RouteRequest['classification']
}

/** `toRoute`: the policy would have this model answer. Nothing is recorded, and no model is kept. */
export function matchRoute(
  received: unknown,
  target: string,
  request: TestRoute,
): MaybePromise<MatcherResult> {
  if (!isRouting(received)) throw new TypeError('expected a policy engine: write `expect(engine)`')
  if (typeof target !== 'string') throw new TypeError('`toRoute` takes a model, then a request')
  const { surface, classification, ...call } = request
  const { resource: _, ...asked } = requestOf({ ...call, resource: 'model:any/model' })
  const more = {
    ...(surface === undefined ? {} : { surface }),
    ...(classification === undefined ? {} : { classification }),
  }
  return andThen(received.route({ ...asked, ...more, dryRun: true }), (decision) => {
    const pass = decision.target === target
    return { pass, message: () => messageFor(pass, target, decision) }
  })
}

function messageFor(pass: boolean, target: string, decision: RouteDecision): string {
  const { task, complexity, by } = decision.classification
  const got = decision.target ?? `nothing (${decision.detail ?? 'no reason'})`
  return [
    `expected the request ${pass ? 'not ' : ''}to be routed to ${target}, got: ${got}`,
    `  route       ${decision.route ?? 'none'}`,
    `  is about    ${task}, ${complexity} (by ${by})`,
    ...decision.considered.map(
      ({ route, matched, why }) =>
        `  ${matched ? '✓' : '✗'} ${route}${why === '' ? '' : `: ${why}`}`,
    ),
  ].join('\n')
}

function isRouting(value: unknown): value is Pick<PolicyEngine, 'route'> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'route' in value &&
    typeof value.route === 'function'
  )
}
