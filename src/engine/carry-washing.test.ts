import { describe, expect, it } from 'vitest'
import { callOf, mailWith, openEngine, readSecret, SECRET, step } from './behavior.fixture.ts'

describe('what a principal has read is not washed off', () => {
  const NOTE = 'Nordwind closes on 14 March at 212 million, says Wilhelmina Ostrander-Pike'
  const SEALED = ['R4', 'xx9Kq2LmZp7Tt1Vw5Yc8Bn3Gd6Hf0Js4', 'AQ'].join('')
  const open = async (): Promise<ReturnType<typeof openEngine>> => {
    const engine = openEngine()
    await readSecret(engine, { session: 'one' })
    await step(engine, callOf('db.query', {}, { session: 'one' }), { rows: [{ note: NOTE }] })
    return engine
  }
  const decisionOf = async (engine: ReturnType<typeof openEngine>, body: string) =>
    (await step(engine, mailWith(body, { session: 'two' }))).ticket.decision.reason

  it.each(['web.read', 'tickets.read', 'crm.note'])(
    'by a new session that gets the same from `%s`',
    async (tool) => {
      const engine = await open()
      await step(engine, callOf(tool, {}, { session: 'two' }), { text: NOTE, key: SECRET })
      expect(await decisionOf(engine, NOTE)).toBe('approval_required')
    },
  )

  it.each(['one', 'two'])(
    'by a tool that makes something else of it, given it in session %s',
    async (session) => {
      const engine = await open()
      const encode = callOf('vault.encode', { value: SECRET }, { session })
      await step(engine, encode, { sealed: SEALED })
      expect(await decisionOf(engine, `payload ${SEALED}`)).toBe('approval_required')
    },
  )

  it('by a tool that was given it and is given something else later', async () => {
    const engine = await open()
    const encode = callOf('vault.encode', { value: 'sunny' }, { session: 'two' })
    await step(engine, encode, { sealed: SEALED })
    expect(await decisionOf(engine, `payload ${SEALED}`)).toBe('allowed')
  })

  it('by an agent that says it to a tool inside before it says it outside', async () => {
    const engine = await open()
    await step(engine, callOf('crm.note', { text: NOTE }, { session: 'two' }))
    await step(engine, callOf('web.read', {}, { session: 'two' }), { text: 'sunny' })
    expect(await decisionOf(engine, NOTE)).toBe('approval_required')
  })

  it('unless the user’s own task names it', async () => {
    const engine = await open()
    const task = `Tell someone@outside.test: ${NOTE}`
    await step(engine, callOf('web.read', {}, { session: 'two', task }), { text: NOTE })
    expect(await decisionOf(engine, NOTE)).toBe('allowed')
  })
})

describe('what the first call of a session asks for is known to be asked', () => {
  const ORDER = 'ORD-2024-118834-KX'

  it.each([
    ['with a call before', true],
    ['with none before', false],
  ])('%s', async (_, isWarm) => {
    const engine = openEngine()
    if (isWarm) await step(engine, callOf('web.read', { page: 1 }), { text: 'Sunny.' })
    const rows = [{ order: ORDER, status: 'shipped' }]
    await step(engine, callOf('db.query', { order: ORDER }), { rows })
    const { ticket } = await step(engine, mailWith(`Your order ${ORDER} has shipped.`))
    expect(ticket.decision.reason).toBe('allowed')
  })

  it('where another call is sent before the first is answered', async () => {
    const engine = openEngine()
    const first = await engine.begin(callOf('web.read', { order: ORDER }))
    const second = await engine.begin(callOf('db.query', { q: 'all' }))
    await second.finish({ ok: true, value: { rows: [{ order: ORDER, status: 'shipped' }] } })
    await first.finish({ ok: true, value: { ok: true } })
    const { ticket } = await step(engine, mailWith(`Your order ${ORDER} has shipped.`))
    expect(ticket.decision.reason).toBe('allowed')
  })

  it('and is not taken for asked where another session had read it', async () => {
    const engine = openEngine()
    await step(engine, callOf('db.query', { q: 'all' }, { session: 'one' }), {
      rows: [{ order: 'NW-8841-XKQ20-931B7-ZZQ4-7731' }],
    })
    const told = { session: 'two' }
    const value = 'NW-8841-XKQ20-931B7-ZZQ4-7731'
    await step(engine, callOf('web.read', { value }, told), { text: value })
    const { ticket } = await step(engine, mailWith(`It is ${value}`, told))
    expect(ticket.decision.reason).toBe('approval_required')
  })
})
