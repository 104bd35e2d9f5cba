import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bindingArbitrary,
  policyArbitrary,
  queryArbitrary,
  ruleArbitrary,
} from '../../testing/arbitraries.ts'
import type { CallRequest } from '../model/call.ts'
import type { PolicyDocument, RuleDocument } from '../policy/document.ts'
import { compiled, queryOf } from './query.fixture.ts'
import { referenceEvaluate } from './rbac.reference.ts'
import { evaluate } from './rbac.ts'
import { referenceEvaluated } from './rbac-evaluated.reference.ts'
import { evaluatedRules } from './rbac-evaluated.ts'
import type { RbacVerdict } from './rbac-verdict.ts'

// Every policy meets a list of calls, since making a policy costs far more than judging a call.
// CALLGATE_CASES=100000 in CI; fewer while writing.
const CALLS = 50
// Lists have half of CALLS on average.
const RUNS = { numRuns: Math.ceil(Number(process.env['CALLGATE_CASES'] ?? 10_000) / (CALLS / 2)) }
const policies = policyArbitrary(fc)
const calls = fc.array(queryArbitrary(fc), { minLength: 1, maxLength: CALLS, size: 'max' })
const queries = queryArbitrary(fc)

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

/** What a record would say of the rules: `role/index outcome`. */
const evaluated = ({ judging }: RbacVerdict): readonly string[] =>
  judging === undefined
    ? []
    : evaluatedRules(judging).entries.map(({ role, index, outcome: said, constraint = '' }) =>
        `${role}/${index} ${said} ${constraint}`.trim(),
      )

const plain = (verdict: RbacVerdict) => ({ ...verdict, judging: evaluated(verdict) })

/** Holds a law against every policy and each of its calls. */
function always(law: (document: PolicyDocument, request: CallRequest) => void): void {
  fc.assert(
    fc.property(policies, calls, (document, requests) => {
      for (const request of requests) law(document, request)
    }),
    RUNS,
  )
}

/** The same with something more to add to the policy. */
function alwaysWith<T>(
  more: fc.Arbitrary<T>,
  law: (document: PolicyDocument, request: CallRequest, added: T) => void,
): void {
  fc.assert(
    fc.property(policies, calls, more, (document, requests, added) => {
      for (const request of requests) law(document, request, added)
    }),
    RUNS,
  )
}

describe('rbac, for any policy and call', () => {
  it('agrees with the reference evaluator, cold and warm', () => {
    fc.assert(
      fc.property(policies, calls, (document, requests) => {
        const policy = compiled(document)
        for (const request of [...requests, ...requests]) {
          const query = queryOf(policy, request)
          const wanted = referenceEvaluate(document, query).replace(/^allow$/, 'allowed')
          expect([request, outcome(decide(document, request, policy))]).toEqual([request, wanted])
        }
      }),
      RUNS,
    )
  })

  it('says of every rule that names the resource what the reference evaluator says', () => {
    fc.assert(
      fc.property(policies, calls, (document, requests) => {
        const policy = compiled(document)
        for (const request of [...requests, ...requests]) {
          const wanted = referenceEvaluated(document, queryOf(policy, request)).slice(0, 32)
          expect([request, evaluated(decide(document, request, policy))]).toEqual([request, wanted])
        }
      }),
      RUNS,
    )
  })

  it('says that a rule was applied exactly where one decided', () => {
    always((document, request) => {
      const verdict = decide(document, request)
      const said = evaluated(verdict).map((text) => text.split(' ')[1])
      const isDenied = verdict.reason === 'explicit_deny'
      expect(said.includes('denied')).toBe(isDenied)
      if (verdict.effect === 'escalate') expect(said).toContain('asked')
      if (verdict.effect === 'compute') expect(said).toContain('rewrote')
      if (verdict.effect === 'allow') expect(said).toContain('granted')
    })
  })

  it('denies by default: without bindings and entities nothing is permitted', () => {
    always((document, request) => {
      expect(permits({ ...document, bindings: [], entities: [] }, request)).toBe(false)
    })
  })

  it('permits only what a rule grants', () => {
    always((document, request) => {
      const verdict = decide(document, request)
      expect(verdict.effect === 'deny' || verdict.rule !== null).toBe(true)
    })
  })

  it('lets a deny win over every allow, wherever it stands', () => {
    alwaysWith(fc.constantFrom('first', 'last'), (written, request, place) => {
      const document = { ...written, entities: [] }
      if (!permits(document, request)) return
      const deny: RuleDocument = { effect: 'deny', resources: ['*'], verbs: ['discover'] }
      const roles = (document.roles ?? []).map((role) => ({
        ...role,
        rules: place === 'first' ? [deny, ...(role.rules ?? [])] : [...(role.rules ?? []), deny],
      }))
      expect(decide({ ...document, roles }, request).reason).toBe('explicit_deny')
    })
  })

  it('lets a denial of an entity win over everything', () => {
    always((document, request) => {
      const denial = { for: 'user:u', effect: 'deny', on: ['*'] } as const
      const entities = [...(document.entities ?? []), denial]
      const verdict = decide({ ...document, entities }, request)
      if (request.subject?.user === 'u') expect(verdict.effect).toBe('deny')
    })
  })

  it('gives the same answer whatever the order and repetition of rules, roles and bindings', () => {
    alwaysWith(fc.infiniteStream(fc.nat()), (document, request, dice) => {
      const shuffled = <T>(list: readonly T[] | undefined): T[] =>
        [...(list ?? []), ...(list ?? []).slice(0, 1)]
          .map((item) => ({ item, order: dice.next().value ?? 0 }))
          .sort((one, other) => one.order - other.order)
          .map(({ item }) => item)
      const roles = (document.roles ?? []).map((role) => ({ ...role, rules: shuffled(role.rules) }))
      const mixed = { ...document, roles: roles.reverse(), bindings: shuffled(document.bindings) }
      expect(outcome(decide(mixed, request))).toBe(outcome(decide(document, request)))
    })
  })

  it('never takes a permission away when an allow is added', () => {
    const allow = ruleArbitrary(fc).map((rule): RuleDocument => ({ ...rule, effect: 'allow' }))
    alwaysWith(allow, (document, request, rule) => {
      if (!permits(document, request)) return
      expect(permits(withRule(document, rule, 'first'), request)).toBe(true)
    })
  })

  it('never takes a permission away when a binding of rules that do not deny is added', () => {
    alwaysWith(bindingArbitrary(fc), (document, request, binding) => {
      const roles = (document.roles ?? []).map((role) => ({
        ...role,
        rules: (role.rules ?? []).filter((rule) => rule.effect !== 'deny'),
      }))
      const open = { ...document, roles }
      if (!permits(open, request)) return
      const bindings = [...(open.bindings ?? []), binding]
      expect(permits({ ...open, bindings }, request)).toBe(true)
    })
  })

  it('never permits more when a deny is added', () => {
    const deny = ruleArbitrary(fc).map((rule): RuleDocument => ({ ...rule, effect: 'deny' }))
    alwaysWith(deny, (document, request, rule) => {
      if (permits(document, request)) return
      expect(permits(withRule(document, rule, 'first'), request)).toBe(false)
    })
  })

  it('discovers what it permits to invoke', () => {
    always((document, request) => {
      if (!permits(document, { ...request, verb: 'invoke' })) return
      expect(permits(document, { ...request, verb: 'discover' })).toBe(true)
    })
  })

  it('answers from memory what a fresh load of the same document answers', () => {
    alwaysWith(fc.array(queries, { maxLength: 6 }), (document, request, warming) => {
      const warm = compiled(document)
      for (const other of warming) decide(document, other, warm)
      expect(plain(decide(document, request, warm))).toEqual(plain(decide(document, request)))
    })
  })
})
