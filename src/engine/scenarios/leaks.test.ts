import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AuditRecord, CallRequest, Gate, JsonObject } from '../../index.ts'
import { call, engineWith, guarded, linked, rowsOf } from './engine.fixture.ts'
import { createScheduler, type Scheduler } from './scheduler.fixture.ts'
import { countedBudgets, slowRates } from './stores.fixture.ts'

const POLICY: JsonObject = {
  roles: [
    {
      name: 'all',
      rules: [
        { resources: ['crm.*', 'web.*'], verbs: ['invoke'] },
        { resources: ['mail.send'], verbs: ['invoke'], effect: 'escalate' },
        { resources: ['crm.drop'], verbs: ['invoke'], effect: 'deny' },
      ],
    },
  ],
  approvals: { max_pending: 10_000 },
  blocklist: { tools: ['crm.blocked'] },
  limits: {
    base: { mcp: 1_000_000 },
    per_session: { concurrent: 40, calls: 100_000 },
    budgets: [{ per: 'agent', calls: 100_000, usd: 100_000, seconds: 1_000_000 }],
  },
}

type Kind = (typeof KINDS)[number]
const KINDS = [
  'goes through',
  'is denied by RBAC',
  'is blocked',
  'is refused by a gate',
  'meets a gate that throws',
  'meets a gate that never answers',
  'has no record',
  'fails',
  'never settles',
  'is given up',
  'is put before a person, who refuses',
  'is put before a person, who agrees',
  'is put before a person, who never answers',
  'is only begun, and needs a person',
  'is begun and finished',
] as const

const RESOURCES: Partial<Record<Kind, string>> = {
  'is denied by RBAC': 'crm.drop',
  'is blocked': 'crm.blocked',
  'is put before a person, who refuses': 'mail.send',
  'is put before a person, who agrees': 'mail.send',
  'is put before a person, who never answers': 'mail.send',
  'is only begun, and needs a person': 'mail.send',
}
const NEVER = new Promise<never>(() => {})

function gateOf({ turn }: Scheduler): Gate {
  return {
    name: 'host',
    async check({ arguments: { kind } }) {
      await turn()
      if (kind === 'meets a gate that never answers') return NEVER
      if (kind === 'meets a gate that throws') throw new Error('no')
      if (kind === 'is refused by a gate') return { kind: 'deny', reason: 'explicit_deny' }
      return { kind: 'pass' }
    },
  }
}

function stage(seed: number) {
  // Only where nothing else can go on does time pass: what times out is what would wait for ever.
  const scheduler = createScheduler(seed, 16, () => {
    vi.advanceTimersByTime(5_000)
  })
  const { turn } = scheduler
  const budgets = countedBudgets(turn)
  const records: AuditRecord[] = []
  const unkept = new Set<string>()
  const engine = engineWith(POLICY, {
    gates: [gateOf(scheduler)],
    stores: { budgets, rateLimits: slowRates(turn) },
    audit: [
      {
        name: 'mostly',
        async write(written) {
          await turn()
          records.push(...written)
          if (written.some(({ request_id: id }) => id !== null && unkept.has(id)))
            throw new Error('full')
        },
      },
    ],
    approvals: {
      timeoutMs: 20_000,
      async ask({ arguments: { kind } }) {
        await turn()
        if (kind === 'is put before a person, who never answers') return NEVER
        const outcome = kind === 'is put before a person, who agrees' ? 'approved' : 'denied'
        return { outcome, by: 'ana' }
      },
    },
    limits: { gateTimeoutMs: 10_000, dispatchTimeoutMs: 10_000 },
  })
  return { ...scheduler, engine, budgets, records, unkept }
}

type Stage = ReturnType<typeof stage>

async function make({ engine, turn, unkept, random }: Stage, index: number): Promise<string> {
  const kind: Kind = KINDS[index % KINDS.length] ?? 'fails'
  const controller = new AbortController()
  const request: CallRequest = call(
    RESOURCES[kind] ?? 'crm.note',
    { kind, index },
    {
      session: `s${index % 4}`,
      ids: { request: String(index) },
      signal: controller.signal,
    },
  )
  for (let steps = random.below(4); steps > 0; steps--) await turn()
  switch (kind) {
    case 'has no record':
      unkept.add(String(index))
      break
    case 'is given up':
      void turn().then(() => turn().then(() => controller.abort()))
      break
    case 'is only begun, and needs a person':
      return (await engine.begin(request)).decision.reason
    case 'is begun and finished': {
      const ticket = await engine.begin(request)
      await turn()
      await ticket.finish({ ok: true, value: null, usage: { usd: 0.25 } })
      return ticket.decision.reason
    }
  }
  return guarded(engine, request, async (_, signal) => {
    await turn()
    if (kind === 'fails') throw new Error('no')
    if (kind === 'never settles') return NEVER
    signal.throwIfAborted()
    return 'done'
  })
}

describe('after 2,000 calls that end in every way there is', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('nothing is under way and nothing stays set aside', async () => {
    const seen = new Map<string, number>()
    for (let seed = 1; seed <= 10; seed++) {
      const on = stage(seed)
      const settled = await on.run(Array.from({ length: 200 }, (_, index) => make(on, index)))
      // What is given back is not waited for.
      for (let more = 0; more < 20 && on.budgets.open() > 0; more++) await on.run([on.turn()])
      for (const one of settled) {
        const answer = one.status === 'fulfilled' ? one.value : `threw ${one.reason}`
        seen.set(answer, (seen.get(answer) ?? 0) + 1)
      }
      expect([on.budgets.open(), on.budgets.faults(), on.engine.stats().in_flight]).toEqual([
        0,
        [],
        0,
      ])
      const accounts = [...on.budgets.accounts]
      const concurrent = accounts.filter(([key]) => key.startsWith('session concurrent'))
      expect(concurrent.map(([, { expected }]) => expected)).toEqual([0, 0, 0, 0])
      // None of the four was too small to matter, and none was overrun.
      expect(concurrent.every(([, { most }]) => most > 5 && most <= 40)).toBe(true)
      // What counts as spent is what was let out: the records tell the same story.
      const closed = [...linked(on.records).values()].map((rows) => rowsOf(rows).join())
      const wentOut = closed.filter((rows) => /^decision pending,outcome (?!denied)/.test(rows))
      const calls = accounts.filter(([key]) => /^budget \w+ 0 calls/.test(key))
      expect(calls.map(([, { expected }]) => expected)).toEqual([wentOut.length])
    }
    expect([...seen.values()].reduce((sum, times) => sum + times, 0)).toBe(2_000)
    expect([...seen.keys()].toSorted()).toEqual(
      expect.arrayContaining([
        'ERR_CALL_CANCELLED',
        'ERR_DISPATCH_TIMEOUT',
        'approval_denied',
        'approval_expired',
        'approval_required',
        'audit_unavailable',
        'blocklisted',
        'done',
        'explicit_deny',
        'gate_failed',
      ]),
    )
  }, 60_000)
})
