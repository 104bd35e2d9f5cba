import assert from 'node:assert/strict'
import { CallDeniedError, loadPolicy } from 'callgate'
import { createTestEngine, policyMatchers } from 'callgate/testing'

// What CI runs where there is no test runner: assertions on the policy that is about to go live.
const policy = await loadPolicy(new URL('policy.yaml', import.meta.url))
const engine = createTestEngine({ policy, now: '2026-06-01T12:00:00Z' })
await engine.ready()

// One question: `explain` decides, records nothing and says what would change the answer.
const sql = (query: string) => ({
  session: 'ci',
  resource: 'db.execute_sql',
  arguments: { query },
  subject: { agent: 'support-bot' },
})
const { decision, remedy } = await engine.explain(sql('DELETE FROM customers'))
assert.equal(decision.reason, 'constraint_violation')
assert.equal(decision.rule?.name, 'Read-only SQL')
assert.match(remedy?.operator ?? '', /sql_intent/)

// The matchers are plain functions: any runner, or none, can use them.
const allowed = await policyMatchers.toAllow(engine, {
  agent: 'support-bot',
  resource: 'db.execute_sql',
  arguments: { query: 'SELECT name FROM customers' },
})
assert.ok(allowed.pass, allowed.message())

// The whole line, with the records it leaves and a clock that only the test moves.
const refund = {
  session: 'ci',
  resource: 'billing.refund',
  arguments: { amount: 20 },
  subject: { agent: 'billing-bot' },
}
assert.equal(await engine.guard(refund, () => 'refunded'), 'refunded')
engine.clock.set('2027-01-01T00:00:00Z')
await assert.rejects(
  engine.guard(refund, () => 'refunded'),
  (error) => error instanceof CallDeniedError && error.decision.reason === 'no_binding',
)
assert.deepEqual(
  engine.records().map(({ status }) => status),
  ['pending', 'success', 'denied'],
)

process.stdout.write('policy ok\n')
