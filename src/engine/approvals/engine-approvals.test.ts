import { describe, expect, it } from 'vitest'
import type { CallRequest } from '../../core/model/call.ts'
import type { CallDeniedError, CallgateError } from '../../core/model/errors.ts'
import { isPromise } from '../../core/model/json.ts'
import { compilePolicy } from '../../core/policy/parse.ts'
import {
  approvedId,
  askingPolicy,
  decided,
  firstPending,
  guarded,
  presented,
  SEND,
  stageWith,
} from './approvals.fixture.ts'

const waiting = { ask: () => new Promise<never>(() => undefined) }

describe('engine.approvals', () => {
  it('answers a call that waits: a yes lets it out, and names who gave it', async () => {
    let stopped: AbortSignal | undefined
    const { engine, sink } = stageWith({
      approvals: {
        ask: (_approval, signal) => {
          stopped = signal
          return new Promise<never>(() => undefined)
        },
      },
    })
    const call = guarded(engine, SEND)
    const { id } = await firstPending(engine)
    await engine.approvals.approve(id, { by: 'ana', reason: 'known customer' })

    expect(await call).toBe('sent')
    expect(stopped?.aborted).toBe(true)
    const rows = sink.records().map(({ kind, status, user_id }) => [kind, status, user_id])
    expect(rows).toEqual([
      ['approval', 'pending', 'ben'],
      ['approval', 'success', 'ana'],
      ['decision', 'pending', 'ben'],
      ['outcome', 'success', 'ben'],
    ])
    expect(await engine.approvals.list()).toMatchObject([
      { id, state: 'used', by: 'ana', reason: 'known customer', used_by: id },
    ])
  })

  it('answers a call that waits: a no refuses it, and says why', async () => {
    const { engine, sink } = stageWith({ approvals: waiting })
    const call = engine.guard(SEND, () => 'sent').catch((error: CallDeniedError) => error.decision)
    const { id } = await firstPending(engine)
    await engine.approvals.deny(id, { by: 'ana', reason: 'wrong\u202e address' })

    expect(await call).toMatchObject({
      reason: 'approval_denied',
      detail: 'a person refused this call: wrong\\u{202e} address',
    })
    expect(sink.records()[1]).toMatchObject({ kind: 'approval', status: 'denied', user_id: 'ana' })
  })

  it('takes the first of two answers, here and by the channel', async () => {
    let answer: (said: { outcome: 'approved'; by: string }) => void = () => undefined
    const { engine } = stageWith({
      approvals: { ask: () => new Promise((resolve) => (answer = resolve)) },
    })
    const call = guarded(engine, SEND)
    const { id } = await firstPending(engine)
    const refusal = engine.approvals.deny(id, { by: 'ana' })
    answer({ outcome: 'approved', by: 'eve' })

    expect((await refusal).state).toBe('denied')
    expect(await call).toBe('approval_denied')
  })

  it('lists what waits with a text, and keeps no raw argument', async () => {
    const { engine, store } = stageWith()
    const args = { to: 'a@b.c', body: `\u202e${'long '.repeat(1_000)}` }
    const decision = await decided(engine, { ...SEND, arguments: args })
    const [entry] = await engine.approvals.list({ state: 'pending', agent: 'bot' })

    expect(entry).toMatchObject({ id: decision.id, state: 'pending', by: null })
    expect(entry?.text).toContain(`arguments hash: ${decision.input_hash}`)
    const kept = JSON.stringify(await store.get(decision.id))
    expect(kept.includes('long '.repeat(100)) || kept.includes('\u202e')).toBe(false)
    expect(JSON.parse(kept)).toEqual(entry)
  })

  it('lets the call out that comes again, with records that name the approval', async () => {
    const { engine, sink } = stageWith()
    const first = await decided(engine, SEND)
    expect([first.effect, first.reason]).toEqual(['escalate', 'approval_required'])
    expect((await presented(engine, SEND, first.id)).decision).toMatchObject({
      effect: 'deny',
      reason: 'approval_required',
    })
    await engine.approvals.approve(first.id, { by: 'ana' })
    const ticket = await presented(engine, SEND, first.id)
    await ticket.finish({ ok: true, value: 'sent' })

    expect(ticket.arguments).toEqual(SEND.arguments)
    const intent = sink.records().find(({ id }) => id === ticket.decision.id)
    expect([intent?.approval_id, intent?.status]).toEqual([first.id, 'pending'])
  })

  it('lets a denied call of `guard` come again where there was nobody to ask', async () => {
    const { engine } = stageWith()
    const error = await engine.guard(SEND, () => 'sent').catch((caught: CallDeniedError) => caught)
    const { decision } = error as CallDeniedError
    expect([decision.effect, decision.reason]).toEqual(['deny', 'approval_required'])
    await engine.approvals.approve(decision.id, { by: 'ana' })

    expect(await guarded(engine, { ...SEND, approval: decision.id })).toBe('sent')
  })

  it('tells a call that was refused so when it comes again', async () => {
    const { engine } = stageWith()
    const { id } = await decided(engine, SEND)
    await engine.approvals.deny(id, { by: 'ana' })

    expect((await presented(engine, SEND, id)).decision.reason).toBe('approval_denied')
  })

  it.each<[string, 'approve' | 'deny', string, unknown, string]>([
    ['an unknown id', 'approve', 'nobody', { by: 'ana' }, 'ERR_APPROVAL_CONFLICT'],
    ['an unknown id', 'deny', 'nobody', { by: 'ana' }, 'ERR_APPROVAL_CONFLICT'],
    ['nobody', 'deny', '', { by: '' }, 'ERR_APPROVER_REFUSED'],
    ['nobody', 'approve', '', {}, 'ERR_APPROVER_REFUSED'],
    ['what is no name', 'approve', '', { by: 7 }, 'ERR_APPROVER_REFUSED'],
  ])('refuses the word of %s (%s)', async (_who, what, id, answer, code) => {
    const { engine } = stageWith()
    const decision = await decided(engine, SEND)
    const error = await engine.approvals[what](id || decision.id, answer as { by: string }).catch(
      (caught: CallgateError) => caught.code,
    )
    expect(error).toBe(code)
    expect((await engine.approvals.list()).map(({ state }) => state)).toEqual(['pending'])
  })

  it('lets who asks take a question back', async () => {
    const { engine } = stageWith()
    const { id } = await decided(engine, SEND)

    expect((await engine.approvals.deny(id, { by: 'ben' })).state).toBe('denied')
  })

  it('is closed with its engine', async () => {
    const { engine } = stageWith()
    const { id } = await decided(engine, SEND)
    await engine.close()

    await expect(engine.approvals.list()).rejects.toMatchObject({ code: 'ERR_ENGINE_CLOSED' })
    await expect(engine.approvals.approve(id, { by: 'ana' })).rejects.toMatchObject({
      code: 'ERR_ENGINE_CLOSED',
    })
  })

  it('records what expired without an answer', async () => {
    const { engine, sink, clocks } = stageWith()
    const { id } = await decided(engine, SEND)
    clocks.steady += 3_600_000
    await engine.approvals.list()

    expect(sink.records().at(-1)).toMatchObject({
      kind: 'approval',
      status: 'timeout',
      approval_id: id,
    })
  })
})

describe('a question', () => {
  it('is opened in the same tick where the store answers at once', () => {
    const { engine } = stageWith()
    expect(isPromise(engine.begin(SEND))).toBe(false)
  })

  it.each(['explain', 'observe'])('is not opened by %s', async (how) => {
    const { engine } = stageWith(how === 'observe' ? { mode: 'observe' } : {})
    if (how === 'explain') await engine.explain(SEND)
    else await engine.begin(SEND)

    expect(await engine.approvals.list()).toEqual([])
  })

  it('stays open as long as the policy says, or the channel where that is less', async () => {
    const timeoutMs = 20_000
    for (const [approvals, expected] of [
      ['{ timeout: 10s }', 10_000],
      ['{ timeout: 1h }', 20_000],
      ['{}', 20_000],
    ] as const) {
      let until = 0
      const { engine, clocks } = stageWith({
        policy: askingPolicy(approvals),
        approvals: {
          timeoutMs,
          ask: ({ expires_at: at }) => {
            until = at
            return { outcome: 'denied', by: 'ana' }
          },
        },
      })
      await guarded(engine, SEND)
      expect(until - clocks.wall).toBe(expected)
    }
  })

  it.each<[string, unknown]>([
    ['a number', 7],
    ['longer than 256 characters', 'a'.repeat(257)],
  ])('cannot be answered by an approval that is %s', async (_what, approval) => {
    const { engine } = stageWith()
    const request = { ...SEND, approval } as CallRequest

    expect((await decided(engine, request)).reason).toBe('malformed_request')
  })

  it('is not put where no person is needed: an approval that is presented stays as it is', async () => {
    const open = askingPolicy('{}').document
    const { engine } = stageWith()
    const approval = await approvedId(engine, SEND)
    const roles = [
      { name: 'sender', rules: [{ resources: ['*'], verbs: ['invoke' as const] }] },
    ] as const
    engine.reload(compilePolicy({ ...open, roles }))

    expect((await presented(engine, SEND, approval)).permitted).toBe(true)
    expect((await engine.approvals.list()).map(({ state }) => state)).toEqual(['approved'])
  })

  it('takes back a question that nobody waits for, and leaves an answer as it is', async () => {
    const { engine } = stageWith()
    const open = await decided(engine, SEND)
    const given = await approvedId(engine, SEND)
    await engine.approvals.withdraw(open.id)
    await engine.approvals.withdraw(given)
    await engine.approvals.withdraw('nobody asked')

    expect((await engine.approvals.list()).map(({ state }) => state)).toEqual([
      'expired',
      'approved',
    ])
    expect((await presented(engine, SEND, open.id)).decision.reason).toBe('approval_expired')
    expect((await presented(engine, SEND, given)).permitted).toBe(true)
  })

  it('counts who asks again as told for nobody that tries what is open', async () => {
    const { engine } = stageWith()
    const { id } = await decided(engine, SEND)
    for (let time = 0; time < 3; time++)
      expect((await presented(engine, SEND, id)).decision.reason).toBe('approval_required')
    expect(engine.session('s1').denied).toBe(0)
    await presented(engine, SEND, 'made up')
    expect(engine.session('s1').denied).toBe(1)
  })

  it('tells with each ticket what is called, as the catalogue has it', async () => {
    const { engine } = stageWith()
    const ticket = await engine.begin(SEND)

    expect(ticket.resource).toMatchObject({ name: 'mail.send', server: 'mail', tags: [] })
    expect((await engine.begin({ ...SEND, resource: '' })).resource).toBeUndefined()
  })
})
