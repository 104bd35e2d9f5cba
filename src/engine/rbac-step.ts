import { applyCompute } from '../core/effects/apply-compute.ts'
import { evaluate } from '../core/gates/rbac.ts'
import type { Computation, RbacVerdict } from '../core/gates/rbac-verdict.ts'
import type { Call } from '../core/model/call.ts'
import { andThen, type JsonObject, type MaybePromise } from '../core/model/json.ts'
import { failed, type GateRun, type StepResult } from './gate-step.ts'

/** RBAC as a step of the line: what it says, with the rewrites of its `compute` rules made. */
export function checkRbac(call: Call, run: GateRun): MaybePromise<StepResult> {
  return andThen(evaluate(run.policy, call, run.ports), (granted) => {
    if (granted.effect === 'deny') return refusal(granted)
    // Only then: a tool that the caller may not see has not changed for it.
    if (call.definition?.changed !== undefined && call.verb !== 'discover')
      return { kind: 'deny', reason: 'tool_changed', detail: changed(call), granted }
    if (granted.computes.length === 0) return grant(granted, undefined)
    return andThen(rewritten(granted.computes, call, run), (made) =>
      'fault' in made
        ? { ...failed(`the call cannot be made safe: ${made.fault}`), rule: made.rule, granted }
        : grant(granted, made.arguments),
    )
  })
}

function changed({ definition }: Call): string {
  return `the tool's ${definition?.changed} is no longer what was accepted; a person must accept it`
}

function refusal(granted: RbacVerdict): StepResult {
  return {
    kind: 'deny',
    reason: granted.reason,
    detail: granted.detail ?? '',
    granted,
    ...(granted.rule === null ? {} : { rule: granted.rule }),
    ...(granted.constraint === null ? {} : { constraint: granted.constraint }),
  }
}

function grant(granted: RbacVerdict, made: JsonObject | undefined): StepResult {
  const more = {
    granted,
    ...(granted.obligations.length === 0 ? {} : { obligations: granted.obligations }),
    ...(granted.rule === null ? {} : { rule: granted.rule }),
  }
  if (granted.effect === 'escalate')
    return {
      kind: 'escalate',
      reason: 'approval_required',
      detail: 'a person must approve this call',
      ...more,
      ...(made === undefined ? {} : { arguments: made }),
    }
  return made === undefined
    ? { kind: 'pass', ...more }
    : { kind: 'compute', arguments: made, ...more }
}

type Rewritten =
  | { readonly arguments: JsonObject }
  | { readonly fault: string; readonly rule: Computation['rule'] }

/** One after the other, each on what the one before left. */
function rewritten(
  computes: readonly Computation[],
  call: Call,
  run: GateRun,
  from = 0,
  args = call.arguments,
): MaybePromise<Rewritten> {
  const next = computes[from]
  if (next === undefined) return { arguments: args }
  const context = { arguments: args, resource: call.resource, ports: run.ports }
  return andThen(
    applyCompute(next.compute, context),
    (made): MaybePromise<Rewritten> =>
      made.fault !== undefined
        ? { fault: made.fault, rule: next.rule }
        : rewritten(computes, call, run, from + 1, made.arguments),
  )
}
