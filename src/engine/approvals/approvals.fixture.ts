import { type MemorySink, memorySink } from '../../audit/memory.ts'
import type { CallRequest } from '../../core/model/call.ts'
import type { Decision } from '../../core/model/decision.ts'
import type { CallDeniedError } from '../../core/model/errors.ts'
import type { ApprovalEntry, ApprovalStore } from '../../core/model/ports.ts'
import type { CompiledPolicy } from '../../core/policy/compile.ts'
import { parsePolicy } from '../../core/policy/parse.ts'
import { MemoryApprovals } from '../../stores/memory-approvals.ts'
import type { PolicyEngine } from '../create-policy-engine.ts'
import { engineWith } from '../engine.fixture.ts'
import type { EngineOptions } from '../options.ts'
import type { Ticket } from '../ticket.ts'

/** Everything that is asked here needs a person. */
export function askingPolicy(approvals = '{}', more = ''): CompiledPolicy {
  return parsePolicy(`
servers: [mail, post]
approvals: ${approvals}
roles:
  - name: sender
    rules:
      - { effect: escalate, resources: ['*'], verbs: [invoke, admin] }
      ${more}
bindings:
  - { agent: bot, roles: [sender] }
  - { agent: other-bot, roles: [sender] }
`)
}

export const SEND: CallRequest = {
  session: 's1',
  subject: { agent: 'bot', user: 'ben', tenant: 'acme' },
  resource: 'mail.send',
  arguments: { to: 'a@b.c', count: 1 },
}

/** Two clocks that move only when told to. */
export interface Clocks {
  wall: number
  steady: number
}

export interface Stage {
  readonly engine: PolicyEngine
  readonly sink: MemorySink
  readonly clocks: Clocks
  readonly store: ApprovalStore
}

export function stageWith(options: Partial<EngineOptions> = {}): Stage {
  const clocks: Clocks = { wall: 1_800_000_000_000, steady: 5_000 }
  const sink = memorySink()
  const store = options.stores?.approvals ?? new MemoryApprovals()
  const { engine } = engineWith({
    policy: askingPolicy(),
    audit: [sink],
    clock: { now: () => clocks.wall, monotonic: () => clocks.steady },
    stores: { approvals: store },
    ...options,
  })
  return { engine, sink, clocks, store }
}

export async function decided(engine: PolicyEngine, request: CallRequest): Promise<Decision> {
  return (await engine.begin(request)).decision
}

/** Asks, has it approved, and gives the id that a second try presents. */
export async function approvedId(engine: PolicyEngine, request: CallRequest): Promise<string> {
  const { id } = await decided(engine, request)
  await engine.approvals.approve(id, { by: 'ana' })
  return id
}

export async function presented(
  engine: PolicyEngine,
  request: CallRequest,
  approval: string,
): Promise<Ticket> {
  return engine.begin({ ...request, approval })
}

/** What `guard` gives: the reason of a denial, or `sent`. */
export async function guarded(engine: PolicyEngine, request: CallRequest): Promise<string> {
  return engine
    .guard(request, () => 'sent')
    .catch((error: CallDeniedError) => error.decision?.reason ?? String(error))
}

/** A store that answers later, each step when `turn` lets it. */
export function slowStore(
  turn: () => Promise<unknown>,
  store = new MemoryApprovals(),
): ApprovalStore {
  const later = async <T>(run: () => T): Promise<T> => {
    await turn()
    return run()
  }
  return {
    get: (id) => later(() => store.get(id)),
    add: (entry) => later(() => store.add(entry)),
    replace: (entry, version) => later(() => store.replace(entry, version)),
    list: (filter) => later(() => store.list(filter)),
  }
}

export async function waitFor<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** The first question that waits. */
export function firstPending(engine: PolicyEngine): Promise<ApprovalEntry> {
  return waitFor(async () => (await engine.approvals.list({ state: 'pending' }))[0])
}
