import { describe, expect, it, vi } from 'vitest'
import {
  type CompiledPolicy,
  compilePolicy,
  type EngineOptions,
  type Gate,
  type PolicyEngine,
  type Subject,
} from '../../index.ts'
import { call, engineWith, linked, policyWith, sinkOf } from './engine.fixture.ts'
import { createScheduler, latch, type Scheduler } from './scheduler.fixture.ts'

// Many orders of many steps: on a machine that is busy they take their time.
vi.setConfig({ testTimeout: 60_000 })

const MAIL = 'ana.lima@customer.test'
const SHOWN = ['********', '[email_address]', MAIL]

/** Policies that differ in each part that a call passes: rule, rewriting, limits and redaction. */
const POLICIES = SHOWN.map((_, index) =>
  policyWith({
    limits: { per_session: { calls: 1_000_000 + index }, base: { mcp: 1_000_000 } },
    ...(index < 2 ? { redaction: { action: ['mask', 'label'][index] ?? 'mask' } } : {}),
    roles: [
      {
        name: `role ${index}`,
        rules: [
          {
            name: `rule ${index}`,
            resources: ['crm.note'],
            verbs: ['invoke'],
            effect: 'compute',
            compute: { set: { stamp: index } },
          },
          { name: `no ${index}`, resources: ['crm.drop'], verbs: ['invoke'], effect: 'deny' },
        ],
      },
    ],
    bindings: [{ tier: 'user', roles: [`role ${index}`] }],
  }),
)
const INDEX_OF = new Map(POLICIES.map(({ digest }, index) => [digest, index]))

function policyAt(index: number): CompiledPolicy {
  const policy = POLICIES[index % POLICIES.length]
  if (policy === undefined) throw new Error('there are three')
  return policy
}

/** What each call showed of the policy that judged it, part by part. */
interface Shown {
  readonly parts: readonly unknown[]
  readonly digests: ReadonlySet<string | null>
}

interface Run {
  readonly shown: Shown[]
  readonly used: Set<string>
}

/** Digests that a call was shown by its gate, by the call's id. */
function lookingGate({ turn, random }: Scheduler, seen: Map<string, string>): Gate {
  return {
    name: 'looking',
    check(made, { policy_digest: digest }) {
      seen.set(made.id, digest)
      return random.chance(0.5)
        ? { kind: 'pass' }
        : turn().then(() => {
            seen.set(made.id, digest)
            return { kind: 'pass' }
          })
    },
  }
}

async function evaluations(
  seed: number,
  calls: number,
  choose: (engine: PolicyEngine | undefined, index: number) => EngineOptions['policy'],
): Promise<Run> {
  const scheduler = createScheduler(seed, 40)
  const { turn, random, run } = scheduler
  const seen = new Map<string, string>()
  const { sink, records } = sinkOf(() => (random.chance(0.5) ? turn() : undefined))
  const engine = engineWith(
    {},
    {
      policy: choose(undefined, 0),
      gates: [lookingGate(scheduler, seen)],
      audit: [sink],
      identity: {
        identify: ({ bearer = '' }) => {
          const subject: Subject = { agent: 'bot', tenant: bearer }
          return random.chance(0.5) ? subject : turn().then(() => subject)
        },
      },
    },
  )
  const shown = new Map<string, unknown[]>()
  const one = async (index: number): Promise<void> => {
    await turn()
    const { subject: _, ...request } = call(index % 10 === 0 ? 'crm.drop' : 'crm.note', {
      mail: MAIL,
    })
    const credentials = { bearer: index % 2 === 0 ? 'x' : 'y' }
    const { decision, ...ticket } = await begun(engine, { ...request, credentials })
    const parts: unknown[] = [Number(decision.rule?.name?.split(' ')[1]), seen.get(decision.id)]
    if (ticket.permitted) {
      parts.push(ticket.arguments['stamp'])
      await turn()
      const outcome = await ticket.finish({ ok: true, value: { mail: MAIL } })
      parts.push(SHOWN.indexOf(outcome.ok ? (outcome.value as { mail: string }).mail : ''))
    }
    shown.set(decision.id, [decision.policy_digest, ...parts])
  }
  const reload = async (index: number): Promise<void> => {
    await turn()
    engine.reload(choose(engine, index))
  }
  await run([
    ...Array.from({ length: calls }, (_, index) => one(index)),
    ...Array.from({ length: calls / 20 }, (_, index) => reload(index)),
  ])
  const byId = linked(records)
  const used = new Set<string>()
  return {
    used,
    shown: [...shown].map(([id, parts]) => {
      used.add(String(parts[0]))
      return {
        parts,
        digests: new Set((byId.get(id) ?? []).map(({ policy_digest: digest }) => digest)),
      }
    }),
  }
}

async function begun(engine: PolicyEngine, request: Parameters<PolicyEngine['begin']>[0]) {
  const ticket = await engine.begin(request)
  const { decision, permitted, arguments: args } = ticket
  return { decision, permitted, arguments: args, finish: ticket.finish.bind(ticket) }
}

/** Calls whose parts do not all come from the policy that their decision names. */
function mixed({ shown }: Run): unknown[] {
  return shown.filter(({ parts: [digest, rule, seen, ...rest], digests }) => {
    const index = INDEX_OF.get(String(digest))
    // A denial by RBAC never gets as far as the gate of the host.
    const isSeen = seen === digest || (seen === undefined && rest.length === 0)
    const isOne = index !== undefined && rule === index && rest.every((part) => part === index)
    return !(isOne && isSeen && digests.size === 1 && digests.has(String(digest)))
  })
}

describe('C07 policies that are swapped while calls are judged', () => {
  it('C07 judge each of 10,000 calls alone: rule, rewriting, gates, redaction and records agree', async () => {
    let count = 0
    for (let seed = 1; seed <= 10; seed++) {
      const run = await evaluations(seed, 1_000, (_, index) => policyAt(index))
      expect(mixed(run)).toEqual([])
      expect(run.used.size).toBe(3)
      count += run.shown.length
    }
    expect(count).toBe(10_000)
  }, 60_000)

  it('C07 chosen by a function of the subject, where what it chooses changes too', async () => {
    for (let seed = 1; seed <= 2; seed++) {
      let current = 0
      const run = await evaluations(seed, 500, (_, index) => {
        const offset = index % 2
        return ({ tenant }) => policyAt(current++ + offset + (tenant === 'x' ? 0 : 1))
      })
      expect(mixed(run)).toEqual([])
      expect(run.used.size).toBe(3)
    }
  })

  it('C07 judge again what a person approved, and the records name the one that judged last', async () => {
    const asking = (role: string) =>
      compilePolicy({
        roles: [
          {
            name: role,
            rules: [{ name: role, resources: ['*'], verbs: ['invoke'], effect: 'escalate' }],
          },
        ],
        bindings: [{ agent: 'bot', roles: [role] }],
      })
    const [before, after] = [asking('before'), asking('after')]
    const { sink, records } = sinkOf()
    const engine: PolicyEngine = engineWith(
      {},
      {
        policy: before,
        audit: [sink],
        approvals: {
          ask() {
            engine.reload(after)
            return { outcome: 'approved', by: 'ana' }
          },
        },
      },
    )
    await engine.guard(call('mail.send'), () => 'sent')
    const said = records
      .filter(({ kind }) => kind === 'decision' || kind === 'outcome')
      .map(({ policy_digest: digest, rule }) => [digest, rule?.role])
    expect(said).toEqual([
      [after.digest, 'after'],
      [after.digest, 'after'],
    ])
  })

  // What a policy says of callers without credentials is read before the provider is waited for, the
  // policy itself after: the decision names one that would have refused the caller.
  it('C07 judge who asks and what they ask as one, where the provider answers later', async () => {
    const rest = {
      unlisted: 'allow',
      roles: [{ name: 'all', rules: [{ resources: ['*'], verbs: ['invoke'] }] }],
      bindings: [{ agent: 'anonymous', roles: ['all'] }],
    }
    const lax = compilePolicy({ ...rest, identity: { required: false } })
    const strict = compilePolicy({ ...rest, identity: { required: true } })
    const wait = latch()
    const engine = engineWith(
      {},
      { policy: lax, identity: { identify: () => wait.opened.then(() => undefined) } },
    )
    const { subject: _, ...request } = call('web.read')
    const beginning = engine.begin(request)
    engine.reload(strict)
    wait.open()
    const { decision } = await beginning
    const expected = decision.policy_digest === strict.digest ? 'no_principal' : 'allowed'
    expect(decision.reason).toBe(expected)
  })
})
