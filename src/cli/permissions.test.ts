import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CallRequest, type Subject, VERB_LEVEL, VERBS } from '../core/model/call.ts'
import type { Decision } from '../core/model/decision.ts'
import { type CompiledPolicy, compileDocument } from '../core/policy/compile.ts'
import { createPolicyEngine, type PolicyEngine } from '../engine/create-policy-engine.ts'
import { ARBITRARY_NOW, policyArbitrary, subjectArbitrary } from '../testing/arbitraries.ts'
import { listPermissions, type Permission } from './permissions.ts'

// A command line cannot narrow the scopes of its subject.
const subjects = subjectArbitrary(fc).map(({ scopes: _, ...subject }): Subject => subject)
const RUNS = { seed: 4829, numRuns: 1000 }

interface Asked {
  readonly policy: CompiledPolicy
  readonly engine: PolicyEngine
  readonly subject: Subject
  /** What is listed for each name of the catalogue, denials left out. */
  readonly listed: ReadonlyMap<string, readonly Permission[]>
}

async function ask(policy: CompiledPolicy, subject: Subject): Promise<Asked> {
  const engine = createPolicyEngine({ policy, clock: { now: () => ARBITRARY_NOW } })
  await engine.ready()
  const rows = await listPermissions(policy, { subject, scope: undefined, at: ARBITRARY_NOW })
  const listed = new Map(
    [...policy.index.catalogue.keys()].map((name) => [
      name,
      rows.filter(({ resource, effect }) => resource === name && effect !== 'deny'),
    ]),
  )
  return { policy, engine, subject, listed }
}

/** Every scope that a call may name without the policy knowing more: none, and each of the policy. */
const scopesOf = ({ index }: CompiledPolicy) => [undefined, ...index.scopes]

const inScope = (scope: string | undefined) => (scope === undefined ? {} : { scope })

/** Rows that speak of a call in this scope, or in the one that the catalogue gives. */
function rowsIn({ policy, listed }: Asked, name: string, scope: string | undefined) {
  const own = policy.index.catalogue.get(name)?.scope ?? scope
  return (listed.get(name) ?? []).filter(
    ({ scopes }) => scopes === null || (own !== undefined && scopes.includes(own)),
  )
}

async function decide(asked: Asked, call: Pick<CallRequest, 'resource' | 'scope' | 'verb'>) {
  const request = { session: 's', arguments: {}, subject: asked.subject, ...call }
  return (await asked.engine.explain(request)).decision
}

/** Refused for the arguments alone: with others the call might go out. */
function dependsOnArguments({ policy }: Asked, { reason, rule, constraint }: Decision): boolean {
  if (reason !== 'explicit_deny') return constraint !== null
  const role = policy.document.roles?.find(({ name }) => name === rule?.role)
  return Object.keys(role?.rules?.[rule?.index ?? -1]?.constraints ?? {}).length > 0
}

const check = (judge: (asked: Asked, name: string, scope: string | undefined) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(policyArbitrary(fc), subjects, async (document, subject) => {
      const asked = await ask(compileDocument(document, []), subject)
      for (const name of asked.listed.keys())
        for (const scope of scopesOf(asked.policy)) await judge(asked, name, scope)
      await asked.engine.close()
    }),
    RUNS,
  )

describe('what can-i lists of the catalogue, for any policy and subject', () => {
  it('is what the subject may discover', () =>
    check(async (asked, name, scope) => {
      const request = { session: 's', subject: asked.subject, ...inScope(scope) }
      const found = await asked.engine.discover(request, [name])
      expect(found.length > 0).toBe(rowsIn(asked, name, scope).length > 0)
    }))

  it('has a verb at least as strong as each that is granted', () =>
    check(async (asked, name, scope) => {
      const strongest = Math.max(
        -1,
        ...rowsIn(asked, name, scope).map(({ verb }) => VERB_LEVEL[verb]),
      )
      for (const verb of VERBS) {
        const { effect } = await decide(asked, { resource: name, verb, ...inScope(scope) })
        if (effect !== 'deny') expect(VERB_LEVEL[verb]).toBeLessThanOrEqual(strongest)
      }
    }))

  // A rule that asks for a rewrite is listed as `(refused yet)`: this version cannot make one.
  it('is refused only for what the arguments are, or for a rewrite', () =>
    check(async (asked, name, scope) => {
      const rows = rowsIn(asked, name, scope)
      const isRewritten = rows.some(({ effect }) => effect === 'compute')
      for (const { verb } of rows) {
        const decision = await decide(asked, { resource: name, verb, ...inScope(scope) })
        const isRewrite = isRewritten && decision.reason === 'gate_failed'
        if (decision.effect === 'deny' && !isRewrite)
          expect([decision, dependsOnArguments(asked, decision)]).toEqual([decision, true])
      }
    }))
})
