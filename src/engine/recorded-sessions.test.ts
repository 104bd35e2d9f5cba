import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { RecordTraceOptions } from '../audit/trace/options.ts'
import { recordTrace } from '../audit/trace/record-trace.ts'
import type { RecordedTrace } from '../audit/trace/trace-form.ts'
import type { SessionRecorder } from '../core/model/ports.ts'
import { parsePolicy } from '../core/policy/parse.ts'
import { createPolicyEngine, makeEngine } from './create-policy-engine.ts'
import { POLICY, READ } from './engine.fixture.ts'
import { loadPolicy } from './load-policy.ts'
import type { Diagnostic } from './options.ts'
import { replaySession } from './replay/replay.ts'
import type { ReplayReport } from './replay/replay-report.ts'
import { readTraceFiles } from './replay/trace-file.ts'
import { readTraceSession, type TraceSession } from './replay/trace-session.ts'
import type { Ticket } from './ticket.ts'

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url))
const TRACES = join(FIXTURES, 'traces')
const demo = await loadPolicy(join(FIXTURES, 'policies', 'demo.yaml'))

/** Runs a recorded session through a live engine, with the recorder beside it. */
async function live(session: TraceSession, recorder: SessionRecorder): Promise<void> {
  let now = 0
  const engine = makeEngine(
    {
      policy: demo,
      audit: [recorder],
      identity: 'host',
      clock: { now: () => now, monotonic: () => now },
      onDiagnostic: () => {},
      approvals: { ask: () => ({ outcome: 'approved', by: ' somebody' }) },
    },
    { isolated: true, isReplay: true },
  )
  const open = new Map<string | undefined, Ticket>()
  for (const event of session.events) {
    now = event.at ?? now
    const agent = event.agent ?? session.agent ?? 'agent'
    if (event.tool === undefined) continue
    if (event.direction === 'response') {
      await open.get(event.requestId ?? event.tool)?.finish({ ok: true, value: event.payload })
      continue
    }
    const ticket = await engine.begin(
      {
        session: session.id,
        subject: { agent },
        resource: event.tool,
        arguments: event.payload,
        ...(event.scope === undefined ? {} : { scope: event.scope }),
        ...(session.task === undefined ? {} : { task: session.task }),
      },
      { wait: true },
    )
    open.set(event.requestId ?? event.tool, ticket)
  }
  await engine.close()
}

async function sessionsIn(path: string): Promise<readonly TraceSession[]> {
  const sessions: TraceSession[] = []
  for await (const session of readTraceFiles([path])) sessions.push(session)
  return sessions
}

/** What must be the same: all but names and the count of events that were never let through. */
function essence({ decisions, findings, edges, risk, disposition }: ReplayReport) {
  return {
    decisions: decisions.map(({ seq: _, detail: _detail, ...rest }) => rest),
    findings: findings.map(({ rule, confidence, action, score }) => ({
      rule,
      confidence,
      action,
      score,
    })),
    edges: edges.map(({ kind }) => kind),
    risk,
    disposition,
  }
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'callgate-trace-'))

describe('sessions recorded by a running engine', () => {
  const cases = readdirSync(TRACES)
    .sort()
    .flatMap((name) => (['redacted', 'raw'] as const).map((payloads) => [name, payloads] as const))
  it.each(cases)('of %s replay as they were, with payloads %s', async (name, payloads) => {
    for (const session of await sessionsIn(join(TRACES, name))) {
      const path = newFolder()
      await live(session, recordTrace({ path, payloads }))
      const [again] = await sessionsIn(path)
      if (again === undefined) throw new Error('nothing was recorded')
      const [before, after] = [
        await replaySession(session, { policy: demo }),
        await replaySession(again, { policy: demo }),
      ]
      expect(essence(after)).toEqual(essence(before))
    }
  })

  it.each(readdirSync(TRACES).sort())('of %s hold no secret unless they are raw', async (name) => {
    const source = readFileSync(join(TRACES, name), 'utf8')
    const secrets = source.match(/sk-live-[\w-]+/g) ?? []
    for (const session of await sessionsIn(join(TRACES, name))) {
      const path = newFolder()
      await live(session, recordTrace({ path }))
      for (const file of readdirSync(path))
        for (const secret of secrets)
          expect(readFileSync(join(path, file), 'utf8')).not.toContain(secret)
    }
  })

  it('name who called by all that policies ask for, and what for', async () => {
    const policy = parsePolicy(`
servers: [hr]
roles: [{ name: staff, rules: [{ resources: [hr.read], verbs: [admin] }] }]
bindings: [{ group: people, roles: [staff] }]
`)
    const path = newFolder()
    const engine = createPolicyEngine({ policy, audit: [recordTrace({ path })] })
    const subject = { agent: 'bot', user: 'ana', groups: ['people'] }
    const call = { session: 's', subject, resource: 'hr.read', arguments: {} }
    await engine.guard({ ...call, verb: 'admin' }, () => 1)
    await engine.guard({ ...call, subject: { agent: 'bot', user: 'ana' } }, () => 1).catch(() => 0)
    await engine.close()
    const [session] = await sessionsIn(path)
    if (session === undefined) throw new Error('nothing was recorded')
    const { decisions } = await replaySession(session, { policy })
    expect(decisions.map(({ verb, reason }) => `${verb} ${reason}`)).toEqual([
      'admin allowed',
      'invoke no_binding',
    ])
  })

  it('are files for their owner only, and whole', async () => {
    const path = join(newFolder(), 'made', 'below')
    const engine = createPolicyEngine({ policy: POLICY, audit: [recordTrace({ path })] })
    await engine.guard(READ, () => ({ rows: 1 }))
    await engine.close()
    const files = readdirSync(path)
    expect(files.map((file) => file.endsWith('.json'))).toEqual([true])
    const [file = ''] = files
    if (process.platform !== 'win32') expect(statSync(join(path, file)).mode & 0o777).toBe(0o600)
  })
})

describe('a recorder of sessions', () => {
  /** What is given to `onTrace` by the end, and what was said. */
  async function recorded(
    options: Partial<RecordTraceOptions>,
    run: (engine: ReturnType<typeof createPolicyEngine>) => Promise<unknown>,
  ) {
    const traces: RecordedTrace[] = []
    const codes: string[] = []
    const onDiagnostic = ({ code }: Diagnostic): void => void codes.push(code)
    const onTrace = (trace: RecordedTrace): void => void traces.push(trace)
    const recorder = recordTrace({ onTrace, onDiagnostic, ...options })
    const engine = createPolicyEngine({ policy: POLICY, audit: [recorder], onDiagnostic })
    await run(engine)
    await engine.close()
    return { traces, codes, stats: recorder.stats() }
  }
  const calls = async (engine: ReturnType<typeof createPolicyEngine>, ...sessions: string[]) => {
    for (const session of sessions) await engine.guard({ ...READ, session }, () => ({ rows: 1 }))
  }

  it('keeps the sessions of principals apart, and writes one when it is ended', async () => {
    const { traces } = await recorded({}, async (engine) => {
      for (const user of ['ana', 'ben'])
        await engine.guard({ ...READ, subject: { agent: 'bot', user } }, () => 1)
      await engine.endSession('s1', { subject: { user: 'ben' } })
      await engine.guard({ ...READ, subject: { agent: 'bot', user: 'ben' } }, () => 1)
    })
    expect(traces.map(({ events }) => events.map(({ subject }) => subject?.user))).toEqual([
      ['ben', 'ben'],
      ['ana', 'ana'],
      ['ben', 'ben'],
    ])
  })

  it('tells denials, failed calls, lists and progress', async () => {
    const { traces } = await recorded({}, async (engine) => {
      await engine.guard({ ...READ, arguments: { table: 'x' } }, () => 1).catch(() => 0)
      await engine.guard(READ, () => Promise.reject(new Error('no'))).catch(() => 0)
      await engine.hear(
        { session: 's1', subject: { agent: 'bot' } },
        { method: 'tools/list', payload: ['t'] },
      )
      const ticket = await engine.begin(READ)
      ticket.inspect({ progress: 1 })
      await ticket.finish({ ok: true, value: 2 })
    })
    const told = traces[0]?.events.map(({ direction, tool_name, method, is_error }) =>
      [direction, tool_name ?? method, is_error ?? false].join(' '),
    )
    expect(told).toEqual([
      'request db.read false',
      'request db.read false',
      'response db.read true',
      'response tools/list false',
      'request db.read false',
      'response notifications/message false',
      'response db.read false',
    ])
    expect(() => readTraceSession(traces[0], 'test')).not.toThrow()
  })

  it('goes on in another file where a session becomes too large', async () => {
    const { traces } = await recorded({ maxSessionSize: 3_000 }, (engine) =>
      calls(engine, ...Array.from({ length: 9 }, () => 's')),
    )
    expect(traces.length).toBeGreaterThan(2)
    expect(traces.flatMap(({ events }) => events)).toHaveLength(18)
  })

  it('writes the least recently used session where too many are open', async () => {
    const { traces } = await recorded({ maxOpenSessions: 2 }, (engine) =>
      calls(engine, 'a', 'b', 'a', 'c'),
    )
    expect(traces.map(({ session_id }) => session_id)).toEqual(['b', 'a', 'c'])
  })

  it('leaves out a payload that is too long, and says so', async () => {
    const { traces } = await recorded({ maxEventSize: 256 }, (engine) =>
      engine.guard(READ, () => 'x'.repeat(1_000)),
    )
    expect(traces[0]).toMatchObject({ incomplete: true })
    expect(traces[0]?.events[1]?.payload).toEqual({ truncated: true, characters: 1_002 })
  })

  it('loses events rather than memory where nothing can be written, and says so', async () => {
    const waiting: (() => void)[] = []
    const onTrace = () => new Promise<void>((resolve) => waiting.push(resolve))
    const recorder = recordTrace({ onTrace, maxSize: 4_000, onDiagnostic: () => {} })
    const engine = createPolicyEngine({ policy: POLICY, audit: [recorder] })
    await calls(engine, ...Array.from({ length: 50 }, (_, index) => `s${index}`))
    expect(recorder.stats().dropped).toBeGreaterThan(50)
    const release = setInterval(() => waiting.splice(0).forEach((go) => void go()), 1)
    await engine.close()
    clearInterval(release)
    expect(recorder.stats()).toMatchObject({ open: 0, failed: 0 })
  })

  it('fails no call: neither what it throws, nor a folder that cannot be', async () => {
    const diagnostics: string[] = []
    const onDiagnostic = ({ code }: Diagnostic): void => void diagnostics.push(code)
    const thrower: SessionRecorder = {
      name: 'thrower',
      observe() {
        throw new Error('no')
      },
      close: () => Promise.reject(new Error('no')),
    }
    const blocked = recordTrace({ path: fileURLToPath(import.meta.url), onDiagnostic })
    const engine = createPolicyEngine({ policy: POLICY, audit: [thrower, blocked], onDiagnostic })
    expect(await engine.guard(READ, () => 7)).toBe(7)
    await engine.close()
    expect([new Set(diagnostics), blocked.stats().failed]).toEqual([
      new Set(['recorder_failed', 'trace_failed']),
      1,
    ])
  })

  it('is no sink: a trail that cannot be kept denies all the same', async () => {
    const broken = { name: 'broken', write: () => Promise.reject(new Error('disk')) }
    const recorder = recordTrace({ onTrace: () => {} })
    const engine = createPolicyEngine({
      policy: POLICY,
      audit: [recorder, broken],
      onDiagnostic: () => {},
    })
    const { decision } = await engine.begin(READ)
    expect(decision.reason).toBe('audit_unavailable')
  })

  it.each<[string, RecordTraceOptions]>([
    ['neither path nor onTrace', {}],
    ['both', { path: 'x', onTrace: () => {} }],
    ['an unknown option', { path: 'x', folder: 'y' } as RecordTraceOptions],
    ['a short key', { path: 'x', key: 'short' }],
    ['no room', { path: 'x', maxSize: 0 }],
  ])('refuses %s', (_what, options) => {
    expect(() => recordTrace(options)).toThrow(/recordTrace/)
  })
})
