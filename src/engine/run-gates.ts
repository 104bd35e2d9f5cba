import { evaluate } from '../core/gates/rbac.ts'
import type { RbacVerdict } from '../core/gates/rbac-verdict.ts'
import type { Call } from '../core/model/call.ts'
import type { GateName } from '../core/model/decision.ts'
import { andThen, isPromise, type MaybePromise } from '../core/model/json.ts'
import type { Gate } from '../core/model/ports.ts'
import { checkBehavior } from './behavior-gate.ts'
import { Folding } from './folding.ts'
import {
  failed,
  type GateRun,
  type Judged,
  type Step,
  type StepResult,
  type Steps,
} from './gate-step.ts'
import { hostStep } from './host-gate.ts'
import { within } from './wait.ts'

/** The built-in gates, the host's own before the last, which sees the call as it would go out. */
export function stepsOf(gates: readonly Gate[]): Steps {
  return [
    ['session', checkSession],
    ['rbac', checkRbac],
    ...gates.map((gate): [GateName, Step] => [gate.name, hostStep(gate)]),
    ['behavior', (call, run) => checkBehavior(call, run.behavior, run)],
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
    return { ...folding.result(), assessment: judged.assessment, timings: judged.timings }
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
    return within(result, run.gateTimeoutMs, late).catch((cause: unknown) =>
      fault(name, cause, run),
    )
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
