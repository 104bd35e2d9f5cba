import { describe, expect, it } from 'vitest'
import { parsePolicy } from '../core/policy/parse.ts'
import { createTestEngine } from '../testing/create-test-engine.ts'

const NAMES = ['prompt:db/review', 'resource:db/docs://help', 'db.mcp/logging/setLevel']
const policyFor = (name: string): string => `
tools: [{ name: db.read, server: db }]
roles: [{ name: client, rules: [{ resources: ['${name}'], verbs: [invoke] }] }]
bindings: [{ agent: bot, roles: [client] }]
`

describe('a catalogue of tools', () => {
  it.each(NAMES)('says nothing of %s: a rule that names it is enough', async (name) => {
    expect(parsePolicy(policyFor(name)).warnings).toEqual([])
    const engine = createTestEngine({ policy: policyFor(name) })
    const head = { session: 's', subject: { agent: 'bot' }, server: 'db' }
    expect(await engine.discover(head, NAMES)).toEqual([name])
    const { decision } = await engine.begin({ ...head, resource: name, arguments: {} })
    expect(decision.effect).toBe('allow')
  })

  it('keeps a rule from tools that it does not list', async () => {
    const policy = policyFor('db.other')
    expect(parsePolicy(policy).warnings.map(({ kind }) => kind)).toEqual([
      'unknown_tool_in_catalogue_server',
    ])
    const engine = createTestEngine({ policy })
    const call = { session: 's', subject: { agent: 'bot' }, resource: 'db.other', arguments: {} }
    expect((await engine.begin(call)).decision.reason).toBe('no_matching_rule')
  })
})
