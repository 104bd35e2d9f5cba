import { afterEach, describe, expect, it } from 'vitest'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { testAuditSink } from '../../testing/contracts/audit-sink.ts'
import { createTestEngine } from '../../testing/create-test-engine.ts'
import { recordOf } from '../record.fixture.ts'
import { manualTimers } from '../timers.fixture.ts'
import type { CliOutputEvent, StreamViewer } from './events.ts'
import { named, type ReceivedEvent, readerOf, serveOnLoopback, take } from './stream.fixture.ts'
import { type StreamSink, type StreamSinkOptions, streamSink } from './stream-sink.ts'

const ALL: StreamViewer = { sees: 'all' }
const SYSTEM: StreamViewer = { sees: 'all', filter: { families: ['system'] } }
const get = (headers: Record<string, string> = {}) =>
  new Request('http://stream.test/', { headers })

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

function setUp(options: StreamSinkOptions = {}) {
  const timers = manualTimers()
  const sink = streamSink({ timers, ...options })
  cleanups.push(() => sink.close())
  return { sink, timers }
}

const cliLine = (text: string): CliOutputEvent => ({
  type: 'cli',
  command: 'test',
  stream: 'stdout',
  text,
})

/** What one who comes now is sent: all that is kept, until a mark of our own. */
async function keptIn(sink: StreamSink): Promise<readonly ReceivedEvent[]> {
  const events = readerOf(sink.fetch(get({ 'last-event-id': 'of another process' }), ALL))
  sink.publish('cli', cliLine('end'))
  const kept: ReceivedEvent[] = []
  for await (const event of events) {
    if (event.event === 'cli') break
    kept.push(event)
  }
  return kept
}

const recordsIn = (events: readonly ReceivedEvent[]): readonly AuditRecord[] =>
  events.flatMap(({ event, data }) =>
    event === 'system' ? [(data as { record: AuditRecord }).record] : [],
  )

describe('streamSink', () => {
  it('is what the engine relies on', async () => {
    const read = async (sink: StreamSink) => recordsIn(await keptIn(sink))
    expect(await testAuditSink(() => streamSink(), { read })).toEqual([])
  })

  it('tells a session and its decisions, from its first call to its end', async () => {
    const { sink } = setUp()
    const engine = createTestEngine({
      policy:
        '{"roles":[{"name":"r","rules":[{"resources":["db.read"],"verbs":["invoke"]}]}],"bindings":[{"agent":"a","roles":["r"]}]}',
      audit: [sink],
    })
    const subject = { agent: 'a', user: 'ada' }
    const events = readerOf(sink.fetch(get(), { user: 'ada' }))
    const call = { session: 's', arguments: {}, subject }
    await engine.guard({ ...call, resource: 'db.read' }, () => 1)
    await engine.guard({ ...call, resource: 'db.drop' }, () => 1).catch(() => undefined)
    await engine.terminate('s', { by: 'operator', subject })
    expect((await take(events, 5)).map(named)).toEqual([
      'system decision 1',
      'analytics SessionStarted',
      'system outcome 2',
      'system decision 3',
      'analytics SessionEnded',
    ])
    expect(sink.stats().totals).toMatchObject({ clients: 1, users: 1, allow: 1, deny: 1 })
    await engine.close()
  })

  it('writes each record as a ledger has it, linked to the one before', async () => {
    const { sink } = setUp()
    sink.write([recordOf(1), recordOf(2)])
    const [first, second] = recordsIn(await keptIn(sink))
    expect([first?.prev, second?.prev]).toEqual([null, first?.hash])
  })

  it('tells events of every family', async () => {
    const { sink } = setUp()
    const events = readerOf(sink.fetch(get(), ALL))
    sink.publish('agui', { type: 'RUN_STARTED', runId: 'r' })
    sink.publish('a2a', { type: 'status-update', state: 'working' })
    sink.publish('context', { type: 'ContextCreated', id: 'c' })
    sink.publish('analytics', { type: 'PageView', page: '/' })
    sink.publish('analytics', { type: 'EngagementUpdate', seconds: 3 })
    sink.publish('cli', cliLine('line\nline\u2028line\r'))
    const taken = await take(events, 6)
    expect(taken.map(named)).toEqual([
      'agui RUN_STARTED',
      'a2a status-update',
      'context ContextCreated',
      'analytics PageView',
      'analytics EngagementUpdate',
      'cli cli',
    ])
    expect(taken.at(-1)?.data).toEqual(cliLine('line\nline\u2028line\r'))
    expect(() => sink.publish('other' as 'cli', cliLine(''))).toThrow(/no such family/)
    expect(() => sink.publish('cli', cliLine('x'.repeat(2 ** 20)))).toThrow(/at most/)
  })

  it('tells a reader that something was too large to send', async () => {
    const { sink } = setUp()
    const events = readerOf(sink.fetch(get(), ALL))
    sink.write([recordOf(1, { tool: 'x'.repeat(2 ** 20), session_id: null }), recordOf(2)])
    const taken = await take(events, 2)
    expect(taken.map(({ data }) => data)).toMatchObject([{ type: 'dropped', count: null }, {}])
    expect(sink.stats().skipped).toBe(1)
  })

  it.each<[string, object]>([
    ['no connections', { maxClients: 0 }],
    ['a heartbeat without end', { heartbeatMs: Number.POSITIVE_INFINITY }],
    ['an unknown option', { clients: 3 }],
  ])('refuses %s', (_what, options) => {
    expect(() => streamSink(options)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })
})

describe('who sees what', () => {
  const RECORDS = [
    recordOf(1, { user_id: 'ada', tenant: 'acme', session_id: 's1' }),
    recordOf(2, { user_id: 'bob', tenant: 'acme', session_id: 's2' }),
    recordOf(3, { user_id: 'ada', tenant: 'other', session_id: 's3' }),
    recordOf(4, { user_id: null, tenant: 'acme', session_id: 's4', kind: 'outcome' }),
    recordOf(5, { user_id: 'ada', tenant: null, session_id: 's5' }),
  ]
  it.each<[string, StreamViewer, readonly number[]]>([
    ['a user sees their own', { user: 'ada', tenant: 'acme' }, [1]],
    ['a user without a tenant sees nothing of one', { user: 'ada' }, [5]],
    ['a tenant sees its own', { tenant: 'acme', sees: 'tenant' }, [1, 2, 4]],
    ['an operator sees all', { sees: 'all' }, [1, 2, 3, 4, 5]],
    ['a session', { sees: 'all', filter: { sessions: ['s2'] } }, [2]],
    ['a user of all', { sees: 'all', filter: { users: ['ada'] } }, [1, 3, 5]],
    ['a kind', { sees: 'all', filter: { kinds: ['outcome'] } }, [4]],
    ['a filter widens nothing', { user: 'ada', tenant: 'acme', filter: { users: ['bob'] } }, []],
    ['a list that is empty holds nothing', { sees: 'all', filter: { kinds: [] } }, []],
  ])('%s', async (_what, viewer, wanted) => {
    const { sink } = setUp()
    const response = sink.fetch(get(), viewer)
    const events = readerOf(response)
    sink.write(RECORDS)
    sink.close()
    const seen = recordsIn(await take(events, 100)).map(({ seq }) => seq)
    expect(seen).toEqual(wanted)
  })

  it.each<[string, StreamViewer | undefined]>([
    ['nobody', undefined],
    ['a user without a name', { user: '' }],
    ['a tenant without a name', { sees: 'tenant' }],
  ])('%s is not let in', (_what, viewer) => {
    const { sink } = setUp()
    expect([sink.fetch(get(), viewer).status, sink.stats().clients]).toEqual([403, 0])
  })
})

describe('connections', () => {
  it('go over a real server, and are cleaned up when the client goes', async () => {
    const { sink } = setUp()
    const served = await serveOnLoopback((request) => sink.fetch(request, SYSTEM))
    cleanups.push(() => served.stop())
    const gone = new AbortController()
    const response = await fetch(served.url, { signal: gone.signal })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    sink.write([recordOf(1), recordOf(2)])
    expect((await take(readerOf(response), 2)).map(named)).toEqual([
      'system decision 1',
      'system decision 2',
    ])
    gone.abort()
    await expect.poll(() => sink.stats().clients).toBe(0)
    expect(sink.stats().ended.gone).toBe(1)
  })

  it('go on where they were, with exactly what was missed', async () => {
    const { sink } = setUp()
    const first = readerOf(sink.fetch(get(), SYSTEM))
    sink.write([recordOf(1), recordOf(2)])
    const [, second] = await take(first, 2)
    await first.return(undefined)
    expect(sink.stats().clients).toBe(0)
    sink.write([recordOf(3), recordOf(4)])
    const again = readerOf(sink.fetch(get({ 'last-event-id': second?.id ?? '' }), SYSTEM))
    sink.write([recordOf(5)])
    expect((await take(again, 3)).map(named)).toEqual([
      'system decision 3',
      'system decision 4',
      'system decision 5',
    ])
  })

  it('are told where nobody knows what they have missed', async () => {
    const { sink } = setUp({ history: 2 })
    const first = readerOf(sink.fetch(get(), SYSTEM))
    sink.write([recordOf(1)])
    const [one] = await take(first, 1)
    for (let seq = 2; seq <= 9; seq++) sink.write([recordOf(seq)])
    for (const id of [one?.id ?? '', 'ffffffffffff-1', 'nonsense']) {
      const again = await take(readerOf(sink.fetch(get({ 'last-event-id': id }), SYSTEM)), 3)
      expect(again[0]).toMatchObject({ event: 'dropped', data: { type: 'dropped', count: null } })
      expect(named(again.at(-1) as ReceivedEvent)).toMatch(/^system decision \d$/)
    }
  })

  it('have a heartbeat every 15 seconds, and operators the totals', async () => {
    const { sink, timers } = setUp()
    const operator = readerOf(sink.fetch(get(), ALL))
    const user = readerOf(sink.fetch(get(), { user: 'ada', filter: { families: ['system'] } }))
    timers.advance(14_999)
    sink.publish('cli', cliLine('first'))
    timers.advance(1)
    timers.advance(15_000)
    expect((await take(operator, 5)).map(named)).toEqual([
      'cli cli',
      'analytics Heartbeat',
      'analytics RealTimeStats',
      'analytics Heartbeat',
      'analytics RealTimeStats',
    ])
    expect(await take(user, 2)).toEqual([
      { id: '', event: 'analytics', data: { type: 'Heartbeat', at: '2026-01-01T00:00:15.000Z' } },
      { id: '', event: 'analytics', data: { type: 'Heartbeat', at: '2026-01-01T00:00:30.000Z' } },
    ])
  })

  it('that are slow lose the oldest, are told how many, and go on when they read again', async () => {
    const { sink } = setUp({ queue: 10, history: 0 })
    const events = readerOf(sink.fetch(get(), SYSTEM))
    const big = { tool: 'x'.repeat(70_000) }
    sink.write([recordOf(1, big)])
    for (let seq = 2; seq <= 31; seq++) sink.write([recordOf(seq)])
    const taken = await take(events, 12)
    expect(taken.map(named)).toEqual([
      'system decision 1',
      'dropped dropped',
      ...Array.from({ length: 10 }, (_, at) => `system decision ${22 + at}`),
    ])
    expect(taken[1]?.data).toEqual({ type: 'dropped', count: 20 })
    expect(sink.stats().clients).toBe(1)
  })

  it('that stay slow are ended, and told what they have missed', async () => {
    const { sink, timers } = setUp({ queue: 10, history: 0 })
    const response = sink.fetch(get(), SYSTEM)
    sink.write([recordOf(1, { tool: 'x'.repeat(70_000) })])
    for (let seq = 2; seq <= 31; seq++) sink.write([recordOf(seq)])
    timers.advance(15_000)
    expect(sink.stats().clients).toBe(1)
    timers.advance(15_000)
    expect([sink.stats().clients, sink.stats().ended.slow, timers.pending()]).toEqual([0, 1, 0])
    const taken = await take(readerOf(response), 10)
    expect(taken.map(({ data }) => data).slice(1)).toEqual([{ type: 'dropped', count: 30 }])
  })

  it('are bounded: of one user, and 1,000 in all', async () => {
    const { sink, timers } = setUp({ perUser: 3 })
    const statuses = (count: number, viewer: StreamViewer) =>
      Array.from({ length: count }, () => sink.fetch(get(), viewer).status)
    expect(statuses(5, { user: 'ada' })).toEqual([200, 200, 200, 429, 429])
    expect(statuses(1, { user: 'ada', tenant: 'other' })).toEqual([200])
    const rest = Array.from({ length: 996 }, (_, at) =>
      sink.fetch(get(), { ...SYSTEM, user: `u${at}` }),
    )
    expect(statuses(2, { user: 'bob' })).toEqual([503, 503])
    sink.write([recordOf(1)])
    const first = await Promise.all(rest.map((response) => take(readerOf(response), 1)))
    expect(
      first.every(([event]) => event !== undefined && named(event) === 'system decision 1'),
    ).toBe(true)
    sink.close()
    expect([sink.stats().clients, sink.stats().users, timers.pending()]).toEqual([0, 0, 0])
    expect(sink.fetch(get(), ALL).status).toBe(503)
    expect(() => sink.write([recordOf(2)])).toThrow(
      expect.objectContaining({ code: 'ERR_AUDIT_UNAVAILABLE' }),
    )
  })

  it('are asked for with GET alone', () => {
    const { sink } = setUp()
    const request = new Request('http://stream.test/', { method: 'POST', body: 'x' })
    expect(sink.fetch(request, ALL).status).toBe(405)
  })
})
