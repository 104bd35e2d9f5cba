import { describe, expect, it } from 'vitest'
import { memorySink } from '../../audit/memory.ts'
import type { CallDeniedError } from '../../core/model/errors.ts'
import type { Approval, Approvals } from '../../core/model/ports.ts'
import { parsePolicy } from '../../core/policy/parse.ts'
import { engineWith, POLICY, READ, SEND } from '../engine.fixture.ts'

const reasonOf = async (approvals: Approvals | undefined): Promise<string> => {
  const { engine } = engineWith(approvals === undefined ? {} : { approvals })
  const request = { ...SEND, subject: { agent: 'bot', user: 'ana' } }
  return engine
    .guard(request, () => 'sent')
    .catch((error: CallDeniedError) => error.decision.reason)
}

describe('approvals', () => {
  it('let an approved call out, after records of the question and of the answer', async () => {
    const sink = memorySink()
    const approvals: Approvals = { ask: async () => ({ outcome: 'approved', by: 'ana' }) }
    const { engine } = engineWith({ approvals, audit: [sink] })
    expect(await engine.guard(SEND, () => 'sent')).toBe('sent')
    expect(sink.records().map(({ kind, status }) => [kind, status])).toEqual([
      ['approval', 'pending'],
      ['approval', 'success'],
      ['decision', 'pending'],
      ['outcome', 'success'],
    ])
  })

  it.each<[string, Approvals | undefined, string]>([
    ['nobody can be asked', undefined, 'approval_required'],
    ['a person refuses', { ask: () => ({ outcome: 'denied', by: 'ana' }) }, 'approval_denied'],
    [
      'nobody answers in time',
      { ask: () => new Promise(() => undefined), timeoutMs: 20 },
      'approval_expired',
    ],
    [
      'asking throws',
      {
        ask: () => {
          throw new Error('store down')
        },
      },
      'gate_failed',
    ],
    ['asking rejects', { ask: () => Promise.reject(new Error('store down')) }, 'gate_failed'],
    ['the answer is nothing', { ask: () => undefined as never }, 'approval_denied'],
    ['the answer is only truthy', { ask: () => true as never }, 'approval_denied'],
    [
      'the answer names nobody',
      { ask: () => ({ outcome: 'approved', by: '' }) },
      'approval_denied',
    ],
    [
      'the one who asks approves',
      { ask: () => ({ outcome: 'approved', by: 'bot' }) },
      'approval_denied',
    ],
  ])('deny when %s', async (_name, approvals, reason) => {
    expect(await reasonOf(approvals)).toBe(reason)
  })

  it('ask about the frozen call that would be dispatched, until a time', async () => {
    let seen: Approval | undefined
    const approvals: Approvals = {
      timeoutMs: 1000,
      ask: (approval) => {
        seen = approval
        return { outcome: 'approved', by: 'ana' }
      },
    }
    const { engine } = engineWith({ approvals, clock: { now: () => 5000 } })
    await engine.guard(SEND, () => 1)
    expect(seen).toMatchObject({
      arguments: SEND.arguments,
      expires_at: 6000,
      call: { subject: { agent: 'bot' } },
    })
    expect(Object.isFrozen(seen?.arguments)).toBe(true)
  })

  it('judge again under the policy of the moment: an approval does not outlive its rule', async () => {
    const closed = parsePolicy('roles: []\nbindings: []\n')
    const approvals: Approvals = {
      ask: async () => {
        engine.reload(closed)
        return { outcome: 'approved', by: 'ana' }
      },
    }
    const { engine } = engineWith({ approvals })
    const error = await engine.guard(SEND, () => 1).catch((caught: CallDeniedError) => caught)
    expect((error as CallDeniedError).decision).toMatchObject({
      reason: 'no_binding',
      policy_digest: closed.digest,
    })
  })

  it('do not cover other arguments than those approved', async () => {
    let round = 0
    const rewriting = {
      name: 'drifting',
      check: () => ({ kind: 'compute' as const, arguments: { to: `x${round++}` } }),
    }
    const approvals: Approvals = { ask: async () => ({ outcome: 'approved', by: 'ana' }) }
    const { engine } = engineWith({ approvals, gates: [rewriting] })
    const error = await engine.guard(SEND, () => 1).catch((caught: CallDeniedError) => caught)
    expect((error as CallDeniedError).decision.reason).toBe('approval_mismatch')
  })

  it('do not reopen a session that was terminated meanwhile', async () => {
    const approvals: Approvals = {
      ask: async () => {
        await engine.terminate(SEND.session, { by: 'ops' })
        return { outcome: 'approved', by: 'ana' }
      },
    }
    const { engine } = engineWith({ approvals })
    const error = await engine.guard(SEND, () => 1).catch((caught: CallDeniedError) => caught)
    expect((error as CallDeniedError).decision.reason).toBe('session_terminated')
  })

  it('record who refused', async () => {
    const sink = memorySink()
    const { engine } = engineWith({
      audit: [sink],
      approvals: { ask: () => ({ outcome: 'denied', by: 'eve' }) },
    })
    await engine.guard(SEND, () => 1).catch(() => undefined)
    expect(
      sink.records().map(({ kind, status, user_id }) => [kind, status, user_id]),
    ).toContainEqual(['approval', 'denied', 'eve'])
  })

  it('tell whoever asks that nobody waits any more, once time is up', async () => {
    let stopped: AbortSignal | undefined
    const approvals: Approvals = {
      timeoutMs: 10,
      ask: (_approval, signal) => {
        stopped = signal
        return new Promise(() => undefined)
      },
    }
    const { engine } = engineWith({ approvals })
    await engine.guard(SEND, () => 1).catch(() => undefined)
    expect(stopped?.aborted).toBe(true)
  })

  it('are given up when the caller gives up', async () => {
    const controller = new AbortController()
    const approvals: Approvals = {
      ask: () => {
        controller.abort()
        return new Promise(() => undefined)
      },
    }
    const { engine } = engineWith({ approvals })
    const error = await engine
      .guard({ ...SEND, signal: controller.signal }, () => 1)
      .catch((caught: CallDeniedError) => caught)
    expect((error as CallDeniedError).decision.reason).toBe('approval_expired')
  })

  it('are not asked for what needs none', async () => {
    let asked = 0
    const { engine } = engineWith({
      approvals: {
        ask: () => {
          asked++
          return { outcome: 'denied', by: 'ana' }
        },
      },
    })
    await engine.guard(READ, () => 1)
    expect(asked).toBe(0)
  })

  it('judge again with the catalogue of the moment too', async () => {
    const tools = (tier: string) => `
tools: [{ name: mail.send, server: mail, tier: ${tier} }]
roles: [{ name: r, rules: [{ effect: escalate, resources: [mail.send], verbs: [invoke] }] }]
bindings: [{ agent: bot, roles: [r] }]
`
    const approvals: Approvals = {
      ask: async () => {
        engine.reload(parsePolicy(tools('admin')))
        return { outcome: 'approved', by: 'ana' }
      },
    }
    const { engine } = engineWith({ approvals, policy: parsePolicy(tools('user')) })
    const error = await engine.guard(SEND, () => 1).catch((caught: CallDeniedError) => caught)
    expect((error as CallDeniedError).decision.reason).toBe('tier_insufficient')
  })

  it('deny when no policy can be chosen any more', async () => {
    let answered = false
    const approvals: Approvals = {
      ask: async () => {
        answered = true
        return { outcome: 'approved', by: 'ana' }
      },
    }
    const policy = () => {
      if (answered) throw new Error('the tenant is gone')
      return POLICY
    }
    const { engine } = engineWith({ approvals, policy })
    const error = await engine.guard(SEND, () => 1).catch((caught: CallDeniedError) => caught)
    expect((error as CallDeniedError).decision.reason).toBe('gate_failed')
  })

  it('are recorded with who gave them, and the call names its approval', async () => {
    const sink = memorySink()
    const approvals: Approvals = { ask: async () => ({ outcome: 'approved', by: 'ana' }) }
    const { engine } = engineWith({ approvals, audit: [sink] })
    await engine.guard(SEND, () => 1)
    const [asked, given, intent, outcome] = sink.records()
    const approval = intent?.approval_id
    expect(approval).toBe(intent?.id)
    expect([asked, given, outcome].map((record) => record?.approval_id)).toEqual([
      approval,
      approval,
      approval,
    ])
    expect([given?.user_id, given?.actor_kind]).toEqual(['ana', 'user'])
  })
})
