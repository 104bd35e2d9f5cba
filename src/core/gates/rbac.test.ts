import { describe, expect, it } from 'vitest'
import type { Verb } from '../model/call.ts'
import type { PolicyDocument, RuleDocument } from '../policy/document.ts'
import { createPolicyIndex } from '../policy/policy-index.ts'
import { evaluate } from './rbac.ts'
import { traceRules } from './rbac-trace.ts'
import type { RbacQuery } from './rbac-verdict.ts'

function ask(
  document: PolicyDocument,
  resource: string,
  rest: Partial<RbacQuery> & { server?: string } = {},
) {
  const policy = { digest: '', document, warnings: [], index: createPolicyIndex(document) }
  const entry = policy.index.resolve(resource, rest.server)
  if ('fault' in entry) throw new Error(entry.fault)
  const query: RbacQuery = {
    subject: { agent: 'a' },
    verb: 'invoke',
    resource: entry,
    scope: undefined,
    arguments: {},
    at: 0,
    ...rest,
  }
  return { verdict: evaluate(policy, query, {}), traces: traceRules(policy, query, {}) }
}
const policyOf = (rules: readonly RuleDocument[], rest: PolicyDocument = {}): PolicyDocument => ({
  roles: [{ name: 'r', rules }],
  bindings: [{ agent: 'a', roles: ['r'] }],
  ...rest,
})
const rule = (
  effect: RuleDocument['effect'],
  resource: string,
  more: Partial<RuleDocument> = {},
): RuleDocument => ({
  ...(effect === undefined ? {} : { effect }),
  resources: [resource],
  verbs: ['invoke'],
  ...more,
})
const CATALOGUE: PolicyDocument = { tools: [{ name: 'db.read', server: 'db' }] }

describe('tools that the catalogue of their server does not list', () => {
  it('are still escalated by a glob that grants nothing there', () => {
    const rules = [rule('allow', '*'), rule('escalate', 'db.drop_*')]
    expect(ask(policyOf(rules, CATALOGUE), 'db.drop_table').verdict).toMatchObject({
      effect: 'escalate',
    })
    expect(
      ask(policyOf([rule('escalate', 'db.drop_*')], CATALOGUE), 'db.drop_table').verdict,
    ).toMatchObject({
      reason: 'no_matching_rule',
    })
  })

  it('are denied by a glob all the same', () => {
    const rules = [rule('allow', 'server:db'), rule('deny', 'db.d*')]
    expect(ask(policyOf(rules, CATALOGUE), 'db.drop').verdict).toMatchObject({
      reason: 'explicit_deny',
    })
  })
})

describe('a bare name given with its server', () => {
  it.each([
    ['an exact deny', 'db.drop'],
    ['a glob', 'db.*'],
    ['its server', 'server:db'],
  ])('is covered by %s of the full name', (_name, selector) => {
    const document = policyOf([rule('allow', '*'), rule('deny', selector)], { servers: ['db'] })
    expect(ask(document, 'drop', { server: 'db' }).verdict).toMatchObject({
      reason: 'explicit_deny',
    })
    expect(ask(document, 'drop').verdict).toMatchObject({ effect: 'allow' })
  })

  it.each([['db.write'], ['db.w*'], ['server:db']])(
    'is escalated by `%s`, as its full name is',
    (selector) => {
      const rules = [rule('allow', '*'), rule('escalate', selector)]
      for (const rest of [{ servers: ['db'] }, { tools: [{ name: 'db.write', server: 'db' }] }]) {
        const document = policyOf(rules, rest)
        expect(ask(document, 'write', { server: 'db' }).verdict).toMatchObject({
          effect: 'escalate',
        })
        expect(ask(document, 'db.write', { server: 'db' }).verdict).toMatchObject({
          effect: 'escalate',
        })
      }
    },
  )

  it('is not granted by the full name', () => {
    const document = policyOf([rule('allow', 'db.read')], { servers: ['db'] })
    expect(ask(document, 'read', { server: 'db' }).verdict).toMatchObject({
      reason: 'no_matching_rule',
    })
  })
})

describe('many bindings of one role', () => {
  it('cost one look at its rules, not one a binding', () => {
    const rules = Array.from({ length: 1_500 }, () =>
      rule('allow', '*', { when: { team: ['none'] } }),
    )
    const bindings = Array.from({ length: 1_500 }, () => ({ agent: 'a', roles: ['r'] }))
    const { verdict } = ask({ roles: [{ name: 'r', rules }], bindings }, 'x.y')
    expect(verdict).toMatchObject({ reason: 'no_matching_rule' })
  })
})

describe('the least tier of a tool', () => {
  it('also binds where a constraint had to wait', async () => {
    const document = policyOf(
      [rule('allow', 'db.q', { constraints: { sql_intent: ['select'] } })],
      {
        tools: [{ name: 'db.q', server: 'db', tier: 'admin', sql_dialect: 'postgresql' }],
      },
    )
    const { createSqlParsers } = await import('../constraints/sql/parsers.ts')
    const policy = { digest: '', document, warnings: [], index: createPolicyIndex(document) }
    const resource = policy.index.resolve('db.q')
    if ('fault' in resource) throw new Error(resource.fault)
    const query = (tier: 'user' | 'admin'): RbacQuery => ({
      subject: { agent: 'a', tier },
      verb: 'invoke',
      resource,
      scope: undefined,
      arguments: { query: 'SELECT 1' },
      at: 0,
    })
    const ports = () => ({ sqlParsers: createSqlParsers() })
    const waiting = evaluate(policy, query('user'), ports())
    expect(waiting).toBeInstanceOf(Promise)
    expect(await waiting).toMatchObject({ reason: 'tier_insufficient' })
    expect(await evaluate(policy, query('admin'), ports())).toMatchObject({ effect: 'allow' })
  })
})

describe('what the trace says', () => {
  const unsure = { constraints: { one_of: { field: 'x', allow: ['p'] } } }
  const cases: [string, readonly RuleDocument[], Verb, readonly string[]][] = [
    [
      'an escalate that may hold, beside an allow',
      [rule('allow', 't.x'), rule('escalate', 't.x', unsure)],
      'invoke',
      ['applies', 'applies'],
    ],
    [
      'an escalate that may hold, alone',
      [rule('escalate', 't.x', unsure)],
      'invoke',
      ['does_not_apply'],
    ],
    [
      'a deny that may hold',
      [rule('allow', 't.x'), rule('deny', 't.x', unsure)],
      'invoke',
      ['applies', 'applies'],
    ],
    ['an allow that may hold', [rule('allow', 't.x', unsure)], 'invoke', ['does_not_apply']],
    ['constraints on discover', [rule('allow', 't.x', unsure)], 'discover', ['applies']],
    [
      'a constrained deny on discover',
      [rule('allow', 't.x'), rule('deny', 't.x', unsure)],
      'discover',
      ['applies', 'does_not_apply'],
    ],
    ['a weaker verb', [rule('allow', 't.x')], 'admin', ['does_not_apply']],
  ]
  it.each(cases)('of %s agrees with the decision', (_name, rules, verb, outcomes) => {
    const { verdict, traces } = ask(policyOf(rules), 't.x', { verb })
    expect((traces as readonly { outcome: string }[]).map(({ outcome }) => outcome)).toEqual(
      outcomes,
    )
    const isDecided = (verdict as { rule: { index: number } | null }).rule
    if (
      isDecided !== null &&
      (verdict as { effect: string; reason: string }).reason !== 'constraint_unverifiable'
    )
      expect((traces as readonly { outcome: string }[])[isDecided.index]?.outcome).toBe('applies')
  })
})
