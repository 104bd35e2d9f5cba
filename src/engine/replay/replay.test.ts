import { describe, expect, it } from 'vitest'
import { parsePolicy } from '../../core/policy/parse.ts'
import { createReplay, type ReplayOptions, replaySession } from './replay.ts'
import { readTraceSession, type TraceSession } from './trace-session.ts'

const POLICY = parsePolicy(`
servers: [a]
tools:
  - { name: a.scoped, server: a, scope: inner }
  - { name: a.open, server: a }
  - { name: a.ask, server: a }
  - { name: a.limited, server: a }
  - { name: a.forbidden, server: a }
roles:
  - name: user
    rules:
      - { resources: [a.scoped, a.open], verbs: [invoke] }
      - { resources: [a.ask], verbs: [invoke], effect: escalate }
      - { resources: [a.limited], verbs: [invoke], constraints: { one_of: { field: q, allow: [yes] } } }
      - { resources: [a.forbidden], verbs: [invoke], effect: deny }
bindings:
  - { agent: bot, roles: [user] }
  - { agent: late, roles: [user], expires_at: 2026-06-01T00:00:00Z }
`)

const ask = (tool: string, more: object = {}) => ({
  direction: 'request',
  tool,
  payload: {},
  ...more,
})
const answer = (tool: string, more: object = {}) => ({
  direction: 'response',
  tool,
  payload: 'x',
  ...more,
})

function sessionOf(events: readonly object[], more: object = {}): TraceSession {
  return readTraceSession({ id: 's', agent: 'bot', events, ...more }, 'test')
}

function replayed(events: readonly object[], options: ReplayOptions = {}, more: object = {}) {
  return replaySession(sessionOf(events, more), { policy: POLICY, ...options })
}

describe('a replayed session', () => {
  it('counts events that reached the behavioural layer: admitted requests and their responses', async () => {
    const report = await replayed([
      ask('a.open'),
      answer('a.open'),
      ask('a.forbidden'),
      answer('a.forbidden'),
      answer('a.open'),
      ask('a.scoped'),
    ])
    expect(report).toMatchObject({
      events: 6,
      analysed: 3,
      allowed: 2,
      denied: 1,
      stopped_at: 3,
      asked_at: null,
    })
  })

  it('judges in the order of the numbers, not of the file', async () => {
    const report = await replayed([
      answer('a.open', { seq: 4 }),
      ask('a.forbidden', { seq: 3 }),
      ask('a.open', { seq: 2 }),
    ])
    expect(report).toMatchObject({ analysed: 2, stopped_at: 3 })
    expect(report.decisions.map(({ seq }) => seq)).toEqual([2, 3])
  })

  it('joins responses by request id before it joins them by tool', async () => {
    const parallel = [
      ask('a.limited', { request_id: 'one', payload: { q: 'no' } }),
      ask('a.limited', { request_id: 'two', payload: { q: 'yes' } }),
    ]
    const answered = async (...ids: object[]) =>
      (await replayed([...parallel, ...ids.map((id) => answer('a.limited', id))])).analysed
    expect([
      await answered({ request_id: 'two' }),
      await answered({ request_id: 'one' }),
      await answered({ request_id: 'one' }, { request_id: 'two' }),
      await answered({}),
      await answered({}, {}),
    ]).toEqual([2, 1, 2, 1, 2])
  })

  it('notes the first call that would have waited, and goes on as if it were approved', async () => {
    const report = await replayed([ask('a.ask'), answer('a.ask'), ask('a.open')])
    expect(report).toMatchObject({
      analysed: 3,
      allowed: 1,
      denied: 0,
      asked_at: 1,
      stopped_at: null,
    })
    expect(report.decisions[0]).toMatchObject({ effect: 'escalate', reason: 'approval_required' })
  })

  it('lets everything go on with `observe`, and still says where it would have stopped', async () => {
    const events = [ask('a.forbidden'), answer('a.forbidden'), ask('a.ask'), ask('a.open')]
    expect(await replayed(events, { observe: true })).toMatchObject({
      analysed: 4,
      denied: 1,
      stopped_at: 1,
      asked_at: 3,
    })
  })

  it('takes the agent from the event, the session, the option, and else from nobody', async () => {
    const agents = async (session: object, options: ReplayOptions) => {
      const events = [ask('a.open', { agent: 'eve' }), ask('a.open')]
      const { decisions } = await replayed(events, options, session)
      return decisions.map(({ agent, reason }) => `${agent} ${reason}`)
    }
    expect([
      await agents({}, { agent: 'other' }),
      await agents({ agent: undefined }, { agent: 'bot' }),
      await agents({ agent: undefined }, {}),
    ]).toEqual([
      ['eve no_binding', 'bot allowed'],
      ['eve no_binding', 'bot allowed'],
      ['eve no_binding', 'null no_principal'],
    ])
  })

  it('judges each call at the time of its event', async () => {
    const events = [
      ask('a.open', { agent: 'late', timestamp: '2026-05-31T23:59:59Z' }),
      ask('a.open', { agent: 'late', timestamp: '2026-06-01T00:00:00Z' }),
    ]
    const { decisions } = await replayed(events)
    expect(decisions.map(({ reason }) => reason)).toEqual(['allowed', 'no_binding'])
  })

  it('does not judge messages that call nothing, but hears what they tell the agent', async () => {
    const report = await replayed([
      { direction: 'request', method: 'tools/list' },
      { direction: 'response', method: 'tools/list', payload: {} },
      ask('a.open', { method: 'tools/call' }),
    ])
    expect(report).toMatchObject({ events: 3, analysed: 2, allowed: 1 })
  })

  it('judges no call by RBAC without a policy', async () => {
    const report = await replaySession(sessionOf([ask('z.anything'), answer('z.anything')]))
    expect(report).toMatchObject({
      policy_digest: null,
      analysed: 2,
      allowed: 0,
      denied: 0,
      decisions: [],
      disposition: 'allow',
    })
  })

  it('reports a call that no engine would take, even without a policy', async () => {
    const report = await replaySession(sessionOf([ask('not a name')]))
    expect(report).toMatchObject({ analysed: 0, denied: 1, stopped_at: 1 })
    expect(report.decisions[0]).toMatchObject({ gate: 'identity', reason: 'malformed_request' })
  })

  it('says the same of the same session every time', async () => {
    const events = [ask('a.ask'), ask('a.forbidden'), answer('a.ask'), ask('a.open')]
    expect(await replayed(events)).toEqual(await replayed(events))
  })

  it('holds no argument and no response', async () => {
    const secret = 'sk-live-000'
    const report = await replayed([
      ask('a.limited', { payload: { q: secret } }),
      ask('a.open', { payload: { key: secret } }),
      answer('a.open', { payload: { key: secret } }),
    ])
    expect(JSON.stringify(report)).not.toContain(secret)
  })
})

describe('one replay of many sessions', () => {
  it('keeps them apart though they have the same id', async () => {
    const replay = createReplay({ policy: POLICY })
    const one = await replay.session(sessionOf([ask('a.forbidden')]))
    const two = await replay.session(sessionOf([answer('a.open'), ask('a.open')]))
    await replay.close()
    expect([one.denied, two.denied, two.analysed]).toEqual([1, 0, 1])
  })

  it('costs the same for the thousandth open call as for the first', async () => {
    const events = Array.from({ length: 20_000 }, (_, index) =>
      ask('a.open', { request_id: index }),
    )
    const answers = events.map((_, index) => answer('a.open', { request_id: index })).reverse()
    const started = performance.now()
    const report = await replayed([...events, ...answers])
    expect(report.analysed).toBe(40_000)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
