import { describe, expect, it } from 'vitest'
import type { CallRequest } from '../../core/model/call.ts'
import { ruleOf } from '../behavior.fixture.ts'
import { makeEngine } from '../create-policy-engine.ts'
import {
  approvedId,
  askingPolicy,
  decided,
  guarded,
  presented,
  SEND,
  stageWith,
} from './approvals.fixture.ts'

describe('a replay', () => {
  it('goes on as if approved, whoever the policy names and however many it lets wait', async () => {
    const engine = makeEngine(
      {
        policy: askingPolicy('{ approvers: [ana], max_pending: 1 }'),
        approvals: { ask: () => ({ outcome: 'approved', by: ' replay' }) },
      },
      { isReplay: true },
    )
    await engine.begin(SEND)
    const subject = { agent: 'bot', user: 'replay' }
    expect(await guarded(engine, { ...SEND, subject })).toBe('sent')
    expect(await guarded(engine, SEND)).toBe('sent')
  })
})

describe('`remember: session`', () => {
  const remembering = () => stageWith({ policy: askingPolicy('{ remember: session, ttl: 60s }') })

  it('asks once for the same call in the same session', async () => {
    const { engine, sink } = remembering()
    const approval = await approvedId(engine, SEND)
    expect((await presented(engine, SEND, approval)).permitted).toBe(true)

    const again = await engine.begin(SEND)
    expect(again.permitted).toBe(true)
    expect(sink.records().at(-1)).toMatchObject({ kind: 'decision', approval_id: approval })
  })

  it.each<[string, Partial<CallRequest>]>([
    ['other arguments', { arguments: { to: 'eve@evil.test', count: 1 } }],
    ['another session', { session: 's2' }],
    ['another agent', { subject: { agent: 'other-bot', user: 'ben', tenant: 'acme' } }],
    ['another tool', { resource: 'mail.draft' }],
  ])('asks again for %s', async (_what, changes) => {
    const { engine } = remembering()
    await presented(engine, SEND, await approvedId(engine, SEND))

    expect((await decided(engine, { ...SEND, ...changes })).effect).toBe('escalate')
  })

  it.each<[string, (stage: ReturnType<typeof stageWith>) => unknown]>([
    ['the approval is over', ({ clocks }) => (clocks.steady += 60_000)],
    ['the session has ended', ({ engine }) => engine.endSession('s1')],
    ['the own session has ended', ({ engine }) => engine.endSession('s1', { tenant: 'acme' })],
    [
      'the policy has changed',
      ({ engine }) => engine.reload(askingPolicy('{ remember: session, ttl: 61s }')),
    ],
    ['the policy forgets', ({ engine }) => engine.reload(askingPolicy())],
  ])('asks again when %s', async (_what, change) => {
    const stage = remembering()
    await presented(stage.engine, SEND, await approvedId(stage.engine, SEND))
    await change(stage)

    expect((await decided(stage.engine, SEND)).effect).toBe('escalate')
  })

  it('does not ask again where the session of somebody else has ended', async () => {
    const { engine } = remembering()
    await presented(engine, SEND, await approvedId(engine, SEND))
    await engine.endSession('s1', { tenant: 'other' })
    await engine.endSession('s1', { subject: { tenant: 'acme', user: 'eve' } })

    expect((await decided(engine, SEND)).effect).toBe('allow')
  })

  it('asks again where the session has given a new reason to ask', async () => {
    const { engine } = stageWith({
      policy: askingPolicy('{ remember: session }'),
      rules: [ruleOf('request', { action: 'ask' })],
    })
    await presented(engine, SEND, await approvedId(engine, SEND))

    expect((await decided(engine, SEND)).effect).toBe('escalate')
  })

  it('asks each time without it', async () => {
    const { engine } = stageWith()
    await presented(engine, SEND, await approvedId(engine, SEND))

    expect((await decided(engine, SEND)).effect).toBe('escalate')
  })
})
