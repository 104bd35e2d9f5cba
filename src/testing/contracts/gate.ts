import type { Call } from '../../core/model/call.ts'
import { REASONS, type Verdict } from '../../core/model/decision.ts'
import type { JsonObject, MaybePromise } from '../../core/model/json.ts'
import type { Gate, GateView } from '../../core/model/ports.ts'
import { TEST_NOW } from '../create-test-engine.ts'
import { type ContractCheck, type ContractFailure, deepFreeze, runContract } from './contract.ts'

export interface GateContractOptions {
  /** Arguments to try besides the odd ones that every gate is tried with. */
  readonly arguments?: readonly JsonObject[]
  /** Milliseconds one answer may take. @default 100 */
  readonly budgetMs?: number
}

const BUILT_IN = ['identity', 'session', 'rbac', 'secrets', 'blocklist', 'rate_limit', 'behavior']
/** Planted in arguments: it must not come back in a message. */
const MARKER = 'callgate-contract-marker-7f3a91'
const DRY_RUNS = 200

/**
 * Holds a gate to what the engine relies on: it answers whatever the arguments, in time, with a
 * verdict that can be read, changes nothing, moves nothing in a dry run and repeats no payload.
 * `make` gives a fresh gate each time.
 */
export function testGate(
  make: () => MaybePromise<Gate>,
  options: GateContractOptions = {},
): Promise<readonly ContractFailure[]> {
  const budgetMs = options.budgetMs ?? 100
  const calls = [...ODD_ARGUMENTS, ...(options.arguments ?? [])].map(callOf)
  const checks: ContractCheck[] = [
    {
      check: 'it has a name of its own',
      run: async () => {
        const { name } = await make()
        if (typeof name !== 'string' || name === '') return 'its `name` is empty'
        return BUILT_IN.includes(name) ? `\`${name}\` is a gate of the engine` : undefined
      },
    },
    {
      check: 'it gives a verdict that can be read, whatever the arguments',
      run: () => firstProblem(calls, async (call) => faultOf(await ask(await make(), call, false))),
    },
    {
      check: 'it repeats no payload',
      run: () => firstProblem(calls, async (call) => leakOf(await ask(await make(), call, false))),
    },
    {
      check: `it answers within ${budgetMs} ms`,
      run: () =>
        firstProblem(calls, async (call) => {
          const gate = await make()
          const started = performance.now()
          await ask(gate, call, false)
          const took = performance.now() - started
          return took <= budgetMs ? undefined : `it took ${Math.round(took)} ms`
        }),
    },
    {
      check: 'it moves nothing in a dry run',
      run: async () => {
        const gate = await make()
        const first = JSON.stringify(await ask(gate, callOf({ value: 1 }, 0), true))
        for (let run = 0; run < DRY_RUNS; run++) {
          const again = JSON.stringify(await ask(gate, callOf({ value: 1 }, 0), true))
          if (again !== first) return `dry run ${run + 2} answers differently from the first`
        }
        return undefined
      },
    },
  ]
  // Each check asks about every call: its own limit is the sum of theirs, and room for a slow machine.
  return runContract(checks, 1_000 + 10 * budgetMs * calls.length)
}

function ask(gate: Gate, call: Call, dryRun: boolean): MaybePromise<Verdict> {
  const view: GateView = {
    policy_digest: 'sha256:0',
    session: Object.freeze({
      id: call.session,
      sequence: call.sequence,
      events: call.sequence,
      disposition: 'allow',
      risk: 0,
      started_at: call.at,
      denied: 0,
    }),
    signal: new AbortController().signal,
    dry_run: dryRun,
  }
  return gate.check(call, view)
}

async function firstProblem(
  calls: readonly Call[],
  problemOf: (call: Call) => Promise<string | undefined>,
): Promise<string | undefined> {
  for (const call of calls) {
    const problem = await problemOf(call)
    if (problem !== undefined)
      return `${problem}, with arguments ${JSON.stringify(call.arguments).slice(0, 80)}`
  }
  return undefined
}

/** A gate may be written without types: nothing of a verdict is taken for granted. */
function faultOf(verdict: unknown): string | undefined {
  if (typeof verdict !== 'object' || verdict === null) return 'it gave no verdict'
  const { kind, reason, detail, arguments: args } = verdict as Readonly<Record<string, unknown>>
  switch (kind) {
    case 'pass':
      return undefined
    case 'deny':
    case 'escalate':
      if (!REASONS.some((known) => known === reason)) return `\`${String(reason)}\` is no reason`
      return detail === undefined || typeof detail === 'string'
        ? undefined
        : 'its `detail` is no text'
    case 'compute':
      return typeof args === 'object' && args !== null && !Array.isArray(args)
        ? undefined
        : 'its `arguments` are no object'
    default:
      return `\`${String(kind)}\` is no kind of verdict`
  }
}

function leakOf(verdict: Verdict): string | undefined {
  const said = verdict.kind === 'compute' ? { ...verdict, arguments: {} } : verdict
  return JSON.stringify(said).includes(MARKER) ? 'its verdict repeats an argument' : undefined
}

const ODD_ARGUMENTS: readonly JsonObject[] = [
  {},
  { value: MARKER },
  { [MARKER]: { [MARKER]: [MARKER] } },
  { '': '', ' ': ' ', constructor: MARKER, hasOwnProperty: 1, toString: null },
  { value: null, list: [], nested: [[[[{ value: [null, true, -0, 1e308, MARKER] }]]]] },
  { text: `\u0000\ud800\u202e\u2028${MARKER}`, long: 'x'.repeat(100_000) },
  { wide: Array.from({ length: 10_000 }, (_, index) => index) },
  deepArguments(60),
]

function deepArguments(depth: number): JsonObject {
  return depth === 0 ? { value: MARKER } : { value: deepArguments(depth - 1) }
}

/** Frozen as the engine freezes it: a gate that changes a call throws. */
function callOf(args: JsonObject, index: number): Call {
  return deepFreeze<Call>({
    id: `call-${index}`,
    trace: 'trace',
    session: 'session',
    sequence: 1,
    subject: { agent: 'agent', user: 'user' },
    verb: 'invoke',
    resource: {
      name: 'db.query',
      kind: 'tool',
      server: 'db',
      listed: false,
      scope: undefined,
      tags: [],
      payload_class: undefined,
      sql_dialect: undefined,
      tier: undefined,
    },
    scope: undefined,
    arguments: args,
    at: TEST_NOW,
    task: undefined,
    ids: {},
    parent: undefined,
  })
}
