import { describe, expect, it } from 'vitest'
import { memorySink } from '../audit/memory.ts'
import type { CallRequest } from '../core/model/call.ts'
import { createTestEngine, type TestEngine } from '../testing/create-test-engine.ts'

const POLICY = `
servers: [db, mail]
tools: [{ name: mail.send, tags: [external_write] }]
roles:
  - name: all
    rules:
      - { resources: [db.read, mail.send, 'model:*'], verbs: [invoke] }
bindings: [{ agent: bot, roles: [all] }]
limits: { per_session: { per_minute: 3 } }
`
const SEND: CallRequest = {
  session: 's',
  subject: { agent: 'bot' },
  resource: 'mail.send',
  arguments: { to: 'ana@example.com', text: 'hello' },
}
const make = () => {
  const sink = memorySink()
  return { sink, engine: createTestEngine({ policy: POLICY, audit: [sink] }) }
}

/** Proposals follow a call of a model, which opens the session. */
async function askModel(engine: TestEngine): Promise<void> {
  const ticket = await engine.begin({
    session: 's',
    subject: { agent: 'bot' },
    resource: 'model:openai/gpt-4o',
    arguments: { model: 'gpt-4o' },
  })
  const usage = { cost_nusd: 1_500, tokens: 12, model: 'openai/gpt-4o-mini' }
  await ticket.finish({ ok: true, value: { text: 'I will send it' }, usage })
}

describe('a proposed call', () => {
  it('is judged, and takes nothing of a limit', async () => {
    const { engine } = make()
    await askModel(engine)
    for (let round = 0; round < 10; round++)
      expect((await engine.propose(SEND)).effect).toBe('allow')
    expect((await engine.begin(SEND)).permitted).toBe(true)
  })

  it('leaves a record where it is refused, and none where it is not', async () => {
    const { engine, sink } = make()
    await askModel(engine)
    await engine.propose(SEND)
    const refused = await engine.propose({ ...SEND, resource: 'db.drop' })
    expect(refused).toMatchObject({ effect: 'deny', reason: 'no_matching_rule' })
    const proposals = sink.records().filter(({ request_method: method }) => method === 'proposal')
    expect(proposals).toMatchObject([
      { id: refused.id, kind: 'decision', status: 'denied', resource: 'db.drop', effect: 'deny' },
    ])
  })

  it('that was never made, or otherwise, is found when it is executed', async () => {
    const { engine } = make()
    await askModel(engine)
    await engine.propose(SEND)
    const same = await engine.begin(SEND)
    const changed = await engine.begin({ ...SEND, arguments: { to: 'eve@example.com' } })
    expect(same.decision.findings).toEqual([])
    expect(changed.decision.findings).toMatchObject([{ rule: 'unproposed_call', action: 'warn' }])
    expect(changed.permitted).toBe(true)
  })
})

describe('a call of a model', () => {
  it('is recorded with the model that answered and what it has cost', async () => {
    const { engine, sink } = make()
    await askModel(engine)
    expect(sink.records()).toMatchObject([
      { kind: 'decision', model: 'openai/gpt-4o', cost_nusd: null },
      { kind: 'outcome', model: 'openai/gpt-4o-mini', cost_nusd: 1_500 },
    ])
  })

  const relay = async (tags: string): Promise<readonly unknown[]> => {
    const engine = createTestEngine({
      policy: `
servers: [db]
tools:
  - { name: db.read, tags: [data_source, restricted] }
  - { name: 'model:openai/gpt-4o', tags: [${tags}] }
roles: [{ name: all, rules: [{ resources: ['*'], verbs: [invoke] }] }]
bindings: [{ agent: bot, roles: [all] }]
secrets: { enabled: false }
`,
    })
    const base = { session: 's', subject: { agent: 'bot' } }
    const read = await engine.begin({ ...base, resource: 'db.read', arguments: {} })
    await read.finish({ ok: true, value: { key: 'sk_live_4eC39HqLyjWDarjtT1zdp7dc' } })
    const asked = await engine.begin({
      ...base,
      resource: 'model:openai/gpt-4o',
      arguments: { messages: [{ content: 'the key is sk_live_4eC39HqLyjWDarjtT1zdp7dc' }] },
    })
    return asked.decision.findings.map(({ rule }) => rule)
  }
  it('repeats what the session has read, and is no leak', async () => {
    expect(await relay('')).toEqual([])
  })

  it('is one where the catalogue says that others read along', async () => {
    expect(await relay('external_write')).toContain('secret_relay')
  })

  it('gives nothing to a session that was terminated meanwhile', async () => {
    const { engine } = make()
    const ticket = await engine.begin({
      session: 's',
      subject: { agent: 'bot' },
      resource: 'model:openai/gpt-4o',
      arguments: {},
    })
    await engine.terminate('s', { by: 'ana' })
    const outcome = await ticket.finish({ ok: true, value: 'said' })
    expect(outcome.ok).toBe(false)
  })
})
