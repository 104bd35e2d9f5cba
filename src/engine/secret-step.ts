import { checkSecrets } from '../core/gates/secrets.ts'
import type { Call } from '../core/model/call.ts'
import { redactArguments } from '../core/redaction/redact-value.ts'
import { gateSettings } from './gate-settings.ts'
import type { GateRun, StepResult } from './gate-step.ts'

/**
 * What the policy takes out of requests is taken out first: a call is refused for what would still go
 * out.
 */
export function checkSecretStep(call: Call, run: GateRun): StepResult {
  const { redaction, secrets } = gateSettings(run.policy)
  const isRedacted = redaction?.on.has('request') === true && redaction.covers(call.resource)
  if (!isRedacted || redaction === undefined) return checkSecrets(secrets, call)
  const args = redactArguments(call.arguments, redaction, run.redaction)
  if (args === call.arguments) return checkSecrets(secrets, call)
  const verdict = checkSecrets(secrets, { ...call, arguments: args })
  if (verdict.kind !== 'pass') return verdict
  return { kind: 'compute', arguments: args, detail: 'what the policy redacts was taken out' }
}
