import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../core/gates/rbac.ts'
import type { PolicyDocument } from '../core/policy/document.ts'
import { checkPolicyText, compilePolicy } from '../core/policy/parse.ts'
import { ARBITRARY_NOW, policyArbitrary, queryArbitrary } from './arbitraries.ts'

const SEED = { seed: 4829 }

describe('policyArbitrary', () => {
  it('makes valid policies only', () => {
    const valid = (document: PolicyDocument) => {
      const { problems } = checkPolicyText(JSON.stringify(document), { filename: 'p.json' })
      expect(problems).toEqual([])
    }

    fc.assert(fc.property(policyArbitrary(fc), valid), { ...SEED, numRuns: 100 })
  })
})

describe('queryArbitrary', () => {
  it('makes calls that end in every way', () => {
    const ends = new Set<string>()
    const pairs = fc.sample(fc.tuple(policyArbitrary(fc), queryArbitrary(fc)), {
      ...SEED,
      numRuns: 2_000,
    })
    for (const [document, call] of pairs) {
      const policy = compilePolicy(document)
      const resource = policy.index.resolve(call.resource, call.server)
      if ('fault' in resource) throw new Error(resource.fault)
      const query = {
        subject: call.subject,
        verb: call.verb ?? 'invoke',
        resource,
        scope: resource.scope ?? call.scope,
        arguments: call.arguments,
        at: ARBITRARY_NOW,
      }
      const verdict = evaluate(policy, query, {})
      if (verdict instanceof Promise) throw new Error('only synchronous constraints are wanted')
      ends.add(verdict.reason === 'allowed' ? verdict.effect : verdict.reason)
    }

    expect([...ends].sort()).toEqual([
      'allow',
      'compute',
      'constraint_unverifiable',
      'constraint_violation',
      'escalate',
      'explicit_deny',
      'no_binding',
      'no_matching_rule',
      'no_principal',
      'scope_mismatch',
      'tier_insufficient',
      'token_invalid',
      'verb_insufficient',
    ])
  }, 20_000)
})
