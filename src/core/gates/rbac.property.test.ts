import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ARBITRARY_NOW,
  bindingArbitrary,
  policyArbitrary,
  queryArbitrary,
  ruleArbitrary,
} from '../../testing/arbitraries.ts'
import type { CallRequest } from '../model/call.ts'
import type { CompiledPolicy } from '../policy/compile.ts'
import type { PolicyDocument, RuleDocument } from '../policy/document.ts'
import { createPolicyIndex } from '../policy/policy-index.ts'
import { referenceEvaluate } from './rbac.reference.ts'
import { evaluate } from './rbac.ts'
import type { RbacQuery, RbacVerdict } from './rbac-verdict.ts'

// CALLGATE_RUNS=100000 in CI's property stage; fewer while writing.
const RUNS = { numRuns: Number(process.env['CALLGATE_RUNS'] ?? 2_000) }
const policies = policyArbitrary(fc)
const queries = queryArbitrary(fc)

function compiled(document: PolicyDocument): CompiledPolicy {
  return { digest: '', document, warnings: [], index: createPolicyIndex(document) }
}

function queryOf(policy: CompiledPolicy, request: CallRequest): RbacQuery {
  const resource = policy.index.resolve(request.resource, request.server)
  if ('fault' in resource) throw new Error(resource.fault)
  return {
    subject: request.subject,
    verb: request.verb ?? 'invoke',
    resource,
    scope: resource.scope ?? request.scope,
    arguments: request.arguments,
    at: ARBITRARY_NOW,
  }
}

function decide(
  document: PolicyDocument,
  request: CallRequest,
  policy = compiled(document),
): RbacVerdict {
  const verdict = evaluate(policy, queryOf(policy, request), {})
  if (verdict instanceof Promise) throw new Error('synchronous constraints only')
  return verdict
}

const permits = (document: PolicyDocument, request: CallRequest) =>
  decide(document, request).effect !== 'deny'

/** The document with a rule put into its first role. */
function withRule(
  document: PolicyDocument,
  rule: RuleDocument,
  place: 'first' | 'last',
): PolicyDocument {
  const [head, ...tail] = document.roles ?? []
  if (head === undefined) return document
  const rules = place === 'first' ? [rule, ...(head.rules ?? [])] : [...(head.rules ?? []), rule]
  return { ...document, roles: [{ ...head, rules }, ...tail] }
}

const outcome = (verdict: RbacVerdict) =>
  verdict.effect === 'allow' || verdict.effect === 'deny' ? verdict.reason : verdict.effect

describe('rbac, for any policy and call', () => {
  it('agrees with the reference evaluator, cold and warm', () => {
    fc.assert(
      fc.property(
        policies,
        fc.array(queries, { minLength: 1, maxLength: 8 }),
        (document, requests) => {
          const policy = compiled(document)
          for (const request of [...requests, ...requests]) {
            const query = queryOf(policy, request)
            const wanted = referenceEvaluate(document, query).replace(/^allow$/, 'allowed')
            expect([request, outcome(decide(document, request, policy))]).toEqual([request, wanted])
          }
        },
      ),
      RUNS,
    )
  })

  it('denies by default: without bindings nothing is permitted', () => {
    fc.assert(
      fc.property(policies, queries, (document, request) => {
        expect(permits({ ...document, bindings: [] }, request)).toBe(false)
      }),
      RUNS,
    )
  })

  it('permits only what a rule of a bound role grants', () => {
    fc.assert(
      fc.property(policies, queries, (document, request) => {
        const verdict = decide(document, request)
        const isGranted = verdict.effect === 'deny' || verdict.rule !== null
        expect(isGranted).toBe(true)
      }),
      RUNS,
    )
  })

  it('lets a deny win over every allow, wherever it stands', () => {
    fc.assert(
      fc.property(
        policies,
        queries,
        fc.constantFrom('first', 'last'),
        (document, request, place) => {
          fc.pre(permits(document, request))
          const deny: RuleDocument = { effect: 'deny', resources: ['*'], verbs: ['discover'] }
          const roles = (document.roles ?? []).map((role) => ({
            ...role,
            rules:
              place === 'first' ? [deny, ...(role.rules ?? [])] : [...(role.rules ?? []), deny],
          }))
          expect(decide({ ...document, roles }, request).reason).toBe('explicit_deny')
        },
      ),
      RUNS,
    )
  })

  it('gives the same answer whatever the order and repetition of rules, roles and bindings', () => {
    fc.assert(
      fc.property(policies, queries, fc.infiniteStream(fc.nat()), (document, request, dice) => {
        const shuffled = <T>(list: readonly T[] | undefined): T[] =>
          [...(list ?? []), ...(list ?? []).slice(0, 1)]
            .map((item) => ({ item, order: dice.next().value ?? 0 }))
            .sort((one, other) => one.order - other.order)
            .map(({ item }) => item)
        const roles = (document.roles ?? []).map((role) => ({
          ...role,
          rules: shuffled(role.rules),
        }))
        const mixed = { ...document, roles: roles.reverse(), bindings: shuffled(document.bindings) }
        expect(outcome(decide(mixed, request))).toBe(outcome(decide(document, request)))
      }),
      RUNS,
    )
  })

  it('never takes a permission away when an allow is added', () => {
    const allow = ruleArbitrary(fc).map((rule): RuleDocument => ({ ...rule, effect: 'allow' }))
    fc.assert(
      fc.property(policies, queries, allow, (document, request, rule) => {
        fc.pre(permits(document, request))
        expect(permits(withRule(document, rule, 'first'), request)).toBe(true)
      }),
      RUNS,
    )
  })

  it('never takes a permission away when a binding of allow rules is added', () => {
    fc.assert(
      fc.property(policies, queries, bindingArbitrary(fc), (document, request, binding) => {
        const roles = (document.roles ?? []).map((role) => ({
          ...role,
          rules: (role.rules ?? []).filter((rule) => rule.effect !== 'deny'),
        }))
        const open = { ...document, roles }
        fc.pre(permits(open, request))
        const more = { ...open, bindings: [...(open.bindings ?? []), binding] }
        expect(permits(more, request)).toBe(true)
      }),
      RUNS,
    )
  })

  it('never permits more when a deny is added', () => {
    const deny = ruleArbitrary(fc).map((rule): RuleDocument => ({ ...rule, effect: 'deny' }))
    fc.assert(
      fc.property(policies, queries, deny, (document, request, rule) => {
        fc.pre(!permits(document, request))
        expect(permits(withRule(document, rule, 'first'), request)).toBe(false)
      }),
      RUNS,
    )
  })

  it('discovers what it permits to invoke', () => {
    fc.assert(
      fc.property(policies, queries, (document, request) => {
        fc.pre(permits(document, { ...request, verb: 'invoke' }))
        expect(permits(document, { ...request, verb: 'discover' })).toBe(true)
      }),
      RUNS,
    )
  })

  it('answers from memory what a fresh load of the same document answers', () => {
    fc.assert(
      fc.property(
        policies,
        fc.array(queries, { maxLength: 6 }),
        queries,
        (document, warming, request) => {
          const warm = compiled(document)
          for (const other of warming) decide(document, other, warm)
          expect(decide(document, request, warm)).toEqual(decide(document, request))
        },
      ),
      RUNS,
    )
  })
})
