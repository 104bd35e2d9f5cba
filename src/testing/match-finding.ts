import { BUILT_IN_RULE_IDS } from '../core/behavior/rule-ids.ts'
import type { Finding } from '../core/model/finding.ts'
import { andThen, type MaybePromise } from '../core/model/json.ts'
import { didYouMean } from '../core/suggest.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import type { MatcherResult } from './matcher-result.ts'
import { requestOf, TEST_SESSION, type TestCall } from './test-call.ts'

/** Asks what a session has shown so far, or what a call would show. Nothing moves. */
export function matchFinding(
  received: unknown,
  rule: string,
  call?: TestCall,
): MaybePromise<MatcherResult> {
  if (!isEngine(received))
    throw new TypeError('expected a policy engine: write `expect(engine)`, not a decision')
  if (call === undefined) return resultOf(rule, received.behavior(TEST_SESSION).findings, 'session')
  return andThen(received.explain(requestOf(call)), ({ decision }) =>
    resultOf(rule, decision.findings, 'call'),
  )
}

function resultOf(rule: string, findings: readonly Finding[], where: string): MatcherResult {
  const pass = findings.some((finding) => finding.rule === rule)
  return {
    pass,
    message: () => {
      const found = findings.map(
        ({ rule: id, trigger, sources, message }) =>
          `  ${id}  ${[...sources, trigger].map((number) => `event ${number}`).join(' -> ')}  ${message}`,
      )
      const hint = pass || known(rule) ? null : didYouMean(rule, BUILT_IN_RULE_IDS)
      return [
        `expected \`${rule}\` ${pass ? 'not ' : ''}to be found in the ${where}; found${found.length === 0 ? ' nothing' : ':'}`,
        ...found,
        ...(hint === null ? [] : [`there is no built-in rule \`${rule}\`: ${hint}`]),
      ].join('\n')
    },
  }
}

function known(rule: string): boolean {
  return BUILT_IN_RULE_IDS.includes(rule)
}

function isEngine(value: unknown): value is Pick<PolicyEngine, 'explain' | 'behavior'> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'explain' in value &&
    typeof value.explain === 'function' &&
    'behavior' in value &&
    typeof value.behavior === 'function'
  )
}
