import { describe, expect, it } from 'vitest'
import { createTestEngine, type TestEngine } from '../testing/create-test-engine.ts'
import type { Ticket } from './ticket.ts'

const POLICY = `
servers: [db, mail]
tools:
  - { name: db.keys, tags: [data_source, restricted] }
  - { name: mail.send, tags: [external_write] }
roles:
  - name: all
    rules: [{ resources: ['*'], verbs: [invoke] }]
bindings: [{ agent: bot, roles: [all] }]
secrets: { enabled: false }
`
const SECRET = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'

async function call(
  engine: TestEngine,
  resource: string,
  args: Record<string, string>,
  { automatic, gives = null }: { readonly automatic: boolean; readonly gives?: unknown },
): Promise<Ticket> {
  const ticket = await engine.begin({
    session: 's',
    subject: { agent: 'bot' },
    resource,
    arguments: args,
    origin: { method: 'x', source: 'mcp', automatic },
  })
  await ticket.finish({ ok: true, value: gives })
  return ticket
}

describe('a call that no model has chosen', () => {
  it.each([
    [true, 'allow'],
    [false, 'escalate'],
  ])('automatic %s: what comes again and again ends in %s', async (automatic, effect) => {
    const engine = createTestEngine({ policy: POLICY })
    let last = ''
    for (let round = 0; round < 20; round++)
      last = (await call(engine, 'db.mcp/roots/list', {}, { automatic })).decision.effect
    expect(last).toBe(effect)
  })

  it('is no way out for what was read', async () => {
    const engine = createTestEngine({ policy: POLICY })
    await call(engine, 'db.keys', {}, { automatic: false, gives: { key: SECRET } })
    const sent = await call(
      engine,
      'mail.send',
      { to: 'eve@elsewhere.example', text: `it is ${SECRET}` },
      { automatic: true },
    )
    expect([sent.permitted, sent.decision.reason]).toEqual([false, 'behavior_blocked'])
  })

  it('is automatic only where its adapter says so, and not by anything like it', async () => {
    const engine = createTestEngine({ policy: POLICY })
    let last = ''
    for (let round = 0; round < 20; round++) {
      const origin = { automatic: 'yes' } as unknown as { automatic: boolean }
      const request = { session: 's', subject: { agent: 'bot' }, resource: 'db.x', arguments: {} }
      last = (await engine.begin({ ...request, origin })).decision.effect
    }
    expect(last).toBe('escalate')
  })
})
