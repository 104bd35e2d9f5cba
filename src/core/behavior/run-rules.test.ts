import { describe, expect, it } from 'vitest'
import type { Finding } from '../model/finding.ts'
import type { JsonValue } from '../model/json.ts'
import { behaviorSettings } from './behavior-settings.ts'
import type { Rule, RuleFinding, RuleView } from './rule.ts'
import { BUILT_IN_RULES } from './rules/built-in-rules.ts'
import { findingsIn, requestOf, responseOf } from './rules/event.fixture.ts'
import { type Evidence, evaluateRules, type RuleMemory } from './run-rules.ts'

const EVIDENCE: Evidence = {
  flows: [],
  matches: [],
  explanation: undefined,
  proposal: undefined,
  suspiciousEvent: 0,
  destinations: [],
}
const SESSION = {
  id: 's',
  sequence: 1,
  events: 1,
  disposition: 'allow',
  risk: 0,
  started_at: 0,
  denied: 0,
} as const
const FINDING: RuleFinding = {
  rule: 'host_rule',
  severity: 'high',
  confidence: 0.8,
  message: 'found',
  trigger: 3,
  sources: [1, 2],
  action: 'ask',
  score: 10,
  cause: 'c',
}

function ruleOf(result: unknown, parts: Partial<Rule> = {}): Rule {
  return {
    id: 'host_rule',
    on: 'request',
    severity: 'high',
    evaluate: () => result as RuleFinding, // as a host without types may have it
    ...parts,
  }
}

function run(
  rules: readonly Rule[],
  policy: JsonValue = {},
  memory: RuleMemory = new Map(),
): readonly RuleFinding[] {
  const context = { session: SESSION, settings: behaviorSettings({ rules: policy }) }
  const event = requestOf({ tool: 'mail.send', server: 'mail', number: 3 })
  return evaluateRules(rules, event, EVIDENCE, memory, context)
}

describe('rules', () => {
  it('of a host are given a view of their own, which they may keep', () => {
    const views: RuleView[] = []
    const keeping = (id: string): Rule => ({
      ...ruleOf(undefined, { id }),
      evaluate: (_, view) => {
        views.push(view)
        return undefined
      },
    })
    const memory: RuleMemory = new Map([
      ['one', 1],
      ['other', 2],
    ])
    run([keeping('one'), ...BUILT_IN_RULES, keeping('other')], {}, memory)
    expect(views.map((view) => view.memory)).toEqual([1, 2])
  })

  it('are asked about events of their side', () => {
    const rules = [ruleOf(FINDING), ruleOf(FINDING, { id: 'other', on: 'response' })]
    expect(run(rules).map(({ rule }) => rule)).toEqual(['host_rule'])
    expect(findingsIn(ruleOf(FINDING, { on: 'response' }), responseOf({}))).toHaveLength(1)
  })

  it.each([
    ['is off', { enabled: false }],
    ['leaves the tool out', { except: ['mail.*'] }],
    ['leaves the server out', { except: ['server:mail'] }],
    ['must be surer', { min_confidence: 0.81 }],
  ])('find nothing where the policy says that one %s', (_, settings) => {
    expect(run([ruleOf(FINDING)], { host_rule: settings })).toEqual([])
  })

  it('take action, severity and score from the policy first', () => {
    const settings = { action: 'pause', severity: 'low', score: 3 }
    expect(run([ruleOf(FINDING)], { host_rule: settings })).toEqual([
      { ...FINDING, action: 'pause', severity: 'low', score: 3 },
    ])
  })

  it('are shown what they remembered', () => {
    const seen: unknown[] = []
    const rule: Rule = {
      ...ruleOf(undefined),
      evaluate(_event, view) {
        seen.push(view.memory)
        return undefined
      },
    }
    run([rule], {}, new Map([['host_rule', { count: 2 }]]))
    run([rule])
    expect(seen).toEqual([{ count: 2 }, undefined])
  })
})

describe('a finding', () => {
  it.each<[string, unknown, Partial<Finding>]>([
    ['bears the id of the rule that has found it', { rule: 'secret_relay' }, { rule: 'host_rule' }],
    ['is sure to two digits', { confidence: 0.87654 }, { confidence: 0.88 }],
    ['is not surer than sure', { confidence: 7 }, { confidence: 1 }],
    ['is sure where it does not say how sure', { confidence: Number.NaN }, { confidence: 1 }],
    ['adds no less than nothing', { score: -5 }, { score: 0 }],
    ['adds no more than all', { score: 1e9 }, { score: 100 }],
    ['adds all where it does not say how much', { score: Number.NaN }, { score: 100 }],
    ['adds all where that is no number', { score: 'x' }, { score: 100 }],
    ['stops where its action is none', { action: 'log' }, { action: 'terminate' }],
    ['is critical where its severity is none', { severity: 'bad' }, { severity: 'critical' }],
    ['has a bounded message', { message: 'x'.repeat(900) }, { message: 'x'.repeat(500) }],
    ['has numbers for sources', { sources: [1, 'raw', 2] }, { sources: [1, 2] }],
    ['has a number for its trigger', { trigger: 'raw' }, { trigger: 3 }],
  ])('%s', (_, given, settled) => {
    const [finding] = run([ruleOf({ ...FINDING, ...(given as object) })])
    expect([finding, Object.isFrozen(finding)]).toEqual([{ ...FINDING, ...settled }, true])
  })

  it('has a bounded number of sources', () => {
    const sources = Array.from({ length: 100 }, (_, index) => index)
    expect(run([ruleOf({ ...FINDING, sources })])[0]?.sources).toHaveLength(32)
  })

  it('is one of many, or none', () => {
    const rules = [ruleOf([FINDING, FINDING]), ruleOf([]), ruleOf(undefined)]
    expect(run(rules)).toHaveLength(2)
  })
})
