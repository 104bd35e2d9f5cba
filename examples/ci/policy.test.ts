import { loadPolicy } from 'callgate'
import { createTestEngine, type PolicyMatchers, policyMatchers } from 'callgate/testing'
import { expect, it } from 'vitest'

// The three lines that tell vitest's types of the matchers. For jest, in `declare global`:
// `namespace jest { interface Matchers<R, T> extends PolicyMatchers<Promise<void>> {} }`.
declare module 'vitest' {
  interface Matchers<T> extends PolicyMatchers<Promise<void>> {}
}

expect.extend(policyMatchers)
const engine = createTestEngine({
  policy: await loadPolicy(new URL('policy.yaml', import.meta.url)),
})

it('lets support read but never delete', async () => {
  const call = { agent: 'support-bot', resource: 'db.execute_sql' }
  await expect(engine).toAllow({ ...call, arguments: { query: 'SELECT 1' } })
  await expect(engine).toDeny(
    { ...call, arguments: { query: 'DELETE FROM t' } },
    'constraint_violation',
  )
})

it('puts large refunds before a person', async () => {
  const call = { agent: 'billing-bot', resource: 'billing.refund' }
  await expect(engine).toAllow({ ...call, arguments: { amount: 20 } })
  await expect(engine).toEscalate({ ...call, arguments: { amount: 250 } })
  await expect(engine).not.toAllow({ ...call, arguments: { amount: 5000 } })
})
