import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { testAuditSink } from '../../testing/contracts/audit-sink.ts'
import { createTestEngine } from '../../testing/create-test-engine.ts'
import { RECORDS, recordOf, TRACEPARENT } from '../siem/records.fixture.ts'
import { type OtelSinkOptions, otelSink } from './otel-sink.ts'
import { otel } from './sdk.fixture.ts'

const of = (name: string): AuditRecord => RECORDS[name] ?? recordOf({})
let sdk: ReturnType<typeof otel>

beforeEach(() => {
  sdk = otel()
})
afterEach(async () => {
  vi.useRealTimers()
  await sdk.close()
})

function sinkWith(options: Partial<OtelSinkOptions> = {}) {
  const { tracer, logger, meter } = sdk
  return otelSink({ tracer, logger, meter, ...options })
}

describe('spans', () => {
  it('are one a call, from its intent to its outcome', () => {
    const sink = sinkWith()
    sink.write([of('permitted')])
    expect(sdk.spans()).toEqual([])
    sink.write([{ ...of('succeeded'), ts: '2026-01-02T03:04:06.000Z' }])
    const [span] = sdk.spans()
    expect(sdk.spans()).toHaveLength(1)
    expect(span).toMatchObject({
      name: 'tools/call read_customer',
      kind: SpanKind.INTERNAL,
      status: { code: SpanStatusCode.UNSET },
      startTime: [1767323045, 678_000_000],
      endTime: [1767323046, 0],
      attributes: {
        'mcp.method.name': 'tools/call',
        'jsonrpc.request.id': '7',
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'read_customer',
        'gen_ai.tool.call.id': 'tool-call-1',
        'callgate.effect': 'allow',
        'callgate.reason': 'allowed',
        'callgate.gate': 'rbac',
        'callgate.status': 'success',
      },
    })
    expect(span?.attributes['error.type']).toBeUndefined()
  })

  it.each([
    ['denied', 'constraint_violation'],
    ['denied for what it does', 'behavior_blocked'],
    ['anonymous', 'no_principal'],
  ])('end at once, as an error, where the call is %s', (name, reason) => {
    sinkWith().write([of(name)])
    expect(sdk.spans()).toMatchObject([
      {
        status: { code: SpanStatusCode.ERROR, message: reason },
        attributes: { 'error.type': reason, 'callgate.status': 'denied' },
      },
    ])
  })

  it.each([
    ['failed', { error: 'TypeError' }, 'TypeError'],
    ['timeout', { error: null }, 'timeout'],
    ['cancelled', { error: null }, 'cancelled'],
  ] as const)('are errors where the call has %s', (status, fields, type) => {
    sinkWith().write([of('permitted'), { ...of('failed'), status, ...fields }])
    expect(sdk.spans()).toMatchObject([
      { status: { code: SpanStatusCode.ERROR, message: type }, attributes: { 'error.type': type } },
    ])
  })

  it('are no errors where a denial was only observed', () => {
    const intent = of('observed')
    sinkWith().write([intent, { ...intent, kind: 'outcome', status: 'success' }])
    expect(sdk.spans()).toMatchObject([
      { status: { code: SpanStatusCode.UNSET }, attributes: { 'callgate.enforced': false } },
    ])
  })

  it('have no URI in their name', () => {
    sinkWith().write([{ ...of('anonymous'), request_method: 'resources/read' }, of('anonymous')])
    expect(sdk.spans().map(({ name }) => name)).toEqual(['resources/read', 'callgate'])
    expect(sdk.spans()[0]?.attributes['gen_ai.tool.name']).toBeUndefined()
  })

  it('never end before they start, wherever a clock was set', () => {
    sinkWith().write([of('permitted'), { ...of('succeeded'), ts: '2020-01-01T00:00:00.000Z' }])
    expect(sdk.spans().map(({ duration }) => duration)).toEqual([[0, 0]])
  })

  it('are none of approvals, sessions, policies and findings', () => {
    sinkWith().write(
      Object.values(RECORDS).filter(({ kind }) => kind !== 'decision' && kind !== 'outcome'),
    )
    expect([sdk.spans().length, sdk.logs().length]).toEqual([0, 5])
  })
})

describe('the parent of a span', () => {
  it('is who called, by the traceparent of the request', () => {
    sinkWith().write([of('denied')])
    const [span] = sdk.spans()
    expect(span?.spanContext().traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736')
    expect(span?.parentSpanContext).toMatchObject({
      spanId: '00f067aa0ba902b7',
      traceFlags: 1,
      isRemote: true,
    })
  })

  it.each([
    ['no trace', null],
    ['an id that is none', 'call-1'],
    ['a forbidden version', `ff${TRACEPARENT.slice(2)}`],
    ['a longer form of version 00', `${TRACEPARENT}-00`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['a span of zeros', `00-${'a'.repeat(32)}-${'0'.repeat(16)}-01`],
    ['upper case', TRACEPARENT.toUpperCase()],
  ])('is nobody for %s', (_what, trace_id) => {
    sinkWith().write([{ ...of('denied'), trace_id, parent_id: null }])
    expect(sdk.spans().map(({ parentSpanContext }) => parentSpanContext)).toEqual([undefined])
  })

  it('is read from later versions too', () => {
    sinkWith().write([{ ...of('denied'), trace_id: `01${TRACEPARENT.slice(2)}-more` }])
    expect(sdk.spans()[0]?.parentSpanContext?.spanId).toBe('00f067aa0ba902b7')
  })

  it('is not sampled where the caller is not', () => {
    sinkWith().write([{ ...of('denied'), trace_id: TRACEPARENT.replace(/01$/, '00') }])
    expect(sdk.spans()).toEqual([])
  })

  it('is the call on whose behalf it was made, where the request names no trace', () => {
    const outer = { ...of('permitted'), id: 'outer', trace_id: null, parent_id: null }
    sinkWith().write([
      outer,
      { ...of('denied'), trace_id: null, parent_id: 'outer' },
      { ...outer, kind: 'outcome', status: 'success' },
    ])
    const [inner, above] = sdk.spans()
    expect(inner?.parentSpanContext?.spanId).toBe(above?.spanContext().spanId)
  })
})

describe('calls without an outcome', () => {
  const open = (index: number): AuditRecord => ({ ...of('permitted'), id: `call-${index}` })
  const endedAs = () =>
    sdk.spans().map(({ attributes }) => [attributes['callgate.id'], attributes['callgate.status']])

  it('end as unknown after the limit, without another record', () => {
    vi.useFakeTimers()
    const sink = sinkWith({ maxOpenMs: 1000 })
    sink.write([open(1)])
    vi.advanceTimersByTime(600)
    sink.write([open(2)])
    expect(endedAs()).toEqual([])
    vi.advanceTimersByTime(500)
    expect(endedAs()).toEqual([['call-1', 'unknown']])
    vi.advanceTimersByTime(600)
    expect(endedAs()).toEqual([
      ['call-1', 'unknown'],
      ['call-2', 'unknown'],
    ])
    expect(sdk.spans().map(({ status }) => status.code)).toEqual([
      SpanStatusCode.UNSET,
      SpanStatusCode.UNSET,
    ])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('end as unknown where there are too many, the oldest first', () => {
    const sink = sinkWith({ maxOpenSpans: 2 })
    sink.write([open(1), open(2), open(3), open(4)])
    expect(endedAs()).toEqual([
      ['call-1', 'unknown'],
      ['call-2', 'unknown'],
    ])
    sink.write([{ ...open(1), kind: 'outcome', status: 'success' }])
    expect(sdk.spans()).toHaveLength(2)
  })

  it('end as unknown when the sink is closed', () => {
    const sink = sinkWith()
    sink.write([open(1), open(2)])
    sink.close?.()
    expect(endedAs()).toEqual([
      ['call-1', 'unknown'],
      ['call-2', 'unknown'],
    ])
  })

  it('do not keep a span for an id that comes again', () => {
    const sink = sinkWith()
    sink.write([open(1), open(1), { ...open(1), kind: 'outcome', status: 'success' }])
    expect(endedAs()).toEqual([
      ['call-1', 'unknown'],
      ['call-1', 'success'],
    ])
  })
})

describe('with an engine', () => {
  const POLICY = `
redaction: {}
roles: [{ name: r, rules: [{ resources: ["x.*"], verbs: [invoke] }] }]
bindings: [{ agent: a, roles: [r] }]
`
  const SECRET = `ghp_${'A1b2C3d4'.repeat(4)}wxyz`

  it.each([false, true])(
    'no planted secret gets out (captureArguments: %s)',
    async (captureArguments) => {
      const sink = sinkWith({ captureArguments })
      const engine = createTestEngine({ policy: POLICY, audit: [sink] })
      for (let index = 0; index < 50; index++) {
        const call = {
          session: 's',
          subject: { agent: 'a' },
          resource: index % 2 === 0 ? 'x.y' : 'z.y',
          arguments:
            index % 4 === 0
              ? {}
              : { token: SECRET, deep: [{ note: `use ${SECRET} now` }], [SECRET]: 1 },
          task: SECRET,
        }
        await engine
          .guard(call, () => {
            if (index % 3 === 0) throw new Error(`failed with ${SECRET}`)
            return { text: SECRET }
          })
          .catch(() => undefined)
      }
      await engine.close()
      const logs = sdk
        .logs()
        .map(({ attributes, body, eventName }) => ({ attributes, body, eventName }))
      const spans = sdk
        .spans()
        .map(({ name, attributes, status, events }) => ({ name, attributes, status, events }))
      const endings = new Set(spans.map(({ attributes }) => attributes['callgate.status']))
      expect([spans.length, [...endings].sort()]).toEqual([50, ['denied', 'failed', 'success']])
      expect(JSON.stringify([spans, logs, await sdk.points()])).not.toContain(SECRET)
    },
  )

  it('a call is a span under its caller', async () => {
    const engine = createTestEngine({ policy: POLICY, audit: [sinkWith()] })
    const call = {
      session: 's',
      subject: { agent: 'a' },
      resource: 'x.y',
      arguments: {},
      trace: TRACEPARENT,
    }
    await engine.guard(call, () => 1)
    expect(sdk.spans()).toMatchObject([
      {
        name: 'execute_tool y',
        parentSpanContext: { spanId: '00f067aa0ba902b7' },
        attributes: { 'callgate.status': 'success' },
      },
    ])
  })

  it('a logger that throws refuses the record', async () => {
    const logger = {
      emit() {
        throw new Error('no room')
      },
    }
    const engine = createTestEngine({ policy: POLICY, audit: [otelSink({ logger })] })
    const call = { session: 's', subject: { agent: 'a' }, resource: 'x.y', arguments: {} }
    await engine.guard(call, () => 1)
    expect(engine.diagnostics()).toMatchObject([
      { code: 'audit_sink_failed', message: 'sink `otel` refused a record' },
      { code: 'audit_sink_failed' },
    ])
  })
})

describe('the sink', () => {
  it('keeps the contract of sinks', async () => {
    expect(await testAuditSink(() => sinkWith())).toEqual([])
  })

  it.each([
    ['nobody to tell', {}],
    ['an option that nobody knows', { tracers: 1 }],
    ['no room for spans', { logger: { emit() {} }, maxOpenSpans: 0 }],
    ['a limit that fits no timer', { logger: { emit() {} }, maxOpenMs: 2 ** 31 }],
  ])('refuses %s', (_what, options) => {
    expect(() => otelSink(options as OtelSinkOptions)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })
})
