import { type Effect, REASONS, type Reason } from '../core/model/decision.ts'
import { andThen, type MaybePromise } from '../core/model/json.ts'
import { didYouMean } from '../core/suggest.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import type { Explanation } from '../engine/explain.ts'
import { alignedRows, describeEffect, describeExplanation } from './describe.ts'
import { matchFinding } from './match-finding.ts'
import { matchRoute, type TestRoute } from './match-route.ts'
import type { MatcherResult } from './matcher-result.ts'
import { requestOf, type TestCall } from './test-call.ts'

/**
 * The matchers by type, for the declarations of a runner. `R` is what an assertion returns: await
 * it, since an answer may have to wait for a parser.
 * @see examples/ci for the three lines that declare them to vitest
 */
export interface PolicyMatchers<R = Promise<void>> {
  /** The call would be allowed as it stands. */
  toAllow(call: TestCall): R
  /**
   * The call would be denied, for this reason where one is given; without one, not because the call
   * is malformed or names nobody.
   */
  toDeny(call: TestCall, reason?: Reason): R
  /** A person would be asked. */
  toEscalate(call: TestCall): R
  /** The call would be allowed with its arguments rewritten. */
  toCompute(call: TestCall): R
  /**
   * The rule has fired in the session so far; with a call, it would fire on that call.
   * @param rule its id, such as `secret_relay`
   */
  toFind(rule: string, call?: TestCall): R
  /**
   * The policy would have this model answer first.
   * @param target the model, such as `openai/gpt-4o-mini`
   */
  toRoute(target: string, request: TestRoute): R
}

type Matcher = (received: unknown, ...given: never[]) => MaybePromise<MatcherResult>

/**
 * For `expect.extend`. Each asks `engine.explain`, so that nothing moves and nothing is recorded.
 * Answers at once where the engine does, so that even an assertion without `await` counts there.
 */
export const policyMatchers = {
  toAllow: (received: unknown, call: TestCall) => match(received, call, 'allow'),
  toDeny: (received: unknown, call: TestCall, reason?: Reason) =>
    match(received, call, 'deny', reason),
  toEscalate: (received: unknown, call: TestCall) => match(received, call, 'escalate'),
  toCompute: (received: unknown, call: TestCall) => match(received, call, 'compute'),
  toFind: matchFinding,
  toRoute: matchRoute,
} satisfies Record<keyof PolicyMatchers, Matcher>

function match(
  received: unknown,
  call: TestCall,
  effect: Effect,
  reason?: Reason,
): MaybePromise<MatcherResult> {
  if (!isEngine(received))
    throw new TypeError('expected a policy engine: write `expect(engine)`, not a decision')
  if (reason !== undefined && !REASONS.includes(reason)) throw new TypeError(noReason(reason))
  const request = requestOf(call)
  return andThen(received.explain(request), (explanation) => {
    const { decision } = explanation
    const pass =
      decision.effect === effect &&
      (reason === undefined ? !PROVES_NOTHING.has(decision.reason) : decision.reason === reason)
    return {
      pass,
      message: () => messageFor(pass, WISHES[effect], reason, request, explanation),
    }
  })
}

// Denials of the call as it was written, not by the policy: only meant where they are named.
const PROVES_NOTHING: ReadonlySet<Reason> = new Set(['malformed_request', 'no_principal'])

const WISHES: Readonly<Record<Effect, string>> = {
  allow: 'allowed',
  deny: 'denied',
  escalate: 'put before a person',
  compute: 'rewritten',
}

function messageFor(
  pass: boolean,
  wish: string,
  reason: Reason | undefined,
  request: ReturnType<typeof requestOf>,
  explanation: Explanation,
): string {
  const not = pass ? 'not ' : ''
  const why = reason === undefined ? '' : ` for \`${reason}\``
  return [
    `expected the call ${not}to be ${wish}${why}, got: ${describeEffect(explanation.decision)}`,
    ...alignedRows(describeExplanation(request, explanation), '  '),
  ].join('\n')
}

function noReason(reason: string): string {
  const hint = didYouMean(reason, REASONS)
  return `there is no reason \`${reason}\`${hint === null ? '' : `: ${hint}`}`
}

function isEngine(value: unknown): value is Pick<PolicyEngine, 'explain'> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'explain' in value &&
    typeof value.explain === 'function'
  )
}
