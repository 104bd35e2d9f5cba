import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Rule, RuleFinding } from '../core/behavior/rule.ts'
import {
  callOf,
  mailWith,
  openEngine,
  openPolicy,
  ruleOf,
  SECRET,
  step,
} from './behavior.fixture.ts'
import { createPolicyEngine } from './create-policy-engine.ts'
import { createRandom, type Random } from './fuzz-random.fixture.ts'
import type { Ticket } from './ticket.ts'

const POLICY = openPolicy()
// Nothing is stopped: a session that is would be judged no further.
const WARNING = openPolicy(
  `behavior:
  risk: { warn_at: 98, pause_at: 99, terminate_at: 100 }
  rules:
    secret_relay: { action: warn, score: 0 }
    credential_exposure: { score: 0 }
`,
)
const ASKING: RuleFinding = {
  rule: 'host_rule',
  severity: 'low',
  confidence: 1,
  message: 'm',
  trigger: 0,
  sources: [],
  action: 'ask',
  score: 20,
}
const secretOf = (random: Random): string => ['sk', 'live', random.word(24)].join('_')

describe('calls that run side by side (C03)', () => {
  it('are linked exactly where the response was handed out before the request was judged', async () => {
    const wrong: unknown[] = []
    let linked = 0
    let unlinked = 0
    for (let seed = 1; seed <= 1_000; seed++) {
      const { expected, found } = await interleaved(createRandom(seed))
      linked += found.length
      unlinked += 9 - found.length
      if (expected.join() !== found.join()) wrong.push({ seed, expected, found })
    }
    expect([wrong, linked > 1_000, unlinked > 1_000]).toEqual([[], true, true])
  }, 60_000)
})

/** Three reads and three sends in any order; each send carries what every read gives. */
async function interleaved(random: Random): Promise<Record<'expected' | 'found', string[]>> {
  const engine = createPolicyEngine({ policy: WARNING, onDiagnostic: () => {} })
  const secrets = Array.from({ length: 3 }, () => secretOf(random))
  const handedOut = new Map<string, number>()
  const expected: string[] = []
  const events = (): number => engine.session('s').events
  const read = async function* (secret: string): AsyncGenerator<void> {
    const ticket: Ticket = await engine.begin(callOf('db.query', {}))
    yield
    await ticket.finish({ ok: true, value: { rows: [{ api_key: secret }] } })
    handedOut.set(secret, events())
  }
  const send = async function* (): AsyncGenerator<void> {
    const ticket: Ticket = await engine.begin(mailWith(secrets.join(' and ')))
    for (const from of handedOut.values()) expected.push(`${from}>${events()}`)
    yield
    await ticket.finish({ ok: true, value: { ok: true } })
  }
  const running = [...secrets.map(read), ...secrets.map(send)]
  while (running.length > 0) {
    const next = running[random.below(running.length)]
    const ended = (await next?.next())?.done === true
    if (ended && next !== undefined) running.splice(running.indexOf(next), 1)
  }
  const secretEdges = engine.behavior('s').edges.filter(({ kind }) => kind === 'secret')
  const found = secretEdges.map(({ from, to }) => `${from}>${to}`)
  return { expected: expected.sort(), found: found.sort() }
}

describe('what one principal has read', () => {
  const name = fc.constantFrom(undefined, 'a', 'b')
  const subject = fc.record({ tenant: name, user: name, agent: fc.constantFrom('x', 'y') })
  const defined = (parts: object) =>
    Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined))

  it('never flows to another tenant or user, and always between agents of one in one session', async () => {
    await fc.assert(
      fc.asyncProperty(subject, subject, async (reader, sender) => {
        const engine = createPolicyEngine({ policy: POLICY, onDiagnostic: () => {} })
        const as = (who: object) => ({ subject: { agent: '', ...defined(who) } })
        await step(engine, callOf('db.query', {}, as(reader)), { api_key: SECRET })
        const { ticket } = await step(engine, mailWith(SECRET, as(sender)))
        const isSame = reader.tenant === sender.tenant && reader.user === sender.user
        const flows = engine.behavior('s').edges.length > 0
        expect([ticket.decision.effect, flows]).toEqual([isSame ? 'deny' : 'allow', isSame])
      }),
      { numRuns: 300 },
    )
  })
})

describe('a disposition', () => {
  it('never falls, whatever is found and refused, and risk stays within its bounds', async () => {
    const order = ['allow', 'warn', 'pause', 'terminate']
    const action = fc.constantFrom<RuleFinding['action']>('warn', 'ask', 'pause', 'terminate')
    const found = fc.record({ action, score: fc.integer({ min: 0, max: 100 }), yes: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(found, { maxLength: 8 }), async (all) => {
        let current = all[0]
        const rule: Rule = {
          ...ruleOf('request'),
          evaluate: ({ number }) => ({ ...ASKING, ...current, trigger: number }),
        }
        const engine = openEngine({
          rules: [rule],
          approvals: {
            ask: () => ({ outcome: current?.yes === true ? 'approved' : 'denied', by: 'ana' }),
          },
        })
        const seen: number[] = []
        for (const one of all) {
          current = one
          await step(engine, callOf('web.read', {}))
          const { disposition, risk } = engine.session('s')
          seen.push(order.indexOf(disposition))
          expect(risk >= 0 && risk <= 100).toBe(true)
        }
        expect(seen).toEqual([...seen].sort())
      }),
    )
  })
})

describe('an approval', () => {
  it('holds for its cause, and for no other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 }),
        async (causes) => {
          let cause = ''
          let count = 0
          const asked: string[] = []
          const rule: Rule = {
            ...ruleOf('request'),
            evaluate: (event) => ({ ...ASKING, trigger: event.number, cause }),
          }
          const engine = openEngine({
            rules: [rule],
            approvals: {
              ask() {
                asked.push(cause)
                return { outcome: 'approved', by: 'ana' }
              },
            },
          })
          for (const one of causes) {
            cause = one
            await step(engine, mailWith(`hello ${count++}`))
          }
          expect([asked, engine.session('s').risk]).toEqual([[...new Set(causes)], 0])
        },
      ),
    )
  })

  it('of what goes to one place is none for another, nor for other data', async () => {
    const asked: string[] = []
    const engine = openEngine({
      approvals: {
        ask({ arguments: args }) {
          asked.push(String(args['to']))
          return { outcome: 'approved', by: 'ana' }
        },
      },
    })
    const note = 'Nordwind closes on 14 March at 212 million, says Wilhelmina Ostrander-Pike'
    const other = 'Südstern opens on 9 June with 48 engineers, says Balthasar Quillfeather'
    const mail = (to: string, body: string) => callOf('mail.send', { to, body })
    await step(engine, callOf('db.query', { id: 1 }), { rows: [{ id: 1, note }] })
    await step(engine, mail('a@outside.test', note))
    await step(engine, mail('a@outside.test', note))
    await step(engine, mail('b@outside.test', note))
    await step(engine, callOf('db.query', { id: 2 }), { rows: [{ id: 2, note: other }] })
    await step(engine, mail('a@outside.test', other))
    expect(asked).toEqual(['a@outside.test', 'b@outside.test', 'a@outside.test'])
  })
})
