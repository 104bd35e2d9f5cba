import { describe, expect, it, vi } from 'vitest'
import type { Gate, PolicyEngine, Subject } from '../../index.ts'
import { createPolicyEngine } from '../../index.ts'
import { callOf, mailWith, openPolicy } from '../behavior.fixture.ts'
import { call, engineWith, linked, PATIENT, sinkOf } from './engine.fixture.ts'
import { createScheduler } from './scheduler.fixture.ts'

// Many orders of many steps: on a machine that is busy they take their time.
vi.setConfig({ testTimeout: 60_000 })

const WARNING = openPolicy(
  `behavior:
  risk: { warn_at: 98, pause_at: 99, terminate_at: 100 }
  rules:
    secret_relay: { action: warn, score: 0 }
    credential_exposure: { score: 0 }
`,
)
// Two tenants with a user of the same name, one without a tenant, one without a user.
const PRINCIPALS: readonly Subject[] = [
  { agent: 'bot', tenant: 'a', user: 'u' },
  { agent: 'bot', tenant: 'b', user: 'u' },
  { agent: 'bot', user: 'u' },
  { agent: 'bot', tenant: 'a' },
]

function nameOf({ tenant = '-', user = '-' }: Subject): string {
  return `${tenant}/${user}`
}

describe('C06 sessions of several principals under one id', () => {
  it('C06 are neither merged nor lost, whatever runs beside whatever', async () => {
    for (let seed = 1; seed <= 50; seed++) {
      const { turn, run, random } = createScheduler(seed, 3)
      const sequences = new Map<string, number[]>()
      const counting: Gate = {
        name: 'counting',
        async check({ subject, sequence }) {
          const known = sequences.get(nameOf(subject)) ?? []
          sequences.set(nameOf(subject), [...known, sequence])
          await turn()
          return { kind: 'pass' }
        },
      }
      const engine = createPolicyEngine({
        policy: WARNING,
        gates: [counting],
        onDiagnostic: () => {},
        limits: PATIENT,
      })
      const secrets = PRINCIPALS.map(() => `sk_live_${random.word(24)}`)
      const one = async (subject: Subject, index: number): Promise<void> => {
        await turn()
        const read = await engine.begin(callOf('db.query', {}, { subject }))
        await turn()
        await read.finish({ ok: true, value: { api_key: secrets[index] } })
        await turn()
        const sent = await engine.begin(mailWith(secrets.join(' and '), { subject }))
        await sent.finish({ ok: true, value: {} })
      }
      const settled = await run(PRINCIPALS.map(one))
      expect(settled.every(({ status }) => status === 'fulfilled')).toBe(true)
      for (const subject of PRINCIPALS) {
        const { edges } = engine.behavior('s', { subject })
        // Its own secret, read by its second event and sent by its third: nobody else's, and not none.
        const secretEdges = edges.filter(({ kind }) => kind === 'secret')
        expect(secretEdges.map(({ from, to }) => [from, to])).toEqual([[2, 3]])
        expect(sequences.get(nameOf(subject))).toEqual([1, 2])
      }
    }
  }, 60_000)

  it('C06 go on after one of them was ended or begun again, and none inherits what another did', async () => {
    const engine = engineWith()
    const begin = (subject: Subject) => engine.begin(call('web.read', {}, { subject }))
    const [first, second, third] = PRINCIPALS as [Subject, Subject, Subject]
    for (const subject of [first, second, third]) await begin(subject)
    await engine.terminate('s', { by: 'ops', subject: first })
    await engine.endSession('s', { subject: second })
    const reasons = []
    for (const subject of [first, second, third])
      reasons.push((await begin(subject)).decision.reason)
    expect(reasons).toEqual(['session_terminated', 'allowed', 'allowed'])
  })
})

/** Says which caller it was made for, some time later. */
async function echo(turn: () => Promise<void>, from: unknown): Promise<unknown> {
  await turn()
  await turn()
  return { from }
}

/** Two clients that number their requests alike, each with 6 calls at once. */
async function answers(
  engine: PolicyEngine,
  turn: () => Promise<void>,
  clients: readonly Subject[],
): Promise<readonly [unknown, unknown][]> {
  const all = clients.flatMap((subject) =>
    Array.from({ length: 6 }, async (_, index): Promise<[unknown, unknown]> => {
      const from = `${subject.agent} ${index}`
      const ids = { request: String(index % 3), toolCall: 'call_1' }
      await turn()
      const given = await engine.guard(call('web.read', { from }, { subject, ids }), (args) =>
        echo(turn, args['from']),
      )
      return [from, given]
    }),
  )
  return Promise.all(all)
}

describe('C08 callers who use the same ids of requests', () => {
  const clients: readonly Subject[] = [
    { agent: 'one', user: 'u' },
    { agent: 'two', user: 'u' },
  ]

  it('C08 each get their own answers, and records are linked by ids that are the engine’s', async () => {
    for (let seed = 1; seed <= 50; seed++) {
      const { turn, run } = createScheduler(seed, 4)
      const { sink, records } = sinkOf(turn)
      const [settled] = await run([answers(engineWith({}, { audit: [sink] }), turn, clients)])
      const pairs = settled?.status === 'fulfilled' ? settled.value : []
      expect(pairs).toHaveLength(12)
      for (const [from, given] of pairs) expect(given).toEqual({ from })
      const byId = linked(records)
      expect(byId.size).toBe(12)
      for (const rows of byId.values()) {
        const [intent, outcome] = rows
        expect(rows.map(({ kind }) => kind)).toEqual(['decision', 'outcome'])
        expect([outcome?.agent, outcome?.request_id, outcome?.input_hash]).toEqual([
          intent?.agent,
          intent?.request_id,
          intent?.input_hash,
        ])
      }
    }
  })

  it('C08 tickets may be finished in any order, and each only once', async () => {
    const { sink, records } = sinkOf()
    const engine = engineWith({}, { audit: [sink] })
    const ids = { request: '1' }
    const tickets = await Promise.all(
      clients.map((subject) => engine.begin(call('web.read', {}, { subject, ids }))),
    )
    const [one, two] = tickets
    const late = await two?.finish({ ok: true, value: 'two' })
    const early = await one?.finish({ ok: true, value: 'one' })
    expect([early, late]).toEqual([
      { ok: true, value: 'one' },
      { ok: true, value: 'two' },
    ])
    expect(await one?.finish({ ok: true, value: 'two' })).toEqual({ ok: true, value: 'one' })
    expect(records.filter(({ kind }) => kind === 'outcome').map(({ agent }) => agent)).toEqual([
      'two',
      'one',
    ])
  })
})
