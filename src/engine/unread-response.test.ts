import { describe, expect, it } from 'vitest'
import type { Subject } from '../core/model/call.ts'
import type { JsonValue } from '../core/model/json.ts'
import { callOf, mailWith, openEngine, SECRET, step } from './behavior.fixture.ts'
import type { Diagnostic, EngineOptions } from './options.ts'

const HELLO = mailWith('hello')
const NOTE = 'Nordwind closes on 14 March at 212 million, says Wilhelmina Ostrander-Pike'
const FILLING = 'an ordinary line of a report. '.repeat(4)

/** More values than are looked at, the last of them a secret that stands where nobody looks. */
function manyValues(last: JsonValue): JsonValue {
  return { rows: [...Array.from({ length: 2_100 }, (_, index) => index), last] }
}
function longText(last: string): JsonValue {
  return { text: FILLING.repeat(700) + last }
}

function small(more: Partial<EngineOptions> = {}): {
  engine: ReturnType<typeof openEngine>
  said: Diagnostic[]
} {
  const said: Diagnostic[] = []
  const limits = { maxArgumentValues: 2_000, maxArgumentSize: 60_000 }
  const engine = openEngine({ limits, onDiagnostic: (one) => said.push(one), ...more })
  return { engine, said }
}

describe('a response that is larger than what is looked at', () => {
  it.each<[string, JsonValue]>([
    ['of many values', manyValues({ api_key: SECRET })],
    ['of long texts', longText(SECRET)],
  ])('%s, from a restricted tool: the session asks before it sends anything', async (_, value) => {
    const { engine, said } = small()
    await step(engine, callOf('db.query', {}), value)
    const { ticket } = await step(engine, HELLO)
    const { reason, findings } = ticket.decision
    expect([reason, findings[0]?.action, said.map(({ code }) => code)]).toEqual([
      'approval_required',
      'ask',
      ['response_unread'],
    ])
  })

  it('asks so in the other sessions of its principal too, and in nobody else’s', async () => {
    const { engine } = small()
    await step(engine, callOf('db.query', {}), longText(SECRET))
    const reasonOf = async (subject: Subject): Promise<string> =>
      (await step(engine, { ...HELLO, session: `of ${subject.agent}`, subject })).ticket.decision
        .reason
    expect([await reasonOf({ agent: 'bot' }), await reasonOf({ agent: 'else' })]).toEqual([
      'approval_required',
      'allowed',
    ])
  })

  it('from a tool that is not: it is told, and nothing is suspected', async () => {
    const { engine, said } = small()
    await step(engine, callOf('web.read', {}), longText('the end'))
    const { ticket } = await step(engine, HELLO)
    expect([ticket.decision.reason, ticket.decision.findings, engine.session('s').risk]).toEqual([
      'allowed',
      [],
      0,
    ])
    expect(said).toMatchObject([{ code: 'response_unread' }])
    expect(said[0]?.message).toContain('web.read')
  })

  it('counts where what could be read of it held a secret, whatever its tool is', async () => {
    const { engine } = small()
    await step(engine, callOf('web.read', {}), { api_key: SECRET, rest: longText('the end') })
    expect((await step(engine, HELLO)).ticket.decision.reason).toBe('approval_required')
  })

  it('counts where its tool had been given restricted data', async () => {
    const { engine } = small()
    await step(engine, callOf('db.query', {}), { rows: [{ id: 1, note: NOTE }] })
    await step(engine, callOf('vault.encode', { value: NOTE }), longText('the end'))
    expect((await step(engine, HELLO)).ticket.decision.reason).toBe('approval_required')
  })

  it('is handed on as it is', async () => {
    const { engine } = small()
    const value = longText(SECRET)
    const { outcome } = await step(engine, callOf('db.query', {}), value)
    expect(outcome?.ok === true && outcome.value === value).toBe(true)
  })
})

it('a large response within the bounds says nothing', async () => {
  const { engine, said } = small()
  await step(engine, callOf('db.query', {}), { text: FILLING.repeat(400) })
  expect([(await step(engine, HELLO)).ticket.decision.reason, said]).toEqual(['allowed', []])
})
