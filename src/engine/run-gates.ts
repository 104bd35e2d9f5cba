import { checkBlocklist } from '../core/gates/blocklist.ts'
import type { Call } from '../core/model/call.ts'
import type { GateName } from '../core/model/decision.ts'
import { andThen, isPromise, type JsonObject, type MaybePromise } from '../core/model/json.ts'
import type { Gate } from '../core/model/ports.ts'
import { checkBehavior, checkModel, isWatched } from './behavior-gate.ts'
import { Folding } from './folding.ts'
import { gateSettings } from './gate-settings.ts'
import {
  failed,
  type GateRun,
  type Judged,
  type Step,
  type StepResult,
  type Steps,
} from './gate-step.ts'
import { MAX_HOOK_MS } from './hooks/match-hooks.ts'
import { hostStep } from './host-gate.ts'
import { checkLimits } from './rate-step.ts'
import { checkRbac } from './rbac-step.ts'
import { checkSecretStep } from './secret-step.ts'
import { within } from './wait.ts'

/** The built-in gates, the host's own before the last, which sees the call as it would go out. */
export function stepsOf(gates: readonly Gate[], hooks: Step): Steps {
  return [
    ['session', checkSession],
    ['rbac', checkRbac],
    ['secrets', checkSecretStep],
    ['blocklist', blocklist],
    ['rate_limit', checkLimits],
    ['hooks', hooks],
    ...gates.map((gate): [GateName, Step] => [gate.name, hostStep(gate)]),
    ['behavior', behavior],
  ]
}

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
          folding.take(name, settled, run) ? ended(name, folding, run) : from(index + 1),
        )
      if (folding.take(name, result, run)) return ended(name, folding, run)
    }
    return folding.result()
  }
  return andThen(from(0), (judged) => rejudge(call, judged, run))
}

/**
 * A call stopped for a secret it carries is still looked at: where the secret came from is what the
 * session's risk goes by. The decision stays that of the gate.
 */
function ended(gate: GateName, folding: Folding, run: GateRun): MaybePromise<Judged> {
  const judged = folding.result()
  if (gate !== 'secrets' || judged.reason !== 'secret_detected') return judged
  return andThen(attempt('behavior', behavior, folding.call, run), ({ assessment }) =>
    assessment === undefined ? judged : { ...judged, assessment },
  )
}

/**
 * Rewritten arguments pass RBAC, secrets and blocklist too: a rewrite may make a call safer, never
 * reach further than its caller may, and made once more it changes nothing. An `escalate` of RBAC has
 * been put before a person already, or will be.
 */
function rejudge(call: Call, judged: Judged, run: GateRun): MaybePromise<Judged> {
  if (judged.effect === 'deny' || judged.arguments === call.arguments) return judged
  const rewritten = Object.freeze({ ...call, arguments: judged.arguments })
  const from = (index: number): MaybePromise<Judged> => {
    const [name, step] = AGAIN[index] ?? []
    if (name === undefined || step === undefined) return judged
    return andThen(attempt(name, step, rewritten, run), (result) => {
      const isStable = !('arguments' in result) || sameArguments(result.arguments, judged.arguments)
      if (isStable && !isObjection(result, run)) return from(index + 1)
      const folding = new Folding(rewritten)
      folding.take(name, isStable ? result : failed(UNSTABLE), run)
      const { assessment, timings, granted, said } = judged
      const refused = folding.result()
      return {
        ...refused,
        assessment,
        timings,
        granted: refused.granted ?? granted,
        said: { ...said, ...refused.said },
      }
    })
  }
  return from(0)
}

const UNSTABLE = 'the rewritten arguments would have to be rewritten again'

function isObjection({ kind }: StepResult, run: GateRun): boolean {
  return kind === 'deny' || (kind === 'escalate' && !run.approved)
}

export function sameArguments(one: JsonObject | undefined, other: JsonObject): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}

const behavior: Step = (call, run) => {
  if (call.resource.kind === 'model') {
    const barred = checkModel(call, gateSettings(run.policy).routes, run.behavior.watch)
    if (barred.kind !== 'pass') return barred
  }
  return isWatched(call.resource) ? checkBehavior(call, run.behavior, run) : PASS
}

const blocklist: Step = (call, run) => checkBlocklist(gateSettings(run.policy).blocklist, call)

/** What rewritten arguments are held against. */
const AGAIN: Steps = [
  ['rbac', checkRbac],
  ['secrets', checkSecretStep],
  ['blocklist', blocklist],
]

const LAST: readonly [GateName, Step] = ['session', () => failed('there is no such gate')]

/** INVARIANT: a gate that throws, rejects or does not answer in time denies. */
function attempt(name: GateName, step: Step, call: Call, run: GateRun): MaybePromise<StepResult> {
  try {
    const result = step(call, run)
    if (!isPromise(result)) return result
    // Each hook has a limit of its own, which the policy sets.
    const limitMs = name === 'hooks' ? MAX_HOOK_MS : run.gateTimeoutMs
    const late = (): StepResult => failed(`\`${name}\` did not answer within ${limitMs} ms`)
    return within(result, limitMs, late).catch((cause: unknown) => fault(name, cause, run))
  } catch (cause) {
    return fault(name, cause, run)
  }
}

function fault(name: GateName, cause: unknown, run: GateRun): StepResult {
  run.onFault(name, cause)
  return failed(`\`${name}\` failed`)
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
