import type { Call } from '../../core/model/call.ts'
import { andThen, type MaybePromise } from '../../core/model/json.ts'
import { failed, type GateRun, type Step, type StepResult } from '../gate-step.ts'
import type { HookParts } from './hook-parts.ts'
import { type Hook, hasMatch, matchersForEvent } from './match-hooks.ts'
import { toolPayload } from './payload.ts'
import { type HookObjection, runEvent } from './run-event.ts'

const PASS: StepResult = Object.freeze({ kind: 'pass' })

/**
 * `PreToolUse` as a step of the line. It can only object: what the policy denied never gets here.
 * Nothing is run for `explain`.
 */
export function hookGate(parts: HookParts): Step {
  return (call, run) => {
    if (run.dryRun || !hasMatch(run.policy, 'PreToolUse', call.resource)) return PASS
    parts.admit(run.policy)
    return ask(parts, call, run)
  }
}

function ask(parts: HookParts, call: Call, run: GateRun): MaybePromise<StepResult> {
  const matching = matchersForEvent(run.policy, 'PreToolUse', call.resource)
  // Behind an approval the same call comes again: those that only watch have seen it.
  const hooks = run.approved ? matching.filter(isWaitedFor) : matching
  if (hooks.length === 0) return PASS
  const args = parts.redact(call.arguments, run.policy)
  const payload = toolPayload('PreToolUse', call, args)
  return andThen(runEvent(parts, { hooks, payload, signal: run.signal() }), resultOf)
}

function isWaitedFor({ isAsync }: Hook): boolean {
  return !isAsync
}

function resultOf(objection: HookObjection | undefined): StepResult {
  if (objection === undefined) return PASS
  const { kind, reason, detail } = objection
  if (kind === 'ask') return { kind: 'escalate', reason, detail }
  return reason === 'gate_failed' ? failed(detail) : { kind: 'deny', reason, detail }
}
