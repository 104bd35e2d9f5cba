import { expect, it } from 'vitest'
import type { CallRequest } from '../../core/model/call.ts'
import { createTestEngine } from '../../testing/create-test-engine.ts'
import { withPostgres } from '../../testing/services/with-services.fixture.ts'
import { queriesOfPage } from './audit-queries.fixture.ts'
import { postgresSink } from './postgres-sink.ts'
import { faultOf, recordOf } from './records.fixture.ts'

const POLICY = `
roles:
  - name: support-agent
    rules:
      - { name: Reads, resources: [crm.read], verbs: [invoke] }
      - { name: A person looks, effect: escalate, resources: [billing.refund], verbs: [invoke] }
bindings:
  - { agent: support-bot, roles: [support-agent] }
`

await withPostgres('the queries of the page on PostgreSQL', (db) => {
  it('answer what their headings ask', async () => {
    const pool = db.open({ options: `-c search_path=${db.schema}` })
    const sink = postgresSink({ client: pool })
    const engine = createTestEngine({
      policy: POLICY,
      now: Date.now() - 60_000,
      audit: [sink],
      approvals: { ask: async () => ({ outcome: 'approved', by: 'ana' }) },
    })
    const call = (resource: string, more: Partial<CallRequest> = {}): CallRequest => ({
      session: 's-1',
      trace: 'trace-1',
      resource,
      server: resource.split('.')[0] ?? '',
      arguments: {},
      subject: { agent: 'support-bot', user: 'eve' },
      ...more,
    })
    await engine.guard(call('crm.read'), () => 'read')
    await engine.guard(call('crm.drop'), () => 'never').catch(() => undefined)
    await engine.guard(call('billing.refund'), () => 'paid')
    await engine
      .guard(call('crm.read'), () => Promise.reject(new TypeError('x')))
      .catch(() => undefined)
    const ts = new Date(Date.now() - 3_600_000).toISOString()
    const limited = {
      status: 'denied',
      effect: 'deny',
      reason: 'rate_limited',
      gate: 'rate_limit',
    } as const
    await sink.write([
      recordOf({ id: 'open', ts, trace_id: 'other' }),
      recordOf({ id: 'limited', ts: new Date().toISOString(), trace_id: 'other', ...limited }),
    ])
    const answers = new Map<string, readonly Record<string, unknown>[]>()
    for (const [heading, query] of queriesOfPage())
      answers.set(heading, (await pool.query<Record<string, unknown>>(query)).rows)

    const blocked = { agent: 'support-bot', user_id: 'eve', resource: 'crm.drop', gate: 'rbac' }
    expect(Object.fromEntries(answers)).toMatchObject({
      'Which calls were blocked last week, and why': [
        { agent: 'sales-bot', reason: 'rate_limited' },
        { ...blocked, reason: 'no_matching_rule' },
      ],
      'The same, counted': expect.arrayContaining([
        { reason: 'no_matching_rule', resource: 'crm.drop', calls: '1', sessions: '1' },
      ]),
      'Was this call blocked, or did it run': [
        { status: 'success', reason: 'allowed', enforced: true },
      ],
      'What became of all calls of a tool': [{ status: 'success', calls: '1' }],
      'Who approved': [
        { agent: 'support-bot', resource: 'billing.refund', status: 'success', approved_by: 'ana' },
      ],
      'Calls without outcome': [{ mcp_execution_id: 'open', agent: 'sales-bot' }],
      'Who was rate-limited in the last hour': [{ agent: 'sales-bot', user_id: 'ana', calls: '1' }],
    })
    const traced = answers.get('Everything of one trace, in order') ?? []
    expect(traced.map(({ kind, status }) => `${kind} ${status}`)).toEqual(
      expect.arrayContaining([
        'decision pending',
        'outcome success',
        'decision denied',
        'outcome failed',
      ]),
    )
    const lines = (answers.get('The lines of a chain') ?? []).map(({ line }) => String(line))
    expect([lines.length > 7, faultOf(lines)]).toEqual([true, undefined])
    expect(answers.get('A checkpoint of each chain')).toMatchObject([
      { checkpoint: { schema: 1, count: lines.length, file: 'main' } },
    ])
    expect(answers.size).toBe(10)
  })
})
