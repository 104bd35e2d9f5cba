import {
  createTestEngine,
  type TestEngine,
  type TestEngineOptions,
} from '../testing/create-test-engine.ts'

/** Something of each effect, for tools of a server `db`. */
export const POLICY = `
redaction: { classes: [pii] }
roles:
  - name: support
    rules:
      - resources: [db.read, Read]
        verbs: [invoke]
        constraints: { one_of: { field: table, allow: [orders] } }
      - name: Few rows
        effect: compute
        resources: [db.list]
        verbs: [invoke]
        compute: { clamp: { limit: { max: 10 } } }
      - { resources: [db.list, db.watch], verbs: [invoke] }
      - name: A person looks at it
        effect: escalate
        resources: [db.refund]
        verbs: [invoke]
approvals: { approvers: [ana] }
bindings: [{ agent: bot, roles: [support] }]
`
export const CALLER = { server: 'db', session: 's1', subject: { agent: 'bot' } } as const

export function engineFor(options: Partial<TestEngineOptions> = {}): TestEngine {
  return createTestEngine({ policy: POLICY, ...options })
}

/** An engine whose answers come later, as with a gate of the host's that asks somewhere. */
export function slowEngine(): TestEngine {
  return engineFor({ gates: [{ name: 'slow', check: async () => ({ kind: 'pass' }) }] })
}

/** What was decided and what became of it, one word each. */
export function standing(engine: TestEngine): readonly string[] {
  return engine.records().map(({ kind, status, reason }) => `${kind} ${status} ${reason}`)
}
