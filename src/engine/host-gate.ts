import type { RuleRef, Verdict } from '../core/model/decision.ts'
import { isPromise } from '../core/model/json.ts'
import type { Gate } from '../core/model/ports.ts'
import { withoutSecrets } from '../core/redaction/without-secrets.ts'
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
    ...(typeof rule === 'object' && rule !== null ? { rule: ruleOf(rule) } : {}),
  }
  if (kind === 'compute') return { kind, arguments: verdict.arguments, ...more }
  const { reason, constraint, retry_after_ms: after } = verdict
  return {
    kind,
    reason,
    ...more,
    ...(typeof constraint === 'string' ? { constraint: withoutSecrets(constraint) } : {}),
    ...(Number.isFinite(after) ? { retry_after_ms: Number(after) } : {}),
  }
}

/** A gate may repeat what it was given. */
function ruleOf({ role, name, index }: RuleRef): RuleRef {
  return {
    role: withoutSecrets(String(role)),
    name: name === null ? null : withoutSecrets(String(name)),
    index: Number(index),
  }
}
