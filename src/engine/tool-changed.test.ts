import { describe, expect, it } from 'vitest'
import type { CallRequest, ToolDefinitionState } from '../core/model/call.ts'
import { createTestEngine } from '../testing/create-test-engine.ts'

const POLICY = `
roles:
  - name: reader
    rules:
      - { resources: [db.read], verbs: [invoke] }
      - { resources: [db.pay], verbs: [invoke], effect: escalate }
      - { resources: [db.drop], verbs: [invoke], effect: deny }
bindings:
  - { agent: bot, roles: [reader] }
`
const OK: ToolDefinitionState = { hash: 'sha256:1' }
const CHANGED: ToolDefinitionState = { hash: 'sha256:2', changed: 'description' }

function callOf(definition: unknown, more: Partial<CallRequest> = {}): CallRequest {
  const subject = { agent: 'bot' }
  return {
    session: 's',
    subject,
    server: 'db',
    resource: 'db.read',
    arguments: {},
    definition: definition as ToolDefinitionState,
    ...more,
  }
}

describe('a call of a tool', () => {
  it.each<[string, unknown, Partial<CallRequest>, string, string]>([
    ['whose definition is the accepted one', OK, {}, 'allow', 'allowed'],
    ['whose definition nobody watches', undefined, {}, 'allow', 'allowed'],
    ['that has changed', CHANGED, {}, 'deny', 'tool_changed'],
    ['that would be asked about', CHANGED, { resource: 'db.pay' }, 'deny', 'tool_changed'],
    ['that is forbidden anyway', CHANGED, { resource: 'db.drop' }, 'deny', 'explicit_deny'],
    ['that nothing allows', CHANGED, { resource: 'db.other' }, 'deny', 'no_matching_rule'],
    ['that has changed, to list it', CHANGED, { verb: 'discover' }, 'allow', 'allowed'],
    ['whose state is no state', 7, {}, 'deny', 'tool_changed'],
    ['whose state has no hash', {}, {}, 'deny', 'tool_changed'],
  ])('%s', async (_what, definition, more, effect, reason) => {
    const engine = createTestEngine({ policy: POLICY })
    const { decision } = await engine.begin(callOf(definition, more))
    expect([decision.effect, decision.reason]).toEqual([effect, reason])
  })

  it('that has changed is denied with what has, and recorded so', async () => {
    const engine = createTestEngine({ policy: POLICY })
    const { decision } = await engine.begin(callOf(CHANGED))
    expect([decision.gate, decision.detail, engine.records().map(({ reason }) => reason)]).toEqual([
      'rbac',
      "the tool's description is no longer what was accepted; a person must accept it",
      ['tool_changed'],
    ])
  })

  it('that has changed is only noted where nothing is enforced', async () => {
    const engine = createTestEngine({ policy: POLICY, mode: 'observe' })
    const ticket = await engine.begin(callOf(CHANGED))
    expect([ticket.permitted, ticket.decision.reason, ticket.decision.enforced]).toEqual([
      true,
      'tool_changed',
      false,
    ])
  })
})
