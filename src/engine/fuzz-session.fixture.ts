import type { AuditRecord } from '../core/model/audit-record.ts'
import type { CallRequest } from '../core/model/call.ts'
import type { Decision } from '../core/model/decision.ts'
import { CallDeniedError } from '../core/model/errors.ts'
import type { Approvals } from '../core/model/ports.ts'
import { openPolicy, ruleOf } from './behavior.fixture.ts'
import { createPolicyEngine, type PolicyEngine } from './create-policy-engine.ts'
import { faultOfDecision, leakIn } from './fuzz-faults.fixture.ts'
import { payloadOf, sensibleOf, strangeOf } from './fuzz-payload.fixture.ts'
import { createRandom, type Random } from './fuzz-random.fixture.ts'
import { shadowOf } from './fuzz-shadow.fixture.ts'

/** One session to play: everything in it follows from its numbers. */
export interface FuzzCase {
  readonly seed: number
  /** Seeds of its calls. */
  readonly calls: readonly number[]
  /** How large payloads may get, from 0. */
  readonly size: number
}

export interface FuzzResult {
  readonly payloads: number
  /** What does not hold, or undefined. */
  readonly fault: string | undefined
  readonly denied: number
}

export function caseOf(seed: number): FuzzCase {
  const random = createRandom(seed)
  const count = 1 + random.below(9)
  return {
    seed,
    calls: Array.from({ length: count }, () => random.below(2 ** 31)),
    size: random.chance(0.02) ? 40 : random.below(3),
  }
}

/** Plays a case and says what does not hold. Never throws. */
export async function playCase(fuzz: FuzzCase): Promise<FuzzResult> {
  const stage = stageOf(fuzz)
  let fault: string | undefined
  for (const seed of fuzz.calls) {
    const play = async (): Promise<string | undefined> =>
      (await playCall(stage, seed, fuzz.size)) ?? closeOpen(stage, seed)
    fault = await play().catch(
      (error: unknown) => `thrown out of the engine: ${textOfError(error)}`,
    )
    if (fault !== undefined) break
  }
  fault ??= await closeOpen(stage, 0).catch(textOfError)
  await stage.engine.close()
  fault ??= leakIn(stage.out, stage.canaries)
  return { payloads: 2 * fuzz.calls.length, fault, denied: stage.denied }
}

/** The fewest calls and the smallest size that still fail in the same way. */
export async function shrinkCase(failing: FuzzCase): Promise<FuzzCase> {
  let smallest = failing
  for (let tries = 0; tries < 12; tries++) {
    let next: FuzzCase | undefined
    for (const smaller of smallerOf(smallest)) {
      if ((await playCase(smaller)).fault === undefined) continue
      next = smaller
      break
    }
    if (next === undefined) return smallest
    smallest = next
  }
  return smallest
}

function* smallerOf(fuzz: FuzzCase): Iterable<FuzzCase> {
  const { calls, size } = fuzz
  const half = Math.ceil(calls.length / 2)
  if (calls.length > 2) {
    yield { ...fuzz, calls: calls.slice(half) }
    yield { ...fuzz, calls: calls.slice(0, half) }
  }
  if (size > 0) yield { ...fuzz, size: size >> 1 }
  if (calls.length > 1)
    for (let index = 0; index < calls.length; index++)
      yield { ...fuzz, calls: calls.filter((_, other) => other !== index) }
}

const KEEPING = openPolicy()
const CLEANING = openPolicy('behavior: { suspicious_text: remove }\n')

/** The engine of one case, and everything that came out of it. */
interface Stage {
  readonly random: Random
  readonly engine: PolicyEngine
  readonly canaries: readonly [string, ...string[]]
  readonly shadow: ReturnType<typeof shadowOf> | undefined
  /** JSON of records, decisions, activity and diagnostics. */
  readonly out: string[]
  readonly ranks: Map<string, number>
  /** What ends the calls under way. */
  readonly open: (() => Promise<string | undefined>)[]
  /** Sessions that are not stopped may be forgotten, and begin anew. */
  readonly forgets: boolean
  denied: number
}

function stageOf({ seed }: FuzzCase): Stage {
  const random = createRandom(seed ^ 0x5f5e100)
  const out: string[] = []
  const records = (written: readonly AuditRecord[]): void => void out.push(JSON.stringify(written))
  const approvals = random.chance(0.6) ? { approvals: approvalsOf(random, out) } : {}
  const forgets = random.chance(0.05)
  const engine = createPolicyEngine({
    policy: random.chance(0.3) ? CLEANING : KEEPING,
    mode: random.chance(0.4) ? 'observe' : 'enforce',
    clock: { now: () => Date.UTC(2026, 0, 1) + 1_000 * out.length },
    audit: [{ name: 'fuzz', write: records }],
    onDiagnostic: (diagnostic) =>
      void out.push(`${JSON.stringify(diagnostic)} ${diagnostic.cause}`),
    limits: { maxSessions: forgets ? 1 : 100 },
    ...(random.chance(0.1) ? { rules: [ruleOf('response', { action: 'ask' })] } : {}),
    ...approvals,
  })
  const canaries = canariesOf(random)
  const shadow = random.chance(0.1) ? shadowOf() : undefined
  return { random, engine, canaries, shadow, out, ranks: new Map(), open: [], forgets, denied: 0 }
}

function approvalsOf(random: Random, out: string[]): Approvals {
  const kind = random.below(50)
  return {
    // The clock of the stage goes on with every word that is recorded.
    timeoutMs: kind === 0 ? 3 : 3_600_000,
    ask({ decision }) {
      out.push(JSON.stringify(decision))
      if (kind === 0) return new Promise(() => {})
      if (kind < 3) throw new Error('nobody is there')
      return { outcome: kind % 2 === 0 ? 'approved' : 'denied', by: 'ana' }
    },
  }
}

/** Secrets of several kinds and restricted values: random, so that none is anywhere by chance. */
function canariesOf(random: Random): readonly [string, ...string[]] {
  const word = (length: number): string => random.word(length)
  const kinds: readonly [string, ...string[]] = [
    ['sk', 'live', word(24)].join('_'),
    ['gh', `p_${word(36)}`].join(''),
    `AKIA${word(16).toUpperCase()}`,
    `${word(8)}.${word(6)}@${word(7).toLowerCase()}.test`,
    ['-----BEGIN RSA PRIVATE', `KEY-----${word(64)}-----END RSA PRIVATE`, 'KEY-----'].join(' '),
    ['eyJhbGciOiJIUzI1NiJ9', word(30), word(43)].join('.'),
    `${word(6)}-${word(5)}!${word(4)}`,
    `${word(9)} ${word(8)} ${word(11)}`,
  ]
  const first = random.pick(kinds)
  return [first, random.pick(kinds), random.pick(kinds)]
}

const TOOLS: readonly [string, ...string[]] = [
  'tickets.read',
  'db.query',
  'db.query',
  'crm.note',
  'vault.encode',
  'mail.send',
  'mail.send',
  'bank.pay',
  'web.read',
  'notes.publish',
  'misc.lookup',
  'resource:db/table',
]

async function playCall(stage: Stage, seed: number, size: number): Promise<string | undefined> {
  const random = createRandom(seed)
  const request = requestOf(stage, random, size)
  const { engine } = stage
  if (random.chance(0.1)) {
    const fault = await explained(engine, request, stage)
    if (fault !== undefined) return fault
  }
  const parts = { random, canaries: stage.canaries, size }
  const payload = random.chance(0.15) ? strangeOf(parts) : payloadOf(parts)
  const fails = random.chance(0.1)
  if (stage.shadow !== undefined) stage.out.push(stage.shadow(request, payload))
  if (random.chance(0.25)) return guarded(stage, request, payload, fails)
  const ticket = await engine.begin(request, { wait: random.chance(0.8) })
  stage.out.push(JSON.stringify(ticket.decision))
  const close = async (): Promise<string | undefined> => {
    const outcome = await ticket.finish(
      fails ? { ok: false, error: payload } : { ok: true, value: payload },
    )
    const withheld = !outcome.ok && outcome.error !== payload ? outcome.error : undefined
    return faultOf(stage, request.session, [ticket.decision, deniedBy(stage, withheld)])
  }
  if (!random.chance(0.2)) return close()
  stage.open.push(close)
  return faultOf(stage, request.session, [ticket.decision])
}

/** Ends calls that were left under way while others ran. */
async function closeOpen(stage: Stage, seed: number): Promise<string | undefined> {
  let fault: string | undefined
  while (fault === undefined && stage.open.length > seed % 3) fault = await stage.open.shift()?.()
  return fault
}

function requestOf({ canaries }: Stage, random: Random, size: number): CallRequest {
  const parts = { random, canaries, size }
  const kind = random.below(10)
  const args =
    kind === 0 ? strangeOf(parts) : kind < 4 ? { value: payloadOf(parts) } : sensibleOf(parts)
  const user = random.chance(0.3) ? { user: random.pick(['u', 'v']) } : {}
  return {
    session: random.pick(['s', 's', 's', 't']),
    subject: { agent: random.pick(['bot', 'helper']), ...user },
    resource: random.pick(TOOLS),
    arguments: args as CallRequest['arguments'], // anything at all, on purpose
    ...(random.chance(0.2) ? { task: `Send it to ana@corp.test, ${random.pick(canaries)}` } : {}),
  }
}

async function guarded(
  stage: Stage,
  request: CallRequest,
  payload: unknown,
  fails: boolean,
): Promise<string | undefined> {
  const thrown = { payload }
  try {
    await stage.engine.guard(request, () => {
      if (fails) throw thrown
      // A thenable would be waited for.
      return { payload }
    })
  } catch (error) {
    if (error !== thrown && !(error instanceof CallDeniedError) && !isRemoved(error))
      return `guard threw ${textOfError(error)}`
    if (error !== thrown) return faultOf(stage, request.session, [deniedBy(stage, error)])
  }
  return faultOf(stage, request.session, [])
}

function isRemoved(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('[removed')
}

function deniedBy({ out }: Stage, error: unknown): Decision | undefined {
  if (!(error instanceof Error)) return undefined
  out.push(`${error.message} ${error.stack} ${JSON.stringify(error)}`)
  return error instanceof CallDeniedError ? error.decision : undefined
}

async function explained(
  engine: PolicyEngine,
  request: CallRequest,
  { out }: Stage,
): Promise<string | undefined> {
  const before = JSON.stringify([engine.session(request.session), engine.behavior(request.session)])
  const explanation = JSON.stringify(await engine.explain(request))
  const after = JSON.stringify([engine.session(request.session), engine.behavior(request.session)])
  out.push(explanation)
  return before === after ? undefined : `explain moved the session: ${before} ${after}`
}

const RANK = { allow: 0, warn: 1, pause: 2, terminate: 3 } as const

function faultOf(
  stage: Stage,
  session: string,
  decisions: readonly (Decision | undefined)[],
): string | undefined {
  const { engine, ranks, out } = stage
  const { disposition, risk } = engine.session(session)
  const activity = JSON.stringify(engine.behavior(session))
  out.push(activity)
  if (!(risk >= 0 && risk <= 100)) return `risk is ${risk}`
  const before = ranks.get(session) ?? 0
  if (RANK[disposition] < before && (before >= 2 || !stage.forgets))
    return `disposition fell to ${disposition}`
  ranks.set(session, RANK[disposition])
  for (const decision of decisions) {
    if (decision?.effect === 'deny') stage.denied++
    const fault = decision === undefined ? undefined : faultOfDecision(decision)
    if (fault !== undefined) return `${fault}: ${JSON.stringify(decision)}`
  }
  return undefined
}

function textOfError(error: unknown): string {
  try {
    return error instanceof Error ? `${error.stack}` : JSON.stringify(error)
  } catch {
    return 'something that cannot be read'
  }
}
