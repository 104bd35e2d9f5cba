import { describe, expect, it } from 'vitest'
import type { Rule } from '../../core/behavior/rule.ts'
import { createTestEngine, type TestEngine } from '../../testing/create-test-engine.ts'
import type { Ticket } from '../ticket.ts'

const POLICY = `
roles:
  - name: careful
    rules: [{ effect: escalate, resources: [billing.refund], verbs: [invoke] }]
bindings: [{ agent: bot, roles: [careful] }]
`

/** Finds something to ask about from one event on, each time for the same cause. */
const asksFrom = (first: number, cause = 'one'): Rule => ({
  id: `asks_${cause}`,
  on: 'request',
  severity: 'high',
  evaluate: (event) =>
    event.number < first
      ? undefined
      : {
          rule: `asks_${cause}`,
          severity: 'high',
          confidence: 1,
          message: 'is odd',
          trigger: event.number,
          sources: [event.number],
          action: 'ask',
          score: 10,
          cause,
        },
})

function refund(engine: TestEngine, approval?: string): Promise<Ticket> | Ticket {
  return engine.begin({
    session: 's',
    subject: { agent: 'bot' },
    resource: 'billing.refund',
    arguments: { amount: 5 },
    ...(approval === undefined ? {} : { approval }),
  })
}

async function approvedOnce(rules: readonly Rule[]): Promise<string> {
  const engine = createTestEngine({ policy: POLICY, rules })
  const { decision } = await refund(engine)
  await engine.approvals.approve(decision.id, { by: 'ana' })
  const ticket = await refund(engine, decision.id)
  return ticket.permitted ? 'permitted' : ticket.decision.reason
}

describe('an approval, and what is found in the session', () => {
  it.each<[string, readonly Rule[], string]>([
    ['nothing was found', [], 'permitted'],
    ['it was found before the person was asked', [asksFrom(1)], 'permitted'],
    ['it came up after the person was asked', [asksFrom(2)], 'approval_mismatch'],
    [
      'something else came up after the person was asked',
      [asksFrom(1), asksFrom(2, 'other')],
      'approval_mismatch',
    ],
  ])('where %s', async (_when, rules, said) => {
    expect(await approvedOnce(rules)).toBe(said)
  })
})
