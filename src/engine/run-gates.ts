import type { ConstraintPorts } from '../core/constraints/constraint.ts'
import { evaluate } from '../core/gates/rbac.ts'
import type { RbacVerdict } from '../core/gates/rbac-verdict.ts'
import type { Call } from '../core/model/call.ts'
import {
  type Effect,
  type GateName,
  type Obligation,
  REASONS,
  type Reason,
  type RuleRef,
  type Verdict,
} from '../core/model/decision.ts'
import { andThen, isPromise, type JsonObject, type MaybePromise } from '../core/model/json.ts'
import type { Gate, SessionView } from '../core/model/ports.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import { type SnapshotLimits, snapshot } from '../core/snapshot.ts'
import { within } from './wait.ts'

/** What the gates said together. */
export interface Judged {
  readonly effect: Effect
  readonly reason: Reason
  readonly gate: GateName
  readonly rule: RuleRef | null
  readonly constraint: string | null
  readonly scopes: readonly string[]
  readonly detail: string | null
  readonly retry_after_ms: number | null
  readonly obligations: readonly Obligation[]
  /** What would be dispatched: the arguments as asked, or as a gate rewrote them. */
  readonly arguments: JsonObject
  readonly timings: Readonly<Record<string, number>>
}

/** What gates are run with. One policy for the whole line, so no call mixes two. */
export interface GateRun {
  readonly policy: CompiledPolicy
  readonly ports: ConstraintPorts
  readonly steps: Steps
  readonly session: SessionView
  readonly signal: () => AbortSignal
  readonly limits: SnapshotLimits
  readonly gateTimeoutMs: number
  /** A person has approved: an `escalate` is then no objection. */
  readonly approved: boolean
  /** Nothing may move: for `explain`. */
  readonly dryRun: boolean
}

/** The gates of an engine in their order. */
export type Steps = readonly (readonly [GateName, Step])[]

/** The built-in gates, then the host's own. */
export function stepsOf(gates: readonly Gate[]): Steps {
  return [
    ['session', checkSession],
    ['rbac', checkRbac],
    ...gates.map((gate): [GateName, Step] => [gate.name, hostStep(gate)]),
  ]
}

type Step = (call: Call, run: GateRun) => MaybePromise<StepResult>
/** A verdict with what RBAC adds to it. */
type StepResult = Verdict & { readonly granted?: RbacVerdict; readonly constraint?: string }

/**
 * Runs the gates in order. The first denial ends the line; `escalate` and `compute` are carried on,
 * later gates judge the rewritten call. Synchronous as long as every gate is.
 */
export function runGates(call: Call, run: GateRun): MaybePromise<Judged> {
  const { steps } = run
  const folding = new Folding(call)
  const from = (first: number): MaybePromise<Judged> => {
    for (let index = first; index < steps.length; index++) {
      const [name, step] = steps[index] ?? LAST
      const result = attempt(name, step, folding.call, run)
      if (isPromise(result))
        return result.then((settled) =>
          folding.take(name, settled, run) ? folding.result() : from(index + 1),
        )
      if (folding.take(name, result, run)) return folding.result()
    }
    return folding.result()
  }
  return andThen(from(0), (judged) => rejudge(call, judged, run))
}

/**
 * Rewritten arguments pass RBAC too: a host's gate may make a call safer, never reach further than
 * its caller may. An `escalate` of RBAC has been put before a person already, or will be.
 */
function rejudge(call: Call, judged: Judged, run: GateRun): MaybePromise<Judged> {
  if (judged.effect === 'deny' || judged.arguments === call.arguments) return judged
  const rewritten = Object.freeze({ ...call, arguments: judged.arguments })
  return andThen(attempt('rbac', checkRbac, rewritten, run), (result) => {
    if (result.kind === 'pass' || (result.kind === 'escalate' && run.approved)) return judged
    const folding = new Folding(rewritten)
    folding.take('rbac', result, run)
    return { ...folding.result(), timings: judged.timings }
  })
}

const LAST: readonly [GateName, Step] = ['session', () => failed('there is no such gate')]

/** INVARIANT: a gate that throws, rejects or does not answer in time denies. */
function attempt(name: GateName, step: Step, call: Call, run: GateRun): MaybePromise<StepResult> {
  try {
    const result = step(call, run)
    if (!isPromise(result)) return result
    const late = (): StepResult =>
      failed(`\`${name}\` did not answer within ${run.gateTimeoutMs} ms`)
    return within(result, run.gateTimeoutMs, late).catch(() => failed(`\`${name}\` failed`))
  } catch {
    return failed(`\`${name}\` failed`)
  }
}

function failed(detail: string): StepResult {
  return { kind: 'deny', reason: 'gate_failed', detail }
}

const checkSession: Step = (_call, run) => {
  if (run.session.disposition === 'pause')
    return {
      kind: 'deny',
      reason: 'session_paused',
      detail: 'the session is paused until a person resumes it',
    }
  if (run.session.disposition === 'terminate')
    return { kind: 'deny', reason: 'session_terminated', detail: 'the session was terminated' }
  return PASS
}
const PASS: StepResult = Object.freeze({ kind: 'pass' })

const checkRbac: Step = (call, run) => {
  const verdict = evaluate(run.policy, call, run.ports)
  return isPromise(verdict) ? verdict.then(fromRbac) : fromRbac(verdict)
}

function fromRbac(granted: RbacVerdict): StepResult {
  const rule = granted.rule === null ? {} : { rule: granted.rule }
  const constraint = granted.constraint === null ? {} : { constraint: granted.constraint }
  switch (granted.effect) {
    case 'allow':
      return { kind: 'pass', granted }
    case 'deny':
      return {
        kind: 'deny',
        reason: granted.reason,
        detail: granted.detail ?? '',
        granted,
        ...rule,
        ...constraint,
      }
    case 'escalate':
      return {
        kind: 'escalate',
        reason: 'approval_required',
        detail: 'a person must approve this call',
        granted,
        ...rule,
      }
    case 'compute':
      // Fail closed: a rule that demands a rewrite this version cannot make must not let the call by.
      return {
        ...failed('the rule demands a rewrite that this version cannot make'),
        granted,
        ...rule,
      }
  }
}

function hostStep(gate: Gate): Step {
  return (call, run) => {
    const verdict = gate.check(call, {
      policy_digest: run.policy.digest,
      session: run.session,
      signal: run.signal(),
      dry_run: run.dryRun,
    })
    return isPromise(verdict) ? Promise.resolve(verdict).then(readVerdict) : readVerdict(verdict)
  }
}

/** What a host's gate said, each field read once and of its type: gates may be written without types. */
function readVerdict(verdict: Verdict): StepResult {
  const { kind } = verdict
  if (kind === 'pass') {
    const { obligations } = verdict
    return Array.isArray(obligations) ? { kind, obligations: [...obligations] } : PASS
  }
  const { detail, rule } = verdict
  const more = {
    ...(typeof detail === 'string' ? { detail } : {}),
    ...(typeof rule === 'object' && rule !== null ? { rule } : {}),
  }
  if (kind === 'compute') return { kind, arguments: verdict.arguments, ...more }
  const { reason, constraint, retry_after_ms: after } = verdict
  return {
    kind,
    reason,
    ...more,
    ...(typeof constraint === 'string' ? { constraint } : {}),
    ...(Number.isFinite(after) ? { retry_after_ms: Number(after) } : {}),
  }
}

const REFUSALS: ReadonlySet<unknown> = new Set(REASONS.filter((reason) => reason !== 'allowed'))

function isRefusal(reason: unknown): boolean {
  return REFUSALS.has(reason)
}

/** Collects what the gates say of one call. */
class Folding {
  call: Call
  #effect: Effect = 'allow'
  #deciding: { gate: GateName; result: StepResult } | undefined
  #granted: RbacVerdict | undefined
  #retryAfterMs: number | null = null
  readonly #obligations: Obligation[] = []
  readonly #timings: Record<string, number> = {}
  #marked = performance.now()

  constructor(call: Call) {
    this.call = call
  }

  /** True when the line ends here. */
  take(gate: GateName, result: StepResult, run: GateRun): boolean {
    // A host's gate written without types may say anything.
    if (typeof result !== 'object' || result === null)
      return this.take(gate, failed(`\`${gate}\` gave no verdict`), run)
    const now = performance.now()
    // Microseconds are as fine as the clock is steady.
    this.#timings[gate] = Math.round((now - this.#marked) * 1000) / 1000
    this.#marked = now
    if (result.granted !== undefined) this.#granted = result.granted
    switch (result.kind) {
      case 'pass':
        if (result.obligations !== undefined) this.#obligations.push(...result.obligations)
        return false
      case 'deny':
        if (!isRefusal(result.reason))
          return this.take(gate, failed(`\`${gate}\` gave a reason that is not known`), run)
        this.#effect = 'deny'
        this.#retryAfterMs = result.retry_after_ms ?? null
        this.#deciding = { gate, result }
        return true
      case 'escalate':
        if (!isRefusal(result.reason))
          return this.take(gate, failed(`\`${gate}\` gave a reason that is not known`), run)
        if (!run.approved && this.#effect !== 'escalate') {
          this.#effect = 'escalate'
          this.#deciding = { gate, result }
        }
        return false
      case 'compute':
        return this.#rewrite(gate, result, run)
      default:
        return this.take(gate, failed(`\`${gate}\` gave no verdict`), run)
    }
  }

  #rewrite(gate: GateName, result: StepResult & { kind: 'compute' }, run: GateRun): boolean {
    const taken = snapshot(result.arguments, run.limits)
    if (!taken.ok)
      return this.take(gate, failed(`\`${gate}\` gave unusable arguments: ${taken.detail}`), run)
    this.call = Object.freeze({ ...this.call, arguments: taken.value })
    if (this.#effect === 'allow') {
      this.#effect = 'compute'
      this.#deciding = { gate, result }
    }
    return false
  }

  result(): Judged {
    const deciding = this.#deciding
    const objection = deciding?.result
    const isObjection = objection?.kind === 'deny' || objection?.kind === 'escalate'
    const granted = this.#granted
    return {
      effect: this.#effect,
      reason: isObjection ? objection.reason : 'allowed',
      gate: deciding?.gate ?? 'rbac',
      rule:
        (isObjection || objection?.kind === 'compute' ? objection.rule : undefined) ??
        granted?.rule ??
        null,
      constraint: objection?.constraint ?? null,
      scopes: granted?.scopes ?? [],
      detail: (objection?.kind === 'pass' ? undefined : objection?.detail) ?? null,
      retry_after_ms: this.#retryAfterMs,
      obligations: Object.freeze([...this.#obligations]),
      arguments: this.call.arguments,
      timings: Object.freeze(this.#timings),
    }
  }
}
