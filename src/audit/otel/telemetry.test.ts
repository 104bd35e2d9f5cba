import { SeverityNumber } from '@opentelemetry/api-logs'
import * as conventions from '@opentelemetry/semantic-conventions/incubating'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { REASONS } from '../../core/model/decision.ts'
import { PAYLOAD, RECORDS, recordOf } from '../siem/records.fixture.ts'
import { CONVENTION_NAMES, METRIC_LABELS, OWN_NAMES } from './names.ts'
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

describe('log records', () => {
  it('are one a record, with the time, the severity and the span of its call', () => {
    sinkWith().write([of('denied for what it does')])
    const [log] = sdk.logs()
    expect(log).toMatchObject({
      eventName: 'callgate.call.denied',
      hrTime: [1767323045, 678_000_000],
      severityNumber: SeverityNumber.FATAL,
      severityText: 'critical',
      body: expect.stringContaining('behavior_blocked'),
      attributes: { 'callgate.findings': ['burst', 'secret_relay'], 'callgate.risk': 95 },
    })
    expect(log?.spanContext?.spanId).toBe(sdk.spans()[0]?.spanContext().spanId)
  })

  it.each([
    ['permitted', SeverityNumber.INFO],
    ['failed', SeverityNumber.INFO2],
    ['denied', SeverityNumber.WARN],
    ['a finding outside of a call', SeverityNumber.ERROR],
  ])('of what is %s have severity %i', (name, severity) => {
    sinkWith().write([of(name)])
    expect(sdk.logs().map(({ severityNumber }) => severityNumber)).toEqual([severity])
  })
})

describe('metrics', () => {
  it('count decisions by effect, reason and gate, and measure calls in seconds', async () => {
    sinkWith().write([
      of('permitted'),
      of('succeeded'),
      of('denied'),
      { ...of('denied'), id: 'again' },
    ])
    expect(await sdk.points()).toMatchObject({
      'callgate.decisions': [
        {
          value: 1,
          attributes: {
            'callgate.effect': 'allow',
            'callgate.reason': 'allowed',
            'callgate.gate': 'rbac',
          },
        },
        {
          value: 2,
          attributes: { 'callgate.effect': 'deny', 'callgate.reason': 'constraint_violation' },
        },
      ],
      'callgate.call.duration': [
        {
          value: { count: 1, sum: 0.0125 },
          attributes: { 'callgate.effect': 'allow', 'callgate.status': 'success' },
        },
      ],
    })
  })

  it('have few series, whatever callers and gates are called', async () => {
    const sink = sinkWith()
    for (let index = 0; index < 5000; index++) {
      const text = `made-up-${index}`
      const fields = {
        id: text,
        session_id: text,
        user_id: text,
        agent: text,
        resource: text,
        tool: text,
        request_method: text,
        gate: text,
        reason: text,
        effect: text,
        status: text,
      }
      sink.write([{ ...of('permitted'), ...(fields as unknown as AuditRecord) }])
      sink.write([{ ...of('succeeded'), ...(fields as unknown as AuditRecord) }])
    }
    const points = await sdk.points()
    const labels = Object.values(points)
      .flat()
      .flatMap(({ attributes }) => Object.keys(attributes))
    expect(
      [...new Set(labels)].filter((label) => !METRIC_LABELS.some((known) => known === label)),
    ).toEqual([])
    expect(points['callgate.decisions']?.length).toBe(65)
    expect(points['callgate.call.duration']?.length).toBe(1)
  })

  it('know every reason', async () => {
    sinkWith().write(
      REASONS.map((reason) => recordOf({ id: reason, status: 'denied', effect: 'deny', reason })),
    )
    const found = (await sdk.points())['callgate.decisions']?.map(
      ({ attributes }) => attributes['callgate.reason'],
    )
    expect(found?.sort()).toEqual([...REASONS].sort())
  })
})

describe('names', () => {
  it('of conventions are those that OpenTelemetry publishes', () => {
    const published = new Set<unknown>(Object.values(conventions))
    expect(Object.values(CONVENTION_NAMES).filter((name) => !published.has(name))).toEqual([])
  })

  it('of our own are apart from theirs', () => {
    expect(Object.values(OWN_NAMES).filter((name) => !name.startsWith('callgate.'))).toEqual([])
  })

  it('are all that goes out', () => {
    sinkWith({ captureArguments: true }).write(Object.values(RECORDS))
    const known = new Set<string>([...Object.values(CONVENTION_NAMES), ...Object.values(OWN_NAMES)])
    const used = [...sdk.spans(), ...sdk.logs()].flatMap(({ attributes }) =>
      Object.keys(attributes),
    )
    expect(used.length).toBeGreaterThan(100)
    expect(used.filter((name) => !known.has(name))).toEqual([])
  })
})

describe('arguments', () => {
  const sent = () =>
    JSON.stringify([...sdk.spans(), ...sdk.logs()].map(({ attributes }) => attributes))

  it('are in nothing that is sent, unless asked for', () => {
    sinkWith().write(Object.values(RECORDS))
    expect(sent()).not.toContain(PAYLOAD)
  })

  it('are those of the record where they are asked for, and bounded', () => {
    const long = {
      ...of('denied'),
      arguments: { text: PAYLOAD, long: Array.from({ length: 100 }, () => 'x'.repeat(1000)) },
    }
    sinkWith({ captureArguments: true }).write([long])
    expect(sent()).toContain(PAYLOAD)
    const text = String(sdk.spans()[0]?.attributes['gen_ai.tool.call.arguments'])
    expect(text.length).toBeLessThanOrEqual(8192)
  })
})
