import { describe, expect, it } from 'vitest'
import type { AuditRecord } from '../../../core/model/audit-record.ts'
import type { CallRequest } from '../../../core/model/call.ts'
import { judged, policyOf, recordsOf } from './records.fixture.ts'

const POLICY = policyOf({
  servers: ['db', 'crm'],
  roles: [
    {
      name: 'worker',
      rules: [
        { resources: ['crm.note'], verbs: ['invoke'] },
        {
          effect: 'compute',
          resources: ['db.report'],
          verbs: ['invoke'],
          compute: { set: { mode: 'ro' } },
        },
      ],
    },
  ],
  bindings: [{ agent: 'bot', roles: ['worker'] }],
})

function ask(resource: string, args: CallRequest['arguments'] = {}): CallRequest {
  return { session: 's', subject: { agent: 'bot' }, resource, arguments: args }
}

describe('a record that was changed', () => {
  const allowed = ask('crm.note', { text: 'hello' })
  const denied = ask('db.query', { table: 'pay' })
  const rewritten = ask('db.report', { mode: 'rw' })
  it.each<[string, CallRequest, Partial<AuditRecord>, readonly string[]]>([
    ['a rewrite that is hidden', rewritten, { dispatch_hash: null }, ['dispatch_hash']],
    ['a rewrite to something else', rewritten, { dispatch_hash: 'sha256:0' }, ['dispatch_hash']],
    [
      'a patch that was not made',
      rewritten,
      { patch: [{ op: 'add', path: '/limit', value: 1 }] },
      ['patch'],
    ],
    ['a patch that is gone', rewritten, { patch: null }, ['patch']],
    ['an allow that went out otherwise', allowed, { dispatch_hash: 'sha256:0' }, ['dispatch_hash']],
    ['an allow that did not go out', allowed, { status: 'denied' }, ['status']],
    ['a denial that went out', denied, { status: 'pending' }, ['status']],
    [
      'a denial that is not enforced by an engine that enforces',
      denied,
      { status: 'pending', enforced: false },
      ['enforced'],
    ],
  ])('is told by what stands beside its word: %s', async (_what, call, change, fields) => {
    const records = await recordsOf({ policy: POLICY }, [call])
    const [judgement] = await judged(
      records.map((record) => ({ ...record, ...change })),
      POLICY,
    )
    expect([judgement?.answer, judgement?.contradicted]).toEqual(['differs', fields])
  })
})
