import { describe, expect, it } from 'vitest'
import type { AuditSink, Gate, PolicyEngine, Rule } from '../../index.ts'
import { createPolicyEngine } from '../../index.ts'
import { callOf, mailWith, openPolicy } from '../behavior.fixture.ts'
import { PATIENT } from './engine.fixture.ts'
import { createScheduler, type Scheduler } from './scheduler.fixture.ts'

// Nothing is stopped: a session that is would be judged no further.
const WARNING = openPolicy(
  `behavior:
  risk: { warn_at: 98, pause_at: 99, terminate_at: 100 }
  rules:
    secret_relay: { action: warn, score: 0 }
    credential_exposure: { score: 0 }
`,
)
const READS = 2
const SENDS = 2

/** What one read gave: the number of its response, and whether the agent has it yet. */
interface Given {
  readonly event: number
  returned: boolean
}

/** What was seen of one order of steps. */
interface Seen {
  readonly given: Map<string, Given>
  /** Edges that must be there: what had been given when a send was judged. */
  readonly expected: string[]
  /** Edges that must be there by the scenario: what the agent had before it asked. */
  readonly due: string[]
  /** Edges that must not: what was given after a send had gone out. */
  readonly undue: string[]
}

/** An engine whose gate and whose sink answer later, and which tells when a send is judged. */
function slowEngine(stage: { scheduler: Scheduler; seen: Seen }): PolicyEngine {
  const turn = (): Promise<void> => stage.scheduler.turn()
  const slow: Gate = { name: 'slow', check: () => turn().then(() => ({ kind: 'pass' })) }
  const sink: AuditSink = { name: 'slow', write: turn }
  const judged: Rule = {
    id: 'judged',
    on: 'request',
    severity: 'low',
    evaluate({ call, number }) {
      const { given, expected } = stage.seen
      if (call.resource.name === 'mail.send')
        for (const { event } of given.values()) expected.push(`${event}>${number}`)
      return undefined
    },
  }
  return createPolicyEngine({
    policy: WARNING,
    onDiagnostic: () => {},
    gates: [slow],
    rules: [judged],
    audit: [sink],
    limits: PATIENT,
  })
}

// One engine for all, since most of what an order costs is an engine that begins from nothing.
const STAGE = { scheduler: createScheduler(0), seen: nothingSeen() }
const ENGINE = slowEngine(STAGE)

function nothingSeen(): Seen {
  return { given: new Map(), expected: [], due: [], undue: [] }
}

/** Reads and sends of one user in one session, each step of them when the scheduler lets it. */
async function interleaved(seed: number): Promise<Seen & { readonly found: string[] }> {
  const scheduler = createScheduler(seed)
  const { random, turn } = scheduler
  const seen = nothingSeen()
  Object.assign(STAGE, { scheduler, seen })
  const session = `s${seed}`
  const whose = { session, subject: { agent: 'bot', user: `u${seed}` } }
  const events = (): number => ENGINE.session(session).events
  const secrets = Array.from({ length: READS }, () => `sk_live_${random.word(24)}`)
  const read = async (secret: string): Promise<void> => {
    await turn()
    const ticket = await ENGINE.begin(callOf('db.query', {}, whose))
    await turn()
    const handing = ticket.finish({ ok: true, value: { rows: [{ api_key: secret }] } })
    const given = { event: events(), returned: false }
    seen.given.set(secret, given)
    await handing
    given.returned = true
  }
  const send = async (): Promise<void> => {
    await turn()
    const known = [...seen.given.values()].filter(({ returned }) => returned)
    const asking = ENGINE.begin(mailWith(secrets.join(' and '), whose))
    const number = events()
    seen.due.push(...known.map(({ event }) => `${event}>${number}`))
    const ticket = await asking
    const before = new Set(seen.given.keys())
    await turn()
    await ticket.finish({ ok: true, value: { ok: true } })
    for (const [secret, { event }] of seen.given)
      if (!before.has(secret)) seen.undue.push(`${event}>${number}`)
  }
  const settled = await scheduler.run([
    ...secrets.map(read),
    ...Array.from({ length: SENDS }, () => send()),
  ])
  expect(settled.filter(({ status }) => status === 'rejected')).toEqual([])
  const edges = ENGINE.behavior(session).edges.filter(({ kind }) => kind === 'secret')
  return { ...seen, found: edges.map(({ from, to }) => `${from}>${to}`) }
}

describe('C03 a response that arrives while another call is on its way', () => {
  it('C03 is linked to whatever is judged after it was given, in 1,000 orders of all steps', async () => {
    const wrong: unknown[] = []
    const counts = { due: 0, undue: 0, between: 0 }
    for (let seed = 1; seed <= 1_000; seed++) {
      const { expected, found, due, undue } = await interleaved(seed)
      const edges = new Set(found)
      const missed = due.filter((edge) => !edges.has(edge))
      const invented = undue.filter((edge) => edges.has(edge))
      const isExact = expected.sort().join() === found.sort().join()
      if (!isExact || missed.length > 0 || invented.length > 0)
        wrong.push({ seed, expected, found, missed, invented })
      counts.due += due.length
      counts.undue += undue.length
      counts.between += found.length - due.length
    }
    expect(wrong).toEqual([])
    // Each of the three is met often enough to mean something.
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(100)
  }, 60_000)
})
