import type { AuditRecord } from '../core/model/audit-record.ts'
import type { CallRequest } from '../core/model/call.ts'
import type { AuditSink } from '../core/model/ports.ts'
import { parsePolicy } from '../core/policy/parse.ts'
import { createPolicyEngine, type PolicyEngine } from './create-policy-engine.ts'
import type { Diagnostic, EngineOptions } from './options.ts'

/** A policy with something of each effect, for the tests of the engine. */
export const POLICY = parsePolicy(`
servers: [db, fs, mail]
roles:
  - name: reader
    rules:
      - name: read rows
        resources: [db.read]
        verbs: [invoke]
        constraints: { one_of: { field: table, allow: [orders, tickets] } }
      - resources: [fs.*]
        verbs: [discover]
  - name: sender
    rules:
      - name: ask first
        effect: escalate
        resources: [mail.send]
        verbs: [invoke]
  - name: guard
    rules:
      - name: never drop
        effect: deny
        resources: [db.drop]
        verbs: [invoke]
bindings:
  - agent: bot
    roles: [reader, sender, guard]
`)

export const READ: CallRequest = {
  session: 's1',
  subject: { agent: 'bot' },
  resource: 'db.read',
  arguments: { table: 'orders' },
}
export const SEND: CallRequest = { ...READ, resource: 'mail.send', arguments: { to: 'a@b.c' } }
export const OTHER_TABLE: CallRequest = { ...READ, arguments: { table: 'salaries' } }

/** A sink that keeps records and can be told to fail, throw or hang. */
export interface TroubledSink extends AuditSink {
  readonly records: AuditRecord[]
  mode: 'ok' | 'reject' | 'throw' | 'hang'
  release(): void
}

export function troubledSink(mode: TroubledSink['mode'] = 'ok'): TroubledSink {
  let release = (): void => undefined
  const sink: TroubledSink = {
    name: 'troubled',
    records: [],
    mode,
    release: () => release(),
    write(records) {
      if (sink.mode === 'throw') throw new Error('disk on fire')
      if (sink.mode === 'reject') return Promise.reject(new Error('disk on fire'))
      sink.records.push(...records)
      if (sink.mode === 'hang')
        return new Promise((resolve) => {
          release = resolve
        })
      return undefined
    },
  }
  return sink
}

export interface EngineUnderTest {
  readonly engine: PolicyEngine
  readonly diagnostics: Diagnostic[]
}

export function engineWith(options: Partial<EngineOptions> = {}): EngineUnderTest {
  const diagnostics: Diagnostic[] = []
  const engine = createPolicyEngine({
    policy: POLICY,
    onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
    ...options,
  })
  return { engine, diagnostics }
}
