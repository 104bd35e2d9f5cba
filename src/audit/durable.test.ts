import { describe, expect, it } from 'vitest'
import type { AuditSink } from '../core/model/ports.ts'
import { compilePolicy } from '../core/policy/parse.ts'
import { createPolicyEngine } from '../engine/create-policy-engine.ts'
import { fanOut } from './fan-out/fan-out.ts'
import { memorySink } from './memory.ts'
import { otelSink } from './otel/otel-sink.ts'
import { streamSink } from './stream/stream-sink.ts'

const otel = (): AuditSink => otelSink({ logger: { emit: () => undefined } })
const kept = (): AuditSink => ({ name: 'mine', write: () => undefined })

/** Codes that an engine reports while it is made. */
function reported(audit: readonly AuditSink[]): readonly string[] {
  const codes: string[] = []
  createPolicyEngine({
    policy: compilePolicy({}),
    audit,
    onDiagnostic: ({ code }) => codes.push(code),
  })
  return codes
}

describe('an engine whose sinks keep nothing', () => {
  it.each<[string, () => readonly AuditSink[]]>([
    ['that stream', () => [streamSink()]],
    ['that tell OpenTelemetry and stream', () => [otel(), streamSink()]],
    ['of a fan-out that requires only such', () => [fanOut({ required: [otel(), streamSink()] })]],
    [
      'of a fan-out whose durable member need not accept',
      () => [fanOut({ required: [otel()], bestEffort: [kept()] })],
    ],
  ])('says so once, of sinks %s', (_what, sinks) => {
    expect(reported(sinks())).toEqual(['audit_not_durable'])
  })

  it.each<[string, () => readonly AuditSink[]]>([
    ['there are no sinks', () => []],
    ['one keeps records', () => [otel(), kept()]],
    ['a required member keeps records', () => [fanOut({ required: [otel(), kept()] })]],
    ['they are in memory, as in tests', () => [memorySink()]],
  ])('says nothing where %s', (_what, sinks) => {
    expect(reported(sinks())).toEqual([])
  })
})
