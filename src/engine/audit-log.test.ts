import { describe, expect, it } from 'vitest'
import { memorySink } from '../audit/memory.ts'
import type { CallDeniedError } from '../core/model/errors.ts'
import { createPolicyEngine } from './create-policy-engine.ts'
import { engineWith, OTHER_TABLE, READ, troubledSink } from './engine.fixture.ts'

const refused = (error: CallDeniedError) => error.decision.reason

describe('audit before dispatch', () => {
  it('writes the intent before the call goes out and the outcome after', async () => {
    const sink = memorySink()
    const { engine } = engineWith({ audit: [sink], clock: { now: () => Date.UTC(2026, 0, 1) } })
    let seenAtDispatch = 0
    await engine.guard({ ...READ, ids: { task: 't1' }, trace: 'trace-1' }, () => {
      seenAtDispatch = sink.records().length
      return { secret: 'never recorded raw' }
    })
    const [intent, outcome] = sink.records()
    expect(seenAtDispatch).toBe(1)
    expect(intent).toMatchObject({
      schema: 1,
      seq: 1,
      ts: '2026-01-01T00:00:00.000Z',
      kind: 'decision',
      status: 'pending',
      trace_id: 'trace-1',
      session_id: 's1',
      task_id: 't1',
      agent: 'bot',
      tier: 'user',
      server: 'db',
      tool: 'read',
      resource: 'db.read',
      verb: 'invoke',
      effect: 'allow',
      reason: 'allowed',
      gate: 'rbac',
      gates: ['session', 'rbac', 'secrets', 'blocklist', 'rate_limit', 'hooks', 'behavior'],
      arguments: null,
      rule: { role: 'reader', name: 'read rows', index: 0 },
      enforced: true,
      mode: 'enforce',
      output_hash: null,
    })
    expect(outcome).toEqual({
      ...intent,
      seq: 2,
      kind: 'outcome',
      evaluated_rules: [],
      status: 'success',
      duration_ms: 0,
      output_hash: expect.stringMatching(/^sha256:/),
    })
    expect(JSON.stringify(sink.records())).not.toContain('never recorded raw')
  })

  it('names trace, session, user, context, client and task in every record of a call', async () => {
    const sink = memorySink()
    const { engine } = engineWith({ audit: [sink] })
    const subject = { agent: 'bot', user: 'ana' }
    const ids = { context: 'c1', client: 'cl1', task: 't1', request: 'r1', toolCall: 'tc1' }
    await engine.guard({ ...READ, subject, ids }, () => 1)
    await engine.guard({ ...OTHER_TABLE, subject, ids }, () => 1).catch(() => undefined)
    for (const record of sink.records())
      expect(record).toMatchObject({
        trace_id: expect.any(String),
        session_id: 's1',
        user_id: 'ana',
        tool: 'read',
        act_chain: ['ana', 'bot'],
        context_id: 'c1',
        client_id: 'cl1',
        task_id: 't1',
        request_id: 'r1',
        tool_call_id: 'tc1',
      })
  })

  it('records a denial as final, once', async () => {
    const sink = memorySink()
    const { engine } = engineWith({ audit: [sink] })
    await engine.guard(OTHER_TABLE, () => 1).catch(() => undefined)
    expect(
      sink
        .records()
        .map(({ kind, status, reason, constraint }) => [kind, status, reason, constraint]),
    ).toEqual([['decision', 'denied', 'constraint_violation', 'one_of']])
  })

  it('records nothing of explain', async () => {
    const sink = memorySink()
    const { engine } = engineWith({ audit: [sink] })
    await engine.explain(OTHER_TABLE)
    expect([sink.records(), engine.session('s1').sequence, engine.stats().calls]).toEqual([
      [],
      0,
      0,
    ])
  })

  it.each(['reject', 'throw', 'hang'] as const)(
    'does not dispatch when the only sink does %s',
    async (mode) => {
      const { engine } = engineWith({ audit: [troubledSink(mode)], limits: { auditTimeoutMs: 20 } })
      let dispatched = 0
      expect(await engine.guard(READ, () => dispatched++).catch(refused)).toBe('audit_unavailable')
      expect(dispatched).toBe(0)
    },
  )

  it('denies for want of a record in observe mode too', async () => {
    const { engine } = engineWith({ audit: [troubledSink('throw')], mode: 'observe' })
    expect(await engine.guard(READ, () => 1).catch(refused)).toBe('audit_unavailable')
  })

  it('goes on where the operator said so by name, and says what happened', async () => {
    const { engine, diagnostics } = engineWith({
      audit: [troubledSink('throw')],
      onAuditFailure: 'continue',
    })
    expect(await engine.guard(READ, () => 'ran')).toBe('ran')
    expect(diagnostics.map(({ code }) => code)).toContain('audit_unavailable')
  })

  it('is satisfied by one sink that accepts', async () => {
    const good = memorySink()
    const { engine } = engineWith({ audit: [troubledSink('reject'), good] })
    expect([await engine.guard(READ, () => 'ran'), good.records().length]).toEqual(['ran', 2])
  })

  it('is not satisfied by one that keeps nothing where another should have kept the record', async () => {
    const relay = { name: 'relay', durable: false as const, write: () => undefined }
    const { engine } = engineWith({ audit: [troubledSink('reject'), relay] })
    let dispatched = 0
    expect(await engine.guard(READ, () => dispatched++).catch(refused)).toBe('audit_unavailable')
    expect(dispatched).toBe(0)
  })

  it('waits for a hanging sink once, then passes it over until it answers', async () => {
    const hanging = troubledSink('hang')
    const { engine } = engineWith({
      audit: [hanging, memorySink()],
      limits: { auditTimeoutMs: 20 },
    })
    await engine.guard(READ, () => 1)
    expect(hanging.records.length).toBe(1)
    await engine.guard(READ, () => 1)
    expect(hanging.records.length).toBe(1)
    hanging.mode = 'ok'
    hanging.release()
    await new Promise((resolve) => setImmediate(resolve))
    await engine.guard(READ, () => 1)
    expect(hanging.records.length).toBe(3)
  })

  it('gives the result of a finished call back even when its outcome cannot be recorded', async () => {
    const sink = troubledSink()
    const { engine, diagnostics } = engineWith({ audit: [sink] })
    const value = await engine.guard(READ, () => {
      sink.mode = 'throw'
      return 'done'
    })
    expect([value, diagnostics.map(({ code }) => code)]).toEqual([
      'done',
      ['audit_sink_failed', 'audit_unavailable'],
    ])
  })

  it('tells subscribers, and a subscriber that throws changes nothing', async () => {
    const { engine, diagnostics } = engineWith()
    const seen: string[] = []
    const stop = engine.subscribe((record) => seen.push(record.kind))
    engine.subscribe(() => {
      throw new Error('listener')
    })
    await engine.guard(READ, () => 1)
    stop()
    await engine.guard(READ, () => 1)
    expect([seen, diagnostics[0]?.code]).toEqual([['decision', 'outcome'], 'listener_failed'])
  })

  it('survives a subscriber and a diagnostics listener that reject', async () => {
    const policy = (await import('./engine.fixture.ts')).POLICY
    const engine = createPolicyEngine({
      policy,
      audit: [troubledSink('throw')],
      onDiagnostic: async () => Promise.reject(new Error('x')),
    })
    engine.subscribe(async () => Promise.reject(new Error('listener')))
    expect(await engine.guard(READ, () => 1).catch(refused)).toBe('audit_unavailable')
    await new Promise((resolve) => setImmediate(resolve))
  })

  it('keeps the reason of a call that was denied anyway', async () => {
    const { engine } = engineWith({ audit: [troubledSink('throw')] })
    expect(await engine.guard(OTHER_TABLE, () => 1).catch(refused)).toBe('constraint_violation')
  })

  it('records a caller that gives up while the call runs as cancelled', async () => {
    const sink = memorySink()
    const { engine } = engineWith({ audit: [sink] })
    const controller = new AbortController()
    const running = engine.guard({ ...READ, signal: controller.signal }, (_args, signal) => {
      controller.abort()
      return Promise.reject(signal.reason)
    })
    await running.catch(() => undefined)
    expect(sink.records().at(-1)?.status).toBe('cancelled')
  })

  it('says of an error what it is, never what it says', async () => {
    const sink = memorySink()
    const { engine } = engineWith({ audit: [sink] })
    const fault = Object.assign(new Error('password=hunter2'), {
      name: 'ssn 123-45-6789',
      code: 'EVIL CODE',
    })
    await engine.guard(READ, () => Promise.reject(fault)).catch(() => undefined)
    expect(sink.records().at(-1)?.error).toBe('Error')
  })

  it('never counts time backwards', async () => {
    const sink = memorySink()
    let at = 10_000
    const { engine } = engineWith({ audit: [sink], clock: { now: () => at } })
    await engine.guard(READ, () => {
      at = 0
    })
    expect(sink.records().at(-1)?.duration_ms).toBe(0)
  })

  it('names who was proven in the record of a malformed resource', async () => {
    const sink = memorySink()
    const { engine } = engineWith({
      audit: [sink],
      identity: { identify: () => ({ agent: 'bot' }) },
    })
    await engine.begin({ session: 's', resource: 'db.*', arguments: {} })
    expect(sink.records()[0]?.agent).toBe('bot')
  })

  it('waits for a record being written before it closes a sink, but not for ever', async () => {
    const order: string[] = []
    const slow = {
      name: 'slow',
      write: () =>
        new Promise<void>((resolve) =>
          setTimeout(() => {
            order.push('written')
            resolve()
          }, 10),
        ),
      close: () => {
        order.push('closed')
        return new Promise<void>(() => undefined)
      },
    }
    const { engine } = engineWith({ audit: [slow], limits: { auditTimeoutMs: 50 } })
    const begun = Promise.resolve(engine.begin(READ)).catch(() => undefined)
    await engine.close()
    await begun
    expect(order).toEqual(['written', 'closed'])
  })

  it('records a reload and the end of a session', async () => {
    const sink = memorySink()
    const { engine } = engineWith({ audit: [sink] })
    await engine.terminate('s9', { by: 'ops' })
    const { POLICY } = await import('./engine.fixture.ts')
    engine.reload(POLICY)
    expect(
      sink.records().map(({ kind, session_id, user_id }) => [kind, session_id, user_id]),
    ).toEqual([
      ['session', 's9', 'ops'],
      ['policy', null, null],
    ])
  })

  it('closes its sinks, and a sink that fails to close is reported', async () => {
    const closed: string[] = []
    const fine = {
      ...memorySink(),
      close: () => {
        closed.push('fine')
      },
    }
    const bad = { ...memorySink(), close: () => Promise.reject(new Error('x')) }
    const { engine, diagnostics } = engineWith({ audit: [bad, fine] })
    await engine.close()
    expect([closed, diagnostics.map(({ code }) => code)]).toEqual([['fine'], ['audit_sink_failed']])
  })
})

describe('memory sink', () => {
  it('keeps the newest records and counts what it let go', () => {
    const sink = memorySink({ maxRecords: 10 })
    for (let seq = 1; seq <= 25; seq++) sink.write([{ seq } as never])
    expect([sink.records().map(({ seq }) => seq), sink.dropped()]).toEqual([
      [16, 17, 18, 19, 20, 21, 22, 23, 24, 25],
      15,
    ])
    sink.clear()
    expect([sink.records(), sink.dropped()]).toEqual([[], 15])
  })
})
