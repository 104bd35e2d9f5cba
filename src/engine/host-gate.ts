import type { Verdict } from '../core/model/decision.ts'
import { isPromise } from '../core/model/json.ts'
import type { Gate } from '../core/model/ports.ts'
import type { Step, StepResult } from './gate-step.ts'

/** A host's own gate as a step of the line. */
export function hostStep(gate: Gate): Step {
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
    return Array.isArray(obligations) ? { kind, obligations: [...obligations] } : { kind }
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
