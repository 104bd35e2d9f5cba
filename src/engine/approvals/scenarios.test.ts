import { describe, expect, it } from 'vitest'
import type { CallRequest } from '../../core/model/call.ts'
import type { CallgateError } from '../../core/model/errors.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import type { Approval } from '../../core/model/ports.ts'
import { compilePolicy } from '../../core/policy/parse.ts'
import { MemoryApprovals } from '../../stores/memory-approvals.ts'
import { hashOf } from '../record.ts'
import {
  approvedId,
  askingPolicy,
  decided,
  firstPending,
  guarded,
  presented,
  SEND,
  slowStore,
  stageWith,
} from './approvals.fixture.ts'

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: CallgateError) => error.code,
  )

describe('an approval', () => {
  it('A01 is good for one call: the second that presents it is denied, and one record uses it', async () => {
    const { engine, sink } = stageWith()
    const approval = await approvedId(engine, SEND)
    const first = await presented(engine, SEND, approval)
    const second = await presented(engine, SEND, approval)

    expect([first.permitted, first.decision.reason]).toEqual([true, 'allowed'])
    expect([second.permitted, second.decision.reason]).toEqual([false, 'approval_used'])
    const uses = sink
      .records()
      .filter(
        ({ kind, status, approval_id: id }) =>
          kind === 'decision' && status === 'pending' && id === approval,
      )
    expect(uses.map(({ id }) => id)).toEqual([first.decision.id])
  })

  it('A02 lets exactly one of 100 calls out that present it at once', async () => {
    const store = slowStore(() => new Promise((resolve) => setImmediate(resolve)))
    const { engine } = stageWith({ stores: { approvals: store } })
    const approval = await approvedId(engine, SEND)
    const tickets = await Promise.all(
      Array.from({ length: 100 }, () => presented(engine, SEND, approval)),
    )

    const reasons = tickets.map(({ decision }) => decision.reason).sort()
    expect(reasons).toEqual(['allowed', ...Array(99).fill('approval_used')])
  })

  it('A03 does not cover arguments that differ by one character, and still covers its own', async () => {
    const { engine } = stageWith()
    const approval = await approvedId(engine, SEND)
    const other = { ...SEND, arguments: { ...SEND.arguments, to: 'a@b.d' } }

    const denied = await presented(engine, other, approval)
    expect(denied.decision).toMatchObject({ effect: 'deny', reason: 'approval_mismatch' })
    expect((await presented(engine, SEND, approval)).permitted).toBe(true)
  })

  it.each<[string, JsonObject, unknown, string]>([
    ['another order of keys', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }, 'allowed'],
    ['1.0 for 1', { n: 1 }, { n: JSON.parse('1.0') }, 'allowed'],
    ['0 for -0', { n: -0 }, { n: 0 }, 'allowed'],
    ['the text 1 for the number', { n: 1 }, { n: '1' }, 'approval_mismatch'],
    ['another order of a list', { l: [1, 2] }, { l: [2, 1] }, 'approval_mismatch'],
    ['null for nothing', { a: 1 }, { a: 1, b: null }, 'approval_mismatch'],
    ['NaN', { n: 1 }, { n: Number.NaN }, 'payload_limit'],
    ['Infinity', { n: 1 }, { n: Number.POSITIVE_INFINITY }, 'payload_limit'],
  ])('A04 reads arguments as JSON: %s', async (_what, approved, given, reason) => {
    const { engine } = stageWith()
    const approval = await approvedId(engine, { ...SEND, arguments: approved })
    const request = { ...SEND, arguments: given as JsonObject }

    expect((await presented(engine, request, approval)).decision.reason).toBe(reason)
  })

  it.each<[string, number, number, string]>([
    ['a millisecond before its end', 59_999, 59_999, 'allowed'],
    ['at its end', 60_000, 60_000, 'approval_expired'],
    ['at its end, with the wall clock set back', 60_000, -3_600_000, 'approval_expired'],
    ['at its end, with a steady clock that slept', 10, 60_000, 'approval_expired'],
  ])('A05 lasts as long as the policy says: %s', async (_what, steady, wall, reason) => {
    const { engine, clocks } = stageWith({ policy: askingPolicy('{ ttl: 60s, timeout: 1h }') })
    const { id } = await decided(engine, SEND)
    clocks.steady += 600_000
    clocks.wall += 600_000
    await engine.approvals.approve(id, { by: 'ana' })
    clocks.steady += steady
    clocks.wall += wall

    expect((await presented(engine, SEND, id)).decision.reason).toBe(reason)
  })

  it.each<[string, Partial<CallRequest>]>([
    ['another agent', { subject: { agent: 'other-bot', user: 'ben', tenant: 'acme' } }],
    ['another user', { subject: { agent: 'bot', user: 'eve', tenant: 'acme' } }],
    ['no user', { subject: { agent: 'bot', tenant: 'acme' } }],
    ['another tenant', { subject: { agent: 'bot', user: 'ben', tenant: 'other' } }],
    ['another session', { session: 's2' }],
    ['another tool', { resource: 'mail.draft' }],
    ['a tool of the same name on another server', { resource: 'post.send' }],
    ['another verb', { verb: 'admin' }],
  ])('A06 is of no use to %s', async (_who, changes) => {
    const { engine } = stageWith()
    const approval = await approvedId(engine, SEND)

    const denied = await presented(engine, { ...SEND, ...changes }, approval)
    expect(denied.decision).toMatchObject({ effect: 'deny', reason: 'approval_mismatch' })
  })

  it('A06 is of no use to a tool that another server registered under the very same name', async () => {
    const { engine } = stageWith()
    const send = { ...SEND, resource: 'send' }
    const approval = await approvedId(engine, { ...send, server: 'mail' })

    const other = await presented(engine, { ...send, server: 'post' }, approval)
    expect(other.decision.reason).toBe('approval_mismatch')
    expect((await presented(engine, { ...send, server: 'mail' }, approval)).permitted).toBe(true)
  })

  it('A06 is of no use to a tool of which the catalogue says something else by now', async () => {
    const { engine } = stageWith()
    const approval = await approvedId(engine, SEND)
    const { document } = askingPolicy()
    const tools = [{ name: 'mail.send', server: 'mail', tags: ['payment'] }]
    engine.reload(compilePolicy({ ...document, tools }))

    expect((await presented(engine, SEND, approval)).decision.reason).toBe('approval_mismatch')
  })

  it('A06 tells nobody whether another has one of that id', async () => {
    const { engine } = stageWith()
    const approval = await approvedId(engine, SEND)
    const other = { ...SEND, session: 's2' }
    const [known, unknown] = [
      await presented(engine, other, approval),
      await presented(engine, other, 'no-such-approval'),
    ]

    expect(known.decision.detail).toBe(unknown.decision.detail)
  })

  it('A07 does not outlive a rule: the gates speak again, and the records hold both policies', async () => {
    const [before, after] = [askingPolicy(), askingPolicy('{}', NEVER)]
    const { engine, sink } = stageWith({ policy: before })
    const approval = await approvedId(engine, SEND)
    engine.reload(after)

    const { decision } = await presented(engine, SEND, approval)
    const denied = sink.records().find(({ id }) => id === decision.id)
    expect([denied?.policy_digest, denied?.status]).toEqual([after.digest, 'denied'])
    expect([decision.reason, decision.policy_digest]).toEqual(['explicit_deny', after.digest])
    const given = sink
      .records()
      .find(({ kind, status }) => kind === 'approval' && status === 'success')
    expect([given?.approval_id, given?.policy_digest]).toEqual([approval, before.digest])
  })

  it('A07 is worth nothing where who gave it may no longer', async () => {
    const { engine } = stageWith()
    const approval = await approvedId(engine, SEND)
    engine.reload(askingPolicy('{ approvers: [eve] }'))

    expect((await presented(engine, SEND, approval)).decision.reason).toBe('approval_denied')
  })

  it.each([
    'bot',
    'ben',
    'BEN',
    ' ben ',
    'user:ben',
    'agent:bot',
    'ben@example.com',
    'Ben+approvals@example.com',
    'ACME\\ben',
    'acct:ben@example.com.',
    '\uff42\uff45\uff4e',
    'b\u200ben',
    'b\u0435n',
    '',
    ' ',
  ])('A08 is not given by the one who asks, called %j', async (by) => {
    const { engine } = stageWith()
    const { id } = await decided(engine, SEND)

    expect(await codeOf(engine.approvals.approve(id, { by }))).toBe('ERR_APPROVER_REFUSED')
    expect((await presented(engine, SEND, id)).decision.reason).toBe('approval_required')
    await engine.approvals.approve(id, { by: 'ana' })
    expect((await presented(engine, SEND, id)).permitted).toBe(true)
  })

  it('A08 is given by those the policy names, and by the one who asks only where it says so', async () => {
    const named = stageWith({ policy: askingPolicy('{ approvers: [ana, ben] }') }).engine
    const { id } = await decided(named, SEND)
    for (const by of ['eve', 'ben'])
      expect(await codeOf(named.approvals.approve(id, { by }))).toBe('ERR_APPROVER_REFUSED')
    expect((await named.approvals.approve(id, { by: 'ana' })).state).toBe('approved')

    const own = stageWith({ policy: askingPolicy('{ four_eyes: false }') }).engine
    const { id: other } = await decided(own, SEND)
    expect((await own.approvals.approve(other, { by: 'ben' })).state).toBe('approved')
  })

  it('A09 comes too late where the call was given up, and changes nothing', async () => {
    const { engine } = stageWith({
      approvals: { ask: () => new Promise(() => undefined), timeoutMs: 5 },
    })
    expect(await guarded(engine, SEND)).toBe('approval_expired')
    const [entry] = await engine.approvals.list()
    const id = entry?.id ?? ''

    expect(await codeOf(engine.approvals.approve(id, { by: 'ana' }))).toBe('ERR_APPROVAL_CONFLICT')
    expect((await engine.approvals.list()).map(({ state }) => state)).toEqual(['expired'])
  })

  it('A10 outlives a restart unanswered: all that wait do so, or have expired, and none is lost', async () => {
    const store = new MemoryApprovals()
    const policy = askingPolicy('{ timeout: 60s, max_pending: 100 }')
    const before = stageWith({ policy, stores: { approvals: store } })
    for (let index = 0; index < 50; index++) {
      await decided(before.engine, { ...SEND, arguments: { index } })
      before.clocks.wall += 1_000
    }
    // Another process: its steady clock begins anew.
    const after = stageWith({ policy, stores: { approvals: copyOf(store) } })
    after.clocks.wall = before.clocks.wall + 30_000
    after.clocks.steady = 0

    const states = (await after.engine.approvals.list()).map(({ state }) => state)
    expect(states.filter((state) => state === 'expired')).toHaveLength(21)
    expect(states.filter((state) => state === 'pending')).toHaveLength(29)
    const last = (await after.engine.approvals.list({ state: 'pending' })).at(-1)
    await after.engine.approvals.approve(last?.id ?? '', { by: 'ana' })
    const again = { ...SEND, arguments: { index: 49 } }
    expect((await presented(after.engine, again, last?.id ?? '')).permitted).toBe(true)
  })

  it('A10 is over after a restart with a clock that was set back', async () => {
    const store = new MemoryApprovals()
    const before = stageWith({ stores: { approvals: store } })
    const approval = await approvedId(before.engine, SEND)
    const after = stageWith({ stores: { approvals: copyOf(store) } })
    after.clocks.wall -= 3_600_000

    expect((await presented(after.engine, SEND, approval)).decision.reason).toBe('approval_expired')
  })

  it('A13 cannot be asked for without end: what waits is never pushed out, and the denial says so', async () => {
    const { engine } = stageWith()
    const ids: string[] = []
    let refused = 0
    for (let index = 0; index < 10_000; index++) {
      const decision = await decided(engine, { ...SEND, arguments: { index } })
      if (decision.effect === 'escalate') ids.push(decision.id)
      else if (decision.detail?.includes('20 calls of this agent wait')) refused++
    }

    expect([ids.length, refused]).toEqual([20, 9_980])
    const waiting = await engine.approvals.list({ state: 'pending' })
    expect(waiting.map(({ id }) => id)).toEqual(ids)
    const other = { ...SEND, subject: { agent: 'other-bot' } }
    expect((await decided(engine, other)).effect).toBe('escalate')
  })

  it('A13 holds its bound where many ask at once of a slow store, and has room again later', async () => {
    const store = slowStore(() => new Promise((resolve) => setImmediate(resolve)))
    const { engine, clocks } = stageWith({ stores: { approvals: store } })
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, index) => decided(engine, { ...SEND, arguments: { index } })),
    )
    expect(all.filter(({ effect }) => effect === 'escalate')).toHaveLength(20)
    clocks.steady += 300_000
    clocks.wall += 300_000
    expect((await decided(engine, SEND)).effect).toBe('escalate')
  })

  it('A14 lets out what was approved, whatever the caller does to its arguments meanwhile', async () => {
    const args = { to: 'a@b.c', list: [1] }
    const { engine } = stageWith({
      approvals: {
        ask: async () => {
          args.to = 'eve@evil.test'
          args.list.push(2)
          return { outcome: 'approved', by: 'ana' }
        },
      },
    })
    let sent: JsonValue = null
    await engine.guard({ ...SEND, arguments: args }, (given) => {
      sent = given
    })

    expect(sent).toEqual({ to: 'a@b.c', list: [1] })
  })

  it.each(['waits', 'comes again'])(
    'A15 is for the rewritten arguments where a rule rewrites them, and the call %s',
    async (how) => {
      let seen: Approval | undefined
      const { engine } = stageWith({
        policy: askingPolicy('{}', CAPPED),
        approvals: {
          ask: async (approval) => {
            seen = approval
            return { outcome: 'approved', by: 'ana' }
          },
        },
      })
      const request = { ...SEND, arguments: { to: 'a@b.c', count: 500 } }
      const rewritten = { to: 'a@b.c', count: 5 }
      const approval = how === 'waits' ? undefined : await approvedId(engine, request)
      const ticket = await engine.begin(
        approval === undefined ? request : { ...request, approval },
        { wait: true },
      )

      expect([ticket.permitted, ticket.decision.effect]).toEqual([true, 'compute'])
      expect(ticket.arguments).toEqual(rewritten)
      expect(ticket.decision.dispatch_hash).toBe(hashOf(rewritten))
      const [entry] = await engine.approvals.list()
      expect(entry?.binding.arguments_hash).toBe(hashOf(rewritten))
      if (how === 'waits') expect(seen?.arguments).toEqual(rewritten)
    },
  )

  it('is over when the caller gives up, and cannot be given any more', async () => {
    const controller = new AbortController()
    const { engine } = stageWith({ approvals: { ask: () => new Promise(() => undefined) } })
    const call = guarded(engine, { ...SEND, signal: controller.signal })
    const { id } = await firstPending(engine)
    controller.abort()

    expect(await call).toBe('approval_expired')
    expect(await codeOf(engine.approvals.approve(id, { by: 'ana' }))).toBe('ERR_APPROVAL_CONFLICT')
  })
})

const NEVER = `- { name: never, effect: deny, resources: [mail.send], verbs: [invoke] }`
const CAPPED = `- { effect: compute, resources: [mail.send], verbs: [invoke], compute: { clamp: { count: { max: 5 } } } }`

/** What a store on a disk would have kept. */
function copyOf(store: MemoryApprovals): MemoryApprovals {
  const copy = new MemoryApprovals()
  for (const entry of store.list()) copy.add(JSON.parse(JSON.stringify(entry)))
  return copy
}
